using Microsoft.AspNetCore.Http.HttpResults;
using Pontual.Engine.Jobs;
using Pontual.Server.Packs;

namespace Pontual.Server.Api;

/// <summary>Bodies, headers and parameters that are wrong.</summary>
internal static partial class Problems
{
    public static ProblemHttpResult InvalidDocument(IReadOnlyCollection<DocumentProblem> problems) =>
        InvalidDocument(problems.Count, problems.Take(MostErrors).Select(ErrorView.Of));

    public static ProblemHttpResult InvalidDefinitions(IReadOnlyCollection<PackProblem> problems) =>
        InvalidDocument(problems.Count, problems.Take(MostErrors).Select(ErrorView.Of));

    private static ProblemHttpResult InvalidDocument(int count, IEnumerable<ErrorView> errors) =>
        Of(
            400,
            "invalid-document",
            "The document has mistakes",
            count == 1 ? "One thing is wrong; nothing was changed." : $"{count} things are wrong; nothing was changed.",
            new() { ["errors"] = errors.ToArray() }
        );

    public static ProblemHttpResult MalformedJson(string why, long? line, long? position) =>
        Of(400, "malformed-json", "The body is not JSON", why, new() { ["line"] = line, ["position"] = position });

    public static ProblemHttpResult InvalidParameter(string parameter, string value, string allowed) =>
        Of(
            400,
            "invalid-parameter",
            "A query parameter is wrong",
            $"{DocumentText.Quote(value)} is no value of '{parameter}': {allowed}.",
            new() { ["parameter"] = parameter, ["allowed"] = allowed }
        );

    public static ProblemHttpResult UnknownParameter(string parameter, IEnumerable<string> known) =>
        Of(
            400,
            "unknown-parameter",
            "A query parameter is not known",
            known.Any()
                ? $"{DocumentText.Quote(parameter)} is not known here. Known are: {string.Join(", ", known)}."
                : $"{DocumentText.Quote(parameter)} is not known here; this route takes no query parameters.",
            new() { ["parameter"] = parameter }
        );

    public static ProblemHttpResult InvalidName(string name) =>
        Of(400, "invalid-name", "That is not a job name", $"{DocumentText.Quote(name)} is not a job name: {JobName.Rule}.");

    public static ProblemHttpResult InvalidRunId(string id) =>
        Of(
            400,
            "invalid-run-id",
            "That is not a run id",
            $"{DocumentText.Quote(id)} is not a run id: ids are UUIDs, as the list of runs shows."
        );

    public static ProblemHttpResult InvalidHeader(string header, string rule) =>
        Of(400, "invalid-header", "A header is wrong", $"{header}: {rule}.", new() { ["header"] = header });

    public static ProblemHttpResult IdempotencyKeyReused() =>
        Of(
            422,
            "idempotency-key-reused",
            "The key was used for another request",
            "This Idempotency-Key came with another method, path or body within 24 hours. Use a new key for a new request."
        );

    public static ProblemHttpResult RequestInProgress() =>
        Of(
            409,
            "request-in-progress",
            "The first request with this key is not done",
            "A request with this Idempotency-Key is being carried out. Ask again in a moment."
        );

    public static ProblemHttpResult AnswerNotKept(string? location) =>
        Of(
            409,
            "answer-not-kept",
            "It was done, and its answer showed a secret",
            "The request with this Idempotency-Key was carried out; the secret in its answer is shown once and not kept. Revoke what it made and ask with a new key.",
            location is null ? null : new() { ["location"] = location }
        );

    public static ProblemHttpResult BadRequest(string why) => Of(400, "bad-request", "The request cannot be read", why);

    public static ProblemHttpResult UnsupportedMediaType(string allowed) =>
        Of(415, "unsupported-media-type", "The body has the wrong type", $"Send the body with Content-Type {allowed}.");

    public static ProblemHttpResult TooLarge(long? limit) =>
        Of(
            413,
            "too-large",
            "The body is too large",
            limit is null ? "The body is over this route's limit." : $"Send at most {limit} bytes.",
            new() { ["limit_bytes"] = limit }
        );

    public static ProblemHttpResult TooSlow() =>
        Of(408, "too-slow", "The request came too slowly", "The body did not arrive in time. Send it again.");
}
