namespace Pontual.Server.Tests.Api;

/// <summary>What is wrong outside bodies: names, ids, parameters, verbs, previews.</summary>
internal static partial class BadInput
{
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
        yield return Query("a page of limits after NUL", "/api/v1/limits?cursor=key:%00", "next_cursor");
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
        yield return Wrong(
            "a preview without the holidays of a city of no state",
            Path,
            """{"schedule":{"every":"1h","except":{"holidays":{"country":"br","state":"XX","city":"Recife"}}}}""",
            "is not a state of Brazil"
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
}
