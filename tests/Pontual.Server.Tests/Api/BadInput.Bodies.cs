using System.Text;

namespace Pontual.Server.Tests.Api;

/// <summary>What is wrong in bodies: job documents, broken JSON, sizes and types.</summary>
internal static partial class BadInput
{
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
        yield return Job(
            "SQL without a connection, on SQLite",
            """{"name":"a","target":{"sql":{"statement":"SELECT 1"}}}""",
            "/target/sql/connection"
        );
        yield return Job(
            "a password in a job",
            """{"name":"a","target":{"sql":{"connection":"Host=db;Password=hush","statement":"SELECT 1"}}}""",
            "/target/sql/connection"
        );
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
}
