using System.Net;
using System.Text.RegularExpressions;

namespace Pontual.Server.Tests.Fuzz;

/// <summary>Says what is wrong with an answer.</summary>
internal sealed partial class FuzzJudge(IReadOnlyList<string> canaries)
{
    /// <returns>What is wrong, in a sentence; null for nothing.</returns>
    public string? Fault(FuzzRequest request, HttpStatusCode status, string? type, string body)
    {
        if ((int)status >= 500 && !IsHealth(request, body))
        {
            return $"was answered with {(int)status}: {Start(body)}";
        }

        if (canaries.FirstOrDefault(canary => body.Contains(canary, StringComparison.Ordinal)) is not null)
        {
            return $"was answered with a secret: {Start(body)}";
        }

        // What was sent comes back in quotes: only what was not sent is a leak.
        var sent = $"{request} {Uri.UnescapeDataString(request.Target)}";
        var leak = Internals().Matches(body).FirstOrDefault(match => !sent.Contains(match.Value, StringComparison.Ordinal));
        if (leak is not null)
        {
            return $"was answered with internals ({leak.Value}): {Start(body)}";
        }

        // What the web server itself refuses has no body.
        return
            (int)status >= 400
            && body.Length > 0
            && type != "application/problem+json"
            && !IsHealth(request, body)
            && !IsForeign(request, body)
            ? $"was refused with {(int)status} and no problem but {type}: {Start(body)}"
            : null;
    }

    /// <summary>A system whose jobs are in trouble says so with 503.</summary>
    private static bool IsHealth(FuzzRequest request, string body) =>
        request.Operation is "Health" or "HealthJobs" && body.Contains("\"status\":\"critical\"", StringComparison.Ordinal);

    /// <summary>Routes that speak as another system's document does refuse in its words.</summary>
    private static bool IsForeign(FuzzRequest request, string body) =>
        request.Target.StartsWith("/api/admin/", StringComparison.Ordinal)
        && body.StartsWith("{\"success\":false,", StringComparison.Ordinal);

    private static string Start(string body) => body[..Math.Min(body.Length, 600)];

    [GeneratedRegex(
        @"\n\s+at \w|Exception\b|System\.[A-Z]\w+|Microsoft\.[A-Z]|Npgsql|Sqlite(?!3)\w*\.|SQLITE_|Pontual\.(Engine|Server|Storage|Runners|Scheduling)\b|\.cs:line|INSERT INTO |UPDATE \w+ SET|SELECT \w+, |FROM job\b|\b[0-9A-Z]{5}: (syntax|invalid|duplicate)"
    )]
    private static partial Regex Internals();
}
