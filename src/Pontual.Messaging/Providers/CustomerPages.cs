using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Pontual.Engine.Executing;
using Pontual.Messaging.Contacts;
using Pontual.Runners.Http;

namespace Pontual.Messaging.Providers;

/// <summary>A provider could not be read. The message names no secret.</summary>
internal sealed class ProviderException(string message) : Exception(message);

/// <summary>Pages through a provider's customers. What passes is asked for again; what does not ends the reading.</summary>
internal sealed class CustomerPages(GuardedHttp http, ISecrets secrets, TimeProvider time)
{
    private const int MostPages = 100_000;
    private const int MostTries = 4;
    private const int LargestPage = 64 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>The pages, until one brings nobody, or nobody new: some providers answer every number beyond the last with the last.</summary>
    /// <exception cref="ProviderException">It does not answer as it should; the pages before were given out.</exception>
    public async IAsyncEnumerable<IReadOnlyList<Contact>> ReadAsync(
        Provider provider,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var page = provider.FirstPage; page < provider.FirstPage + MostPages; page++)
        {
            using var json = await PageAsync(provider, page, cancellation);
            var contacts = CustomerReader.Read(json.RootElement, provider, page);
            var before = seen.Count;
            seen.UnionWith(contacts.Select(contact => contact.ExternalId));
            if (seen.Count == before)
            {
                yield break;
            }

            yield return contacts;
        }
    }

    private async Task<JsonDocument> PageAsync(Provider provider, int page, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var (json, problem, wait) = await TryAsync(provider, page, cancellation);
            if (json is not null)
            {
                return json;
            }

            if (wait is null || tries == MostTries)
            {
                throw new ProviderException($"page {page}: {problem}");
            }

            var pause = FirstWait * Math.Pow(2, tries - 1) is var doubled && wait > doubled ? wait.Value : doubled;
            await Task.Delay(pause < LongestWait ? pause : LongestWait, time, cancellation);
        }
    }

    /// <returns>The page; or what is wrong, and the least time to wait before it is worth another try, null for never.</returns>
    private async Task<(JsonDocument? Json, string Problem, TimeSpan? Wait)> TryAsync(
        Provider provider,
        int page,
        CancellationToken cancellation
    )
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var request = Request(provider, page);
            using var answer = await http.SendAsync(request, either.Token);
            if (!answer.IsSuccessStatusCode)
            {
                var passes =
                    (int)answer.StatusCode >= 500 || answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;
                return (null, $"it answered {(int)answer.StatusCode}", passes ? Asked(answer.Headers.RetryAfter) : null);
            }

            if (answer.Content.Headers.ContentLength > LargestPage)
            {
                return (null, $"the answer is larger than {LargestPage >> 20} MB: ask for smaller pages", null);
            }

            await answer.Content.LoadIntoBufferAsync(LargestPage, either.Token);
            return (JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(either.Token)), "", null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"it did not answer within {Patience.TotalSeconds:0} s", TimeSpan.Zero);
        }
        catch (JsonException)
        {
            return (null, "its answer is not JSON", null);
        }
        catch (HttpRequestException failure)
        {
            return (null, $"it cannot be reached ({failure.HttpRequestError})", TimeSpan.Zero);
        }
    }

    private HttpRequestMessage Request(Provider provider, int page)
    {
        try
        {
            var url = secrets
                .Resolve(provider.Url)
                .Replace("{{page}}", page.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{{size}}", provider.PageSize.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                throw new ProviderException("its url is no http address");
            }

            var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            foreach (var (name, value) in provider.Headers)
            {
                if (!request.Headers.TryAddWithoutValidation(name, secrets.Resolve(value)))
                {
                    throw new ProviderException($"the header '{name}' cannot be sent");
                }
            }

            return request;
        }
        catch (SecretMissingException missing)
        {
            throw new ProviderException(missing.Message);
        }
    }

    private TimeSpan Asked(RetryConditionHeaderValue? after) =>
        after?.Delta ?? (after?.Date - time.GetUtcNow() is { } until && until > TimeSpan.Zero ? until : TimeSpan.Zero);
}
