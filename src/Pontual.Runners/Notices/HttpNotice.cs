using System.Net;
using System.Text;
using Pontual.Engine.Alerts;
using Pontual.Engine.Executing;
using Pontual.Runners.Http;

namespace Pontual.Runners.Notices;

/// <summary>Sends a notice over HTTP and judges the answer: 2xx is taken, all else is not.</summary>
internal sealed class HttpNotice(GuardedHttp http, TimeProvider time)
{
    private const int LongestQuote = 200;

    /// <summary>Sends it.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="notice">What is told; its id goes with every delivery.</param>
    /// <param name="body">The body.</param>
    /// <param name="type">Its media type.</param>
    /// <param name="secrets">What must not show in an error.</param>
    /// <param name="headers">More headers.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="NoticeRefusedException">It was not taken.</exception>
    public async Task PostAsync(
        Uri address,
        Notice notice,
        byte[] body,
        string type,
        ResolvedSecrets secrets,
        IEnumerable<KeyValuePair<string, string>> headers,
        CancellationToken cancellation
    )
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            request.Headers.TryAddWithoutValidation("Idempotency-Key", notice.Id.ToString());
            request.Headers.TryAddWithoutValidation("User-Agent", "Pontual");
            foreach (var header in headers)
            {
                request.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }

            using var answer = await http.SendAsync(request, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw await RefusedAsync(answer, secrets, cancellation);
            }
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or TargetException)
        {
            throw new NoticeRefusedException(secrets.Mask((problem.InnerException ?? problem).Message));
        }
    }

    private async Task<NoticeRefusedException> RefusedAsync(
        HttpResponseMessage answer,
        ResolvedSecrets secrets,
        CancellationToken cancellation
    )
    {
        var said = await QuoteAsync(answer, cancellation);
        var wait = answer.Headers.TryGetValues("Retry-After", out var values)
            ? RetryAfter.Read(values.FirstOrDefault(), time.GetUtcNow())
            : null;
        return new NoticeRefusedException(secrets.Mask($"it answered {(int)answer.StatusCode}{(said.Length == 0 ? "" : $": {said}")}"))
        {
            RetryAfter = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable ? wait : null,
        };
    }

    private static async Task<string> QuoteAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        var bytes = new byte[LongestQuote];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return string.Concat(Encoding.UTF8.GetString(bytes, 0, length).Where(letter => !char.IsControl(letter))).Trim();
    }
}
