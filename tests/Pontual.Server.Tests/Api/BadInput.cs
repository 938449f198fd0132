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
internal static class BadInput
{
    private const string Json = "application/json";

    /// <summary>Stands for a target that is right.</summary>
    private const string Target = "TARGET";
    private const string Handler = """ "target":{"handler":{"name":"echo"}} """;

    public static IEnumerable<BadRequest> All =>
        [.. Documents(), .. BrokenJson(), .. Bodies(), .. Names(), .. Ids(), .. Parameters(), .. Verbs(), .. Previews(), .. Others()];

    /// <summary>Job documents that are JSON, and wrong.</summary>
    private static IEnumerable<BadRequest> Documents()
    {
        yield return Job("no name", """{ TARGET }""", "name");
        yield return Job("no target", """{"name":"a"}""", "target");
        yield return Job("an unknown key", """{"name":"a",TARGET,"shedule":{"every":"1m"}}""", "/shedule");
        yield return Job("a name in capitals", """{"name":"Bad",TARGET }""", "/name");
        yield return Job("a name with SQL", """{"name":"a'; DROP TABLE job; --",TARGET }""", "/name");
        yield return Job("a name with HTML", """{"name":"<script>alert(1)</script>",TARGET }""", "/name");
        yield return Job("a name with a path", """{"name":"../../etc/passwd",TARGET }""", "/name");
        yield return Job("a name of 129 letters", $$$"""{"name":"{{{new string('a', 129)}}}",TARGET }""", "/name");
        yield return Job("a name that is a number", """{"name":1,TARGET }""", "/name");
        yield return Job("a name with a line break", """{"name":"a\nb",TARGET }""", "/name");
        yield return Job(
            "two targets",
            """{"name":"a","target":{"handler":{"name":"echo"},"http":{"url":"http://localhost"}}}""",
            "/target"
        );
        yield return Job("an unknown kind of target", """{"name":"a","target":{"carrier-pigeon":{}}}""", "/target/carrier-pigeon");
        yield return Job("a handler without a name", """{"name":"a","target":{"handler":{}}}""", "/target/handler");
        yield return Job("a target that is a list", """{"name":"a","target":[]}""", "/target");
        yield return Job("a URL that is none", """{"name":"a","target":{"http":{"url":"not a url"}}}""", "/target/http/url");
        yield return Job("a file URL", """{"name":"a","target":{"http":{"url":"file:///etc/passwd"}}}""", "/target/http/url");
        yield return Job(
            "headers that smuggle",
            """{"name":"a","target":{"http":{"url":"http://localhost/","headers":{"X-A":"b\r\nX-C: d"}}}}""",
            "/target/http/headers"
        );
        yield return Job("a broken cron", """{"name":"a",TARGET,"schedule":{"cron":"61 * * * *"}}""", "/schedule/cron");
        yield return Job("cron with SQL", """{"name":"a",TARGET,"schedule":{"cron":"* * * * *; DROP TABLE run"}}""", "/schedule/cron");
        yield return Job(
            "an unknown zone",
            """{"name":"a",TARGET,"schedule":{"cron":"* * * * *","zone":"Mars/Olympus"}}""",
            "/schedule/zone"
        );
        yield return Job(
            "a zone that is a path",
            """{"name":"a",TARGET,"schedule":{"cron":"* * * * *","zone":"../../etc/passwd"}}""",
            "/schedule/zone"
        );
        yield return Job("a negative period", """{"name":"a",TARGET,"schedule":{"every":"-5s"}}""", "/schedule/every");
        yield return Job("a period of 0", """{"name":"a",TARGET,"schedule":{"every":"0s"}}""", "/schedule/every");
        yield return Job("a date that is none", """{"name":"a",TARGET,"schedule":{"at":"2026-02-30T09:00"}}""", "/schedule/at");
        yield return Job("a negative timeout", """{"name":"a",TARGET,"timeout":"-1s"}""", "/timeout");
        yield return Job("a timeout without a unit", """{"name":"a",TARGET,"timeout":300}""", "/timeout");
        yield return Job("a timeout of a century", """{"name":"a",TARGET,"timeout":"36500d"}""", "/timeout");
        yield return Job("an unknown overlap", """{"name":"a",TARGET,"overlap":"maybe"}""", "/overlap");
        yield return Job(
            "attempts beyond any number",
            """{"name":"a",TARGET,"retry":{"attempts":99999999999999999999}}""",
            "/retry/attempts"
        );
        yield return Job("attempts of 0", """{"name":"a",TARGET,"retry":{"attempts":0}}""", "/retry/attempts");
        yield return Job("a priority that is a fraction", """{"name":"a",TARGET,"priority":1.5}""", "/priority");
        yield return Job("a number beyond a double", """{"name":"a",TARGET,"priority":1e999}""", "/priority");
        yield return Job("critical in quotes", """{"name":"a",TARGET,"critical":"yes"}""", "/critical");
        yield return Job("a log file outside", """{"name":"a",TARGET,"log":"../../../etc/cron.d/x"}""", "/log");
        yield return Job(
            "a description of 70,000 letters",
            $$$"""{"name":"a",TARGET,"description":"{{{new string('d', 70_000)}}}"}""",
            "/description"
        );
        yield return Job("a NUL in a text", """{"name":"a",TARGET,"description":"a\u0000b"}""", "/description");
        yield return Job("half a character", """{"name":"a",TARGET,"description":"\ud83d"}""", "/description");
        yield return Job("half a character in a key", """{"name":"a",TARGET,"\ud83d":1}""", "surrogate");
        yield return Job("a key twice", """{"name":"a","name":"b",TARGET }""", "/name");
        yield return Job("a key twice, once escaped", """{"name":"a","n\u0061me":"b",TARGET }""", "/name");
        yield return Job("40 levels", $$$"""{"name":"a","target":{"handler":{"name":"echo","args":{{{Nested(40)}}} } } }""", "depth");
        yield return Job("an array", "[]", "not an object");
        yield return Job("null", "null", "not an object");
        yield return Job("a text", "\"job\"", "not an object");
    }

    private static IEnumerable<BadRequest> BrokenJson()
    {
        yield return Broken("cut off", """{"name":"a","targ""");
        yield return Broken("10,000 levels", Nested(10_000));
        yield return Broken("a comment", """{"name":"a" /* no */ }""");
        yield return Broken("a comma too many", """{"name":"a",}""");
        yield return Broken("single quotes", "{'name':'a'}");
        yield return Broken("NaN", """{"name":NaN}""");
        yield return Broken("nothing but spaces", "   ");
        yield return Broken("two documents", "{}{}");
        yield return Broken("HTML", "<html><body>hello</body></html>");
        yield return Broken("XML entities", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>");
        yield return new("no body", "POST", "/api/v1/jobs", [], Json, 400, "malformed-json", "empty");
        yield return new("raw NUL bytes", "POST", "/api/v1/jobs", new byte[100], Json, 400, "malformed-json", "byte 1");
        yield return new(
            "invalid UTF-8",
            "POST",
            "/api/v1/jobs",
            [(byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)':', (byte)'1', (byte)'}'],
            Json,
            400,
            "",
            ""
        );
        yield return new("UTF-16", "POST", "/api/v1/jobs", Encoding.Unicode.GetBytes("{}"), Json, 400, "malformed-json", "byte");
    }

    private static IEnumerable<BadRequest> Bodies()
    {
        var body = Encoding.UTF8.GetBytes("""{"name":"a"}""");
        yield return new("a form", "POST", "/api/v1/jobs", body, "application/x-www-form-urlencoded", 415, "unsupported-media-type", Json);
        yield return new("plain text", "PUT", "/api/v1/jobs/a", body, "text/plain", 415, "unsupported-media-type", Json);
        yield return new("no content type", "POST", "/api/v1/jobs", body, null, 415, "unsupported-media-type", Json);
        yield return new("XML", "POST", "/api/v1/tokens", body, "application/xml", 415, "unsupported-media-type", Json);
        yield return new("2 MiB", "POST", "/api/v1/jobs", new byte[2 << 20], Json, 413, "too-large", "1048576");
        yield return new(
            "run with a list",
            "POST",
            "/api/v1/jobs/known/run",
            "[1]"u8.ToArray(),
            Json,
            400,
            "invalid-document",
            "not an object"
        );
        yield return Wrong("run with an unknown key", "/api/v1/jobs/known/run", """{"params":{}}""", "/params");
        yield return Wrong("parameters that are a text", "/api/v1/jobs/known/run", """{"parameters":"; rm -rf /"}""", "/parameters");
        yield return Wrong("a pause until yesterday", "/api/v1/jobs/known/pause", """{"until":"2001-01-01T00:00:00Z"}""", "/until");
        yield return Wrong("a pause until never", "/api/v1/jobs/known/pause", """{"until":"never"}""", "/until");
        yield return Wrong("a pause without an offset", "/api/v1/jobs/known/pause", """{"until":"2099-01-01T00:00:00"}""", "/until");
        yield return Wrong(
            "a reason of 10,000 letters",
            "/api/v1/jobs/known/pause",
            $$$"""{"reason":"{{{new string('r', 10_000)}}}"}""",
            "/reason"
        );
        yield return Wrong("a token without a name", "/api/v1/tokens", """{"scope":"read"}""", "name");
        yield return Wrong("a token of an unknown scope", "/api/v1/tokens", """{"name":"a","scope":"root"}""", "/scope");
        yield return Wrong(
            "a token that has expired",
            "/api/v1/tokens",
            """{"name":"a","scope":"read","expires_at":"2001-01-01T00:00:00Z"}""",
            "/expires_at"
        );
        yield return Wrong("a token's name with a line break", "/api/v1/tokens", """{"name":"a\r\nb","scope":"read"}""", "/name");
    }

    private static IEnumerable<BadRequest> Names()
    {
        yield return Get("a job that is not there", "/api/v1/jobs/nobody", 404, "job-not-found", "nobody");
        yield return Get("a name with a space", "/api/v1/jobs/a%20b", 400, "invalid-name", "a b");
        yield return Get("an encoded slash", "/api/v1/jobs/a%2Fb", 400, "invalid-name", "a-z");
        yield return Get("an encoded backslash", "/api/v1/jobs/a%5Cb", 400, "invalid-name", "a-z");
        yield return Get("a name with a quote", "/api/v1/jobs/'%20OR%201=1--", 400, "invalid-name", "a-z");
        yield return Get("a name with HTML", "/api/v1/jobs/%3Cimg%20src=x%3E", 400, "invalid-name", "a-z");
        yield return Get("a name of 200 letters", $"/api/v1/jobs/{new string('a', 200)}", 400, "invalid-name", "128");
        yield return Get("a name in Cyrillic", "/api/v1/jobs/%D0%B0", 400, "invalid-name", "a-z");
        yield return Get("dots that climb", "/api/v1/jobs/../../../etc/passwd", 404, "route-not-found", "/etc/passwd");
        yield return Get("encoded dots that climb", "/api/v1/jobs/%2e%2e/%2e%2e/secret", 404, "route-not-found", "No route");
        yield return new(
            "a body that names another job",
            "PUT",
            "/api/v1/jobs/a",
            Bytes("""{"name":"b",TARGET }"""),
            Json,
            400,
            "invalid-document",
            "/name"
        );
        yield return new("an invalid name in the path of a PUT", "PUT", "/api/v1/jobs/A%20B", Bytes("{}"), Json, 400, "", "");
        yield return new(
            "run of a job that is not there",
            "POST",
            "/api/v1/jobs/nobody/run",
            Bytes("{}"),
            Json,
            404,
            "job-not-found",
            "nobody"
        );
        yield return new(
            "pause of a job that is not there",
            "POST",
            "/api/v1/jobs/nobody/pause",
            null,
            null,
            404,
            "job-not-found",
            "nobody"
        );
        yield return new(
            "resume of a job that is not there",
            "POST",
            "/api/v1/jobs/nobody/resume",
            null,
            null,
            404,
            "job-not-found",
            "nobody"
        );
        yield return new(
            "reset of a job that is not there",
            "POST",
            "/api/v1/jobs/nobody/reset",
            null,
            null,
            404,
            "job-not-found",
            "nobody"
        );
        yield return new("removal of a job that is not there", "DELETE", "/api/v1/jobs/nobody", null, null, 404, "job-not-found", "nobody");
        yield return new(
            "revocation of a token that is not there",
            "DELETE",
            "/api/v1/tokens/nobody",
            null,
            null,
            404,
            "token-not-found",
            "nobody"
        );
    }

    private static IEnumerable<BadRequest> Ids()
    {
        const string Unknown = "01900000-0000-7000-8000-000000000000";
        yield return Get("a run that is not there", $"/api/v1/runs/{Unknown}", 404, "run-not-found", Unknown);
        yield return Get("output of a run that is not there", $"/api/v1/runs/{Unknown}/output", 404, "run-not-found", Unknown);
        yield return Get("a run id that is none", "/api/v1/runs/12345", 400, "invalid-run-id", "12345");
        yield return Get("a run id in braces", $"/api/v1/runs/%7B{Unknown}%7D", 400, "invalid-run-id", "UUID");
        yield return Get("a run id without dashes", "/api/v1/runs/01900000000070008000000000000000", 400, "invalid-run-id", "UUID");
        yield return new(
            "cancel of a run that is not there",
            "POST",
            $"/api/v1/runs/{Unknown}/cancel",
            null,
            null,
            404,
            "run-not-found",
            Unknown
        );
        yield return new(
            "retry of a run that is not there",
            "POST",
            $"/api/v1/runs/{Unknown}/retry",
            null,
            null,
            404,
            "run-not-found",
            Unknown
        );
        yield return new(
            "completion without its token",
            "POST",
            $"/api/v1/runs/{Unknown}/complete",
            Bytes("{}"),
            Json,
            401,
            "callback-token-refused",
            "X-Pontual-Callback-Token"
        );
    }

    private static IEnumerable<BadRequest> Parameters()
    {
        yield return Query("a limit of 0", "/api/v1/runs?limit=0", "limit");
        yield return Query("a limit of 501", "/api/v1/runs?limit=501", "limit");
        yield return Query("a limit without bound", "/api/v1/runs?limit=99999999999999999999999", "limit");
        yield return Query("a negative limit", "/api/v1/jobs?limit=-1", "limit");
        yield return Query("a limit in words", "/api/v1/jobs?limit=all", "limit");
        yield return Query("a limit with a sign", "/api/v1/jobs?limit=%2B5", "limit");
        yield return Query("an empty limit", "/api/v1/runs?limit=", "limit");
        yield return Query("two limits", "/api/v1/runs?limit=1&limit=2", "limit");
        yield return Query("a cursor that is none", "/api/v1/runs?cursor=abc", "cursor");
        yield return Query("a job cursor that is none", "/api/v1/jobs?cursor=A%20B", "cursor");
        yield return Query("an unknown state", "/api/v1/runs?state=exploded", "state");
        yield return Query("a state in capitals", "/api/v1/runs?state=FAILED", "state");
        yield return Query("a job with SQL", "/api/v1/runs?job='%20UNION%20SELECT%20*%20FROM%20api_token--", "job");
        yield return Query("a from without an offset", "/api/v1/runs?from=2026-01-01T00:00:00", "from");
        yield return Query("an overlap that is none", "/api/v1/jobs/known/run?overlap=yes", "overlap", "POST");
        yield return Query("an after below 0", "/api/v1/runs/01900000-0000-7000-8000-000000000000/output?after=-1", "after");
        yield return Query("a follow that is none", "/api/v1/runs/01900000-0000-7000-8000-000000000000/output?follow=yes", "follow");
        yield return Get("an unknown parameter", "/api/v1/runs?stat=failed", 400, "unknown-parameter", "stat");
        yield return Get("a parameter where none is taken", "/api/v1/nodes?all=1", 400, "unknown-parameter", "all");
    }

    private static IEnumerable<BadRequest> Verbs()
    {
        yield return new("a PATCH", "PATCH", "/api/v1/jobs/known", Bytes("{}"), Json, 405, "method-not-allowed", "PUT");
        yield return new("a DELETE of all jobs", "DELETE", "/api/v1/jobs", null, null, 405, "method-not-allowed", "GET");
        yield return new("a TRACE", "TRACE", "/api/v1/jobs", null, null, 405, "method-not-allowed", "GET");
        yield return new("a GET of an action", "GET", "/api/v1/jobs/known/run", null, null, 405, "method-not-allowed", "POST");
        yield return new("a verb nobody knows", "BREW", "/api/v1/jobs", null, null, 405, "method-not-allowed", "GET");
        yield return new(
            "a PUT of a run",
            "PUT",
            "/api/v1/runs/01900000-0000-7000-8000-000000000000",
            Bytes("{}"),
            Json,
            405,
            "method-not-allowed",
            "GET"
        );
        yield return Get("a route that is not there", "/api/v1/nothing", 404, "route-not-found", "/docs");
        yield return Get("another version", "/api/v2/jobs", 404, "route-not-found", "/docs");
        yield return Get("a file of a web server", "/.env", 404, "route-not-found", "/docs");
        yield return Get("a PHP shell", "/wp-admin/setup-config.php", 404, "route-not-found", "/docs");
    }

    private static IEnumerable<BadRequest> Previews()
    {
        const string Path = "/api/v1/schedules/preview";
        yield return Wrong("a preview of nothing", Path, "{}", "schedule");
        yield return Wrong(
            "a preview of a broken cron",
            Path,
            """{"schedule":{"cron":"0 25 * * *"},"from":"2026-01-01T00:00:00Z"}""",
            "\"column\":3"
        );
        yield return Wrong("a preview of a billion", Path, """{"schedule":{"every":"1s"},"count":1000000000}""", "/count");
        yield return Wrong("a preview of none", Path, """{"schedule":{"every":"1s"},"count":0}""", "/count");
        yield return Wrong("a preview from nowhere", Path, """{"schedule":{"every":"1s"},"from":"tomorrow"}""", "/from");
        yield return Wrong("a preview from a number", Path, """{"schedule":{"every":"1s"},"from":1767225600}""", "/from");
        yield return Wrong("a preview of a text", Path, """{"schedule":"* * * * *"}""", "/schedule");
    }

    private static IEnumerable<BadRequest> Others()
    {
        yield return new(
            "definitions that are no YAML",
            "POST",
            "/api/v1/apply",
            Bytes("jobs: [unclosed"),
            "application/yaml",
            400,
            "invalid-document",
            "line"
        );
        yield return new(
            "definitions with a wrong job",
            "POST",
            "/api/v1/apply",
            Bytes("jobs:\n  - name: BAD\n"),
            "application/yaml",
            400,
            "invalid-document",
            "name"
        );
        yield return new(
            "definitions of which one is wrong",
            "POST",
            "/api/v1/apply",
            Bytes("jobs:\n  - name: good\n    target: { handler: { name: echo } }\n  - name: bad\n    target: { nothing: {} }\n"),
            "application/yaml",
            400,
            "invalid-document",
            "nothing"
        );
        yield return new(
            "definitions with a wrong dry_run",
            "POST",
            "/api/v1/apply?dry_run=maybe",
            Bytes("jobs: []"),
            "application/yaml",
            400,
            "invalid-parameter",
            "dry_run"
        );
        yield return new(
            "definitions as a picture",
            "POST",
            "/api/v1/apply",
            Bytes("jobs: []"),
            "image/png",
            415,
            "unsupported-media-type",
            "yaml"
        );
    }

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
