using System.Net;
using System.Text;
using System.Text.Json;
using Pontual.Engine.Circuits;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

namespace Pontual.Runners.Http;

/// <summary>Makes an outcome of an answer, and puts in the run's output what the outcome does not hold.</summary>
internal sealed class Judge(HttpTarget target, AttemptContext attempt, ResolvedSecrets secrets)
{
    /// <summary>Characters of an answer that an error message quotes; the output has it whole.</summary>
    private const int Quoted = 300;

    public async Task<Outcome> JudgeAsync(HttpResponseMessage answer, OutgoingRequest request, CancellationToken cancellation)
    {
        var (body, broken) = await AnswerBody.ReadAsync(answer.Content, target.Kept, cancellation);
        var status = (int)answer.StatusCode;
        var text = body.Bytes.Length == 0 ? "" : body.Text(answer.Content.Headers.ContentType?.CharSet);
        var json = Parse(text, body, out var shown);
        if (broken is not null || body.IsTooLarge)
        {
            Print(shown, body);
            return broken is not null
                ? Broken(broken, request, status, body.Length)
                : new Outcome.Failure(
                    FailureKinds.Error,
                    $"The answer is larger than {AnswerBody.MostRead / 1024 / 1024} MiB; the rest was not read",
                    status
                );
        }

        if (!target.Success.AllowsStatus(status))
        {
            Print(shown, body);
            return new Outcome.Failure(KindOf(status), Message(answer, shown), status, WaitOf(answer), json is null ? null : shown);
        }

        if (json is null)
        {
            Print(shown, body);
        }

        if (answer.StatusCode is HttpStatusCode.Accepted && request.OffersCallback)
        {
            return new Outcome.Deferred();
        }

        return Breach(json) is { } breach ? Unsuccessful(status, breach, json, shown, body) : Success(answer, status, json, shown);
    }

    /// <summary>The exchange broke off.</summary>
    public Outcome Broken(Exception failure, OutgoingRequest request, int? status = null, long read = 0)
    {
        var cause = NetworkCause.Of(failure, request.Url, target.ConnectTimeout);
        var message = cause ?? $"{failure.GetType().Name}: {failure.Message}";
        var place = status is null ? "" : $" (after HTTP {status} and {read} bytes of the body)";
        return new Outcome.Failure(cause is null ? FailureKinds.Error : FailureKinds.Network, secrets.Mask($"{message}{place}"), status);
    }

    /// <summary>What an attempt's outcome says of the host: refusals say that it is there.</summary>
    public static CallEnd EndOf(Outcome outcome) =>
        outcome switch
        {
            Outcome.Failure { Kind: FailureKinds.Network } broken => CallEnd.Failed(broken.Message),
            Outcome.Failure { Kind: FailureKinds.ServerError, ResponseCode: not 501 and { } status } => CallEnd.Failed($"HTTP {status}"),
            Outcome.Failure { Kind: FailureKinds.TooManyRequests } tooMany => CallEnd.TooMany(tooMany.RetryAfter),
            _ => CallEnd.Answered,
        };

    public Outcome TooManyRedirects(OutgoingRequest request, int status) =>
        new Outcome.Failure(
            FailureKinds.ClientError,
            secrets.Mask($"More than {target.Redirects} redirects; the last one from {request.Shown}"),
            status
        );

    private Outcome Unsuccessful(int status, string breach, JsonElement? json, string shown, AnswerBody body)
    {
        if (json is not null)
        {
            Print(shown, body);
        }

        return new Outcome.Failure(
            FailureKinds.Error,
            $"HTTP {status}, but {secrets.Mask(breach)}",
            status,
            Result: json is null ? null : shown
        );
    }

    private static Outcome.Success Success(HttpResponseMessage answer, int status, JsonElement? json, string shown) =>
        new(status, json is null ? null : shown, ItemsIn(json) ?? ItemsIn(answer));

    private string? Breach(JsonElement? json) =>
        target.Success.Json is not { } rule ? null
        : json is { } body ? rule.Breach(body)
        : $"the answer is not JSON (or was cut), and its {rule.Path} must be {rule.Value}";

    /// <param name="text">The body.</param>
    /// <param name="body">Whether it is whole.</param>
    /// <param name="shown">The text with secrets covered: what may be kept.</param>
    /// <returns>The JSON in <paramref name="shown"/>; null when it is none.</returns>
    private JsonElement? Parse(string text, AnswerBody body, out string shown)
    {
        shown = secrets.Mask(text);
        if (body.IsCut || !MayBeJson(text))
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(shown);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Any JSON text, but for a bare word or number: those are told apart from plain text by nothing.</summary>
    private static bool MayBeJson(string text) => text.AsSpan().TrimStart() is ['{' or '[', ..];

    private void Print(string shown, AnswerBody body)
    {
        if (shown.Length > 0)
        {
            attempt.Output.Write(Encoding.UTF8.GetBytes(shown));
        }

        if (body.IsCut)
        {
            attempt.Output.WriteLine(
                $"\n[Cut: {body.Bytes.Length} of {(body.IsTooLarge ? "more than " : "")}{Math.Min(body.Length, AnswerBody.MostRead)} bytes were kept]"
            );
        }
    }

    private static FailureKinds KindOf(int status) =>
        status switch
        {
            429 => FailureKinds.TooManyRequests,
            >= 500 => FailureKinds.ServerError,
            _ => FailureKinds.ClientError,
        };

    private TimeSpan? WaitOf(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues("Retry-After", out var values)
            ? RetryAfter.Read(values.ToString(), attempt.Time.GetUtcNow())
            : null;

    private string Message(HttpResponseMessage answer, string shown)
    {
        var reason = string.IsNullOrWhiteSpace(answer.ReasonPhrase) ? "" : " " + secrets.Mask(answer.ReasonPhrase);
        var quote = OnOneLine(shown.Length > Quoted ? shown[..Quoted] + "…" : shown);
        return $"HTTP {(int)answer.StatusCode}{reason}{(quote.Length == 0 ? "" : ": ")}{quote}";
    }

    private static string OnOneLine(string text) =>
        string.Create(
                text.Length,
                text,
                (line, from) =>
                {
                    for (var i = 0; i < line.Length; i++)
                    {
                        line[i] = char.IsControl(from[i]) ? ' ' : from[i];
                    }
                }
            )
            .Trim();

    /// <summary>How many items a result says were processed; null when it does not.</summary>
    public static long? ItemsIn(JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.Object } body)
        {
            return null;
        }

        foreach (var name in (ReadOnlySpan<string>)["items_processed", "processed", "total_processados"])
        {
            if (
                body.TryGetProperty(name, out var value)
                && value.ValueKind is JsonValueKind.Number
                && value.TryGetInt64(out var items)
                && items >= 0
            )
            {
                return items;
            }
        }

        return null;
    }

    private static long? ItemsIn(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues("X-Items-Processed", out var values)
        && long.TryParse(values.ToString(), out var items)
        && items >= 0
            ? items
            : null;
}
