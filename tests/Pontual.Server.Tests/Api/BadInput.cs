using System.Text;

namespace Pontual.Server.Tests.Api;

/// <summary>One wrong, huge, malformed or hostile request.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Method">The verb.</param>
/// <param name="Path">Path and query, sent as they stand.</param>
/// <param name="Body">The body's bytes; null for none.</param>
/// <param name="Type">Its content type.</param>
/// <param name="Status">The status it must be answered with.</param>
/// <param name="Problem">The end of the problem's type.</param>
/// <param name="Says">What the answer must name: the field, the parameter or the fix.</param>
public sealed record BadRequest(
    string Name,
    string Method,
    string Path,
    byte[]? Body,
    string? Type,
    int Status,
    string Problem,
    string Says
)
{
    public override string ToString() => Name;
}

/// <summary>The table of bad requests.</summary>
internal static partial class BadInput
{
    private const string Json = "application/json";

    /// <summary>Stands for a target that is right.</summary>
    private const string Target = "TARGET";
    private const string Handler = """ "target":{"handler":{"name":"echo"}} """;

    public static IEnumerable<BadRequest> All =>
        [.. Documents(), .. BrokenJson(), .. Bodies(), .. Names(), .. Ids(), .. Parameters(), .. Verbs(), .. Previews(), .. Others()];

    private static BadRequest Job(string name, string body, string says) =>
        new($"a job with {name}", "POST", "/api/v1/jobs", Bytes(body), Json, 400, "invalid-document", says);

    private static BadRequest Broken(string name, string body) =>
        new($"JSON with {name}", "POST", "/api/v1/jobs", Bytes(body), Json, 400, "malformed-json", "\"line\":1");

    private static BadRequest Wrong(string name, string path, string body, string says) =>
        new(name, "POST", path, Bytes(body), Json, 400, "invalid-document", says);

    private static BadRequest Get(string name, string path, int status, string problem, string says) =>
        new(name, "GET", path, null, null, status, problem, says);

    private static BadRequest Query(string name, string path, string says, string method = "GET") =>
        new(name, method, path, null, null, 400, "invalid-parameter", says);

    private static string Nested(int levels) => string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.Replace(Target, Handler, StringComparison.Ordinal));
}
