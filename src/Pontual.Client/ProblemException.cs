using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pontual.Client;

/// <summary>The server refused a request or failed at it, with a problem (RFC 9457) that says why.</summary>
/// <remarks><c>docs/reference/problems.md</c> lists the types. Go by <see cref="Type"/>: the words are for people and may change.</remarks>
public sealed class ProblemException : Exception
{
    private ProblemException(Problem problem, HttpResponseMessage answer)
        : base(problem.Detail ?? problem.Title ?? $"The server answered {(int)answer.StatusCode}.")
    {
        Status = answer.StatusCode;
        Type = problem.Type ?? "about:blank";
        Title = problem.Title ?? answer.ReasonPhrase ?? "";
        Detail = problem.Detail;
        Errors = problem.Errors ?? [];
        More = problem.More ?? [];
        RetryAfter = answer.Headers.RetryAfter?.Delta;
    }

    /// <summary>The status of the answer.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>What went wrong, for programs: <c>urn:pontual:problem:job-not-found</c>; <c>about:blank</c> where another program answered.</summary>
    public string Type { get; }

    /// <summary>The same for people.</summary>
    public string Title { get; }

    /// <summary>What went wrong this time, and what to do; null when nothing is said.</summary>
    public string? Detail { get; }

    /// <summary>Every mistake of a document; empty for other problems.</summary>
    public IReadOnlyList<ProblemError> Errors { get; }

    /// <summary>What else this type of problem has: <c>run_id</c> of <c>run-already-active</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> More { get; }

    /// <summary>How long to wait before asking again; null when nothing is said.</summary>
    public TimeSpan? RetryAfter { get; }

    internal static async Task<ProblemException> OfAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        return new ProblemException(Read(body), answer);
    }

    private static Problem Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Problem>(body, Wire.Json) ?? new Problem();
        }
        catch (JsonException)
        {
            // A proxy's own page.
            return new Problem();
        }
    }
}

/// <summary>One mistake of a document: what is wrong, where, and what to do.</summary>
/// <param name="Path">JSON pointer.</param>
/// <param name="Field">The path in dots, as people say it.</param>
/// <param name="Rule">Which rule is broken, for programs.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Column">From 1, inside the value or the line; null when it is not known.</param>
/// <param name="Line">From 1, in a file of definitions; null elsewhere.</param>
public sealed record ProblemError(string Path, string Field, string Rule, string Message, string Fix, int? Column = null, int? Line = null);

/// <summary>A problem on the wire.</summary>
internal sealed record Problem
{
    public string? Type { get; init; }
    public string? Title { get; init; }
    public int? Status { get; init; }
    public string? Detail { get; init; }
    public IReadOnlyList<ProblemError>? Errors { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; init; }
}
