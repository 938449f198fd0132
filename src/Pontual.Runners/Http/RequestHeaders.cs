using System.Collections.Frozen;

namespace Pontual.Runners.Http;

/// <summary>Rules about the headers of requests.</summary>
internal static class RequestHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Signature = "X-Pontual-Signature";
    public const string CallbackUrl = "X-Pontual-Callback-Url";
    public const string CallbackToken = "X-Pontual-Callback-Token";
    public const string TraceParent = "traceparent";
    public const string UserAgent = "User-Agent";
    public const string Authorization = "Authorization";
    public const string ContentType = "Content-Type";

    private static readonly FrozenSet<string> OfConnection = FrozenSet.ToFrozenSet(
        ["Connection", "Content-Length", "Expect", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade"],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly FrozenSet<string> OfContent = FrozenSet.ToFrozenSet(
        [
            "Allow",
            "Content-Disposition",
            "Content-Encoding",
            "Content-Language",
            "Content-Location",
            "Content-MD5",
            "Content-Range",
            ContentType,
            "Expires",
            "Last-Modified",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly FrozenSet<string> Credentials = FrozenSet.ToFrozenSet(
        [Authorization, "Cookie", "Proxy-Authorization", Signature, CallbackUrl, CallbackToken],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether targets may not set it: it belongs to the connection, or to Pontual.</summary>
    public static bool IsReserved(string name) =>
        OfConnection.Contains(name) || name.StartsWith("X-Pontual-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it travels with the body (and HttpClient wants it there).</summary>
    public static bool BelongsToContent(string name) => OfContent.Contains(name);

    /// <summary>Whether it must not follow a redirect to another origin.</summary>
    public static bool IsCredential(string name) => Credentials.Contains(name);

    /// <returns>What keeps a value from being sent: null when nothing does.</returns>
    public static string? ValueProblem(string value) =>
        value.AsSpan().ContainsAny('\r', '\n') ? "contains a line break"
        : value.AsSpan().ContainsAnyExceptInRange(' ', '~') && !value.All(letter => letter is (>= ' ' and <= '~') or '\t')
            ? "contains a character outside printable ASCII"
        : null;
}
