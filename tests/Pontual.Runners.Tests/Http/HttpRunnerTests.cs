using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.TestKit.Running;
using Pontual.TestKit.Web;
using Shouldly;

namespace Pontual.Runners.Tests.Http;

public sealed class HttpRunnerTests : IAsyncDisposable
{
    private readonly HostileServer _server = new();
    private readonly HttpRig _rig = new();

    public async ValueTask DisposeAsync()
    {
        _rig.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_request_says_which_run_and_attempt_it_is()
    {
        _server.On("/job", HostileExchange.Text("204 No Content", ""));
        var attempt = _rig.Attempt($$"""{"url": "{{_server.Url("/job")}}"}""", number: 3);

        (await _rig.RunAsync(attempt)).ShouldBe(new Outcome.Success(204));

        var request = _server.Requests.ShouldHaveSingleItem();
        var id = attempt.Leased.Run.Id.ToString("D");
        request.Method.ShouldBe("POST");
        request["Content-Length"].ShouldBe("0");
        request["Idempotency-Key"].ShouldBe(id);
        request["X-Pontual-Run-Id"].ShouldBe(id);
        request["X-Pontual-Job"].ShouldBe("nightly");
        request["X-Pontual-Attempt"].ShouldBe("3");
        request["X-Pontual-Token"].ShouldBe("13");
        request["X-Pontual-Scheduled-For"].ShouldBe("2026-03-09T12:00:00Z");
        request["traceparent"].ShouldBe($"00-{attempt.Leased.Run.Id:N}-000000000000000d-01");
        request["User-Agent"].ShouldStartWith("Pontual/");
        request["X-Pontual-Callback-Url"].ShouldBeNull();
        request["Expect"].ShouldBeNull();
    }

    [Fact]
    public async Task A_target_is_told_the_name_inside_the_tenant_and_the_tenant_beside_it()
    {
        _server.On("/job", HostileExchange.Text("204 No Content", ""));
        var settings = $$"""{"url": "{{_server.Url("/job")}}"}""";

        await _rig.RunAsync(TestAttempt.Of("http", settings, tenant: TenantName.Parse("shop")));
        await _rig.RunAsync(TestAttempt.Of("http", settings));

        _server
            .Requests.Select(request => (request["X-Pontual-Job"], request["X-Pontual-Tenant"]))
            .ShouldBe([("nightly", "shop"), ("nightly", null)]);
    }

    [Fact]
    public async Task Nothing_is_sent_any_more_once_the_lease_is_over_not_even_to_where_an_answer_points()
    {
        _server.On("/job", HostileExchange.Redirect(_server.Url("/next"), "307 Temporary Redirect"));
        var settings = $$"""{"url": "{{_server.Url("/job")}}", "redirects": 3}""";

        var before = await _rig.RunAsync(TestAttempt.Of("http", settings, mayGoOn: () => false));
        var between = await _rig.RunAsync(TestAttempt.Of("http", settings, mayGoOn: () => _server.Requests.IsEmpty));

        before.ShouldBe(new Outcome.Interrupted());
        between.ShouldBe(new Outcome.Interrupted());
        _server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Nothing_is_sent_once_the_lease_ended_while_the_host_was_looked_up()
    {
        var holds = true;
        _rig.Options.Resolve = (_, _) =>
        {
            holds = false;
            return Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
        };
        var settings = $$"""{"url": "{{_server.Url("/job", "slow.example")}}"}""";

        var outcome = await _rig.RunAsync(TestAttempt.Of("http", settings, mayGoOn: () => holds));

        outcome.ShouldBe(new Outcome.Interrupted());
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Variables_and_secrets_go_where_they_are_written_each_encoded_for_its_place()
    {
        _rig.Environment["BASE"] = _server.Url("/in");
        _rig.Environment["KEY"] = "k-\"1";
        _server.On("/in", HostileExchange.Text("200 OK", ""));
        var attempt = _rig.Attempt(
            """
            {
              "url": "${env:BASE}?who={{parameters.who}}&at={{scheduled_for}}&n={{parameters.deep.n}}",
              "method": "put",
              "headers": { "X-Key": "${env:KEY}", "X-Run": "{{ run_id }}", "Idempotency-Key": "own-{{attempt}}" },
              "body": { "who": "{{parameters.who}}", "key": "${env:KEY}", "plain": "\\{{x}} $${env:KEY}", "list": ["{{job}}", 1, true, null] }
            }
            """,
            """{"who": "a&b \"ç\" ${env:KEY}", "deep": {"n": 5}}"""
        );

        await _rig.RunAsync(attempt);

        var request = _server.Requests.ShouldHaveSingleItem();
        request.Method.ShouldBe("PUT");
        request.Path.ShouldBe("/in?who=a%26b%20%22%C3%A7%22%20%24%7Benv%3AKEY%7D&at=2026-03-09T12%3A00%3A00Z&n=5");
        request["X-Key"].ShouldBe("k-\"1");
        request["X-Run"].ShouldBe(attempt.Leased.Run.Id.ToString("D"));
        request["Idempotency-Key"].ShouldBe("own-1");
        request["Content-Type"].ShouldBe("application/json");
        var body = JsonElement.Parse(request.Body);
        body.GetProperty("who").GetString().ShouldBe("a&b \"ç\" ${env:KEY}");
        body.GetProperty("key").GetString().ShouldBe("k-\"1");
        body.GetProperty("plain").GetString().ShouldBe("{{x}} ${env:KEY}");
        body.GetProperty("list").GetRawText().ShouldBe("[\"nightly\",1,true,null]");
    }

    [Theory]
    [InlineData("application/json", """{"v":"{{parameters.v}}"}""", """{"v":"a \u0022\u0026\u0022"}""")]
    [InlineData("application/x-www-form-urlencoded", "v={{parameters.v}}", "v=a%20%22%26%22")]
    [InlineData("text/plain", "v={{parameters.v}}", "v=a \"&\"")]
    public async Task A_variable_in_a_text_body_is_encoded_by_its_content_type(string type, string body, string expected)
    {
        _server.On("/", HostileExchange.Text("200 OK", ""));
        var settings = JsonSerializer.Serialize(
            new
            {
                url = _server.Url("/"),
                headers = new Dictionary<string, string> { ["Content-Type"] = type },
                body,
            }
        );

        await _rig.RunAsync(_rig.Attempt(settings, """{"v": "a \"&\""}"""));

        _server.Requests.ShouldHaveSingleItem().Body.ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"url": "http://127.0.0.1:1/{{parameters.x}}"}""", null, "{{parameters.x}}")]
    [InlineData("""{"url": "http://127.0.0.1:1/{{parameters.x}}/a"}""", """{"x": ".."}""", "climb out")]
    [InlineData(
        """{"url": "http://127.0.0.1:1/", "headers": {"X-A": "{{parameters.x}}"}}""",
        """{"x": "a\r\nX-Evil: 1"}""",
        "X-A contains a line break"
    )]
    [InlineData("""{"url": "http://127.0.0.1:1/", "headers": {"X-A": "{{parameters.x}}"}}""", """{"x": "ação"}""", "printable ASCII")]
    [InlineData("""{"url": "${env:NO_URL}"}""", null, "${env:NO_URL} is not set")]
    [InlineData("""{"url": "${env:BAD_URL}"}""", null, "*** is not an absolute URL")]
    [InlineData("""{"url": "http://127.0.0.1:1/", "sign": "${env:EMPTY}"}""", null, "signing key is empty")]
    [InlineData("""{"url": "nowhere"}""", null, "/url")]
    public async Task What_cannot_be_sent_is_a_failure_of_the_target(string settings, string? parameters, string told)
    {
        _rig.Environment["BAD_URL"] = "not a url";
        _rig.Environment["EMPTY"] = "";

        var failure = (await _rig.RunAsync(_rig.Attempt(settings, parameters))).ShouldBeOfType<Outcome.Failure>();

        failure.Kind.ShouldBe(FailureKinds.Target);
        failure.Message.ShouldContain(told);
    }

    [Fact]
    public async Task A_signature_covers_time_and_body()
    {
        _rig.Environment["SIGN"] = "signing-key";
        _server.On("/", HostileExchange.Text("200 OK", ""));

        await _rig.RunAsync($$"""{"url": "{{_server.Url("/")}}", "sign": "${env:SIGN}", "body": {"a": "fixed"} }""");

        var request = _server.Requests.ShouldHaveSingleItem();
        var parts = request["X-Pontual-Signature"]!.Split(',');
        var stamp = parts[0]["t=".Length..];
        var expected = HMACSHA256.HashData("signing-key"u8, Encoding.UTF8.GetBytes($"{stamp}.{request.Body}"));
        parts[1].ShouldBe($"v1={Convert.ToHexStringLower(expected)}");
        Math.Abs(long.Parse(stamp) - _rig.Time.GetUtcNow().ToUnixTimeSeconds()).ShouldBeLessThan(60);
    }

    [Fact]
    public async Task User_and_password_of_the_url_become_a_header()
    {
        _server.On("/", HostileExchange.Text("200 OK", ""));

        await _rig.RunAsync($$"""{"url": "http://me:p%40ss@127.0.0.1:{{_server.Port}}/"}""");

        _server.Requests.ShouldHaveSingleItem()["Authorization"].ShouldBe($"Basic {Convert.ToBase64String("me:p@ss"u8)}");
    }

    [Fact]
    public async Task A_json_answer_is_the_result_and_any_other_text_is_output()
    {
        _server
            .On("/json", HostileExchange.Json("200 OK", """{"ok": true, "processed": 12}"""))
            .On("/text", HostileExchange.Text("200 OK", "all done"));
        var json = _rig.Attempt($$"""{"url": "{{_server.Url("/json")}}"}""");
        var text = _rig.Attempt($$"""{"url": "{{_server.Url("/text")}}"}""");

        (await _rig.RunAsync(json)).ShouldBe(new Outcome.Success(200, """{"ok": true, "processed": 12}""", 12));
        (await _rig.RunAsync(text)).ShouldBe(new Outcome.Success(200));

        json.Printed().ShouldBeEmpty();
        text.Printed().ShouldBe("all done");
    }

    [Theory]
    [InlineData("""{"items_processed": 1, "processed": 2}""", "", 1L)]
    [InlineData("""{"total_processados": 3}""", "X-Items-Processed: 9\r\n", 3L)]
    [InlineData("""{"processed": "many"}""", "X-Items-Processed: 9\r\n", 9L)]
    [InlineData("""{"processed": -4}""", "X-Items-Processed: junk\r\n", null)]
    [InlineData("""[1, 2]""", "", null)]
    public async Task Items_are_read_from_the_answer_or_its_header(string body, string header, long? expected)
    {
        _server.On("/", HostileExchange.Json("200 OK", body, header));

        (await _rig.RunAsync($$"""{"url": "{{_server.Url("/")}}"}""")).ShouldBeOfType<Outcome.Success>().ItemsProcessed.ShouldBe(expected);
    }

    [Theory]
    [InlineData("400 Bad Request", FailureKinds.ClientError)]
    [InlineData("404 Not Found", FailureKinds.ClientError)]
    [InlineData("429 Too Many Requests", FailureKinds.TooManyRequests)]
    [InlineData("500 Oops", FailureKinds.ServerError)]
    [InlineData("503 Service Unavailable", FailureKinds.ServerError)]
    [InlineData("304 Not Modified", FailureKinds.ClientError)]
    public async Task Statuses_that_are_no_success_fail_by_their_kind(string status, FailureKinds kind)
    {
        _server.On("/", HostileExchange.Text(status, "line one\nline two"));
        var attempt = _rig.Attempt($$"""{"url": "{{_server.Url("/")}}"}""");

        var failure = (await _rig.RunAsync(attempt)).ShouldBeOfType<Outcome.Failure>();

        failure.Kind.ShouldBe(kind);
        failure.ResponseCode.ShouldBe(int.Parse(status[..3]));
        failure.Message.ShouldStartWith($"HTTP {status}");
    }

    [Fact]
    public async Task An_error_quotes_the_start_of_the_body_and_the_output_has_it_whole()
    {
        var body = new string('x', 299) + "END" + new string('y', 5000);
        _server.On("/", HostileExchange.Text("500 Internal Server Error", body));
        var attempt = _rig.Attempt($$"""{"url": "{{_server.Url("/")}}"}""");

        var failure = (await _rig.RunAsync(attempt)).ShouldBeOfType<Outcome.Failure>();

        failure.Message.ShouldBe($"HTTP 500 Internal Server Error: {new string('x', 299)}E…");
        attempt.Printed().ShouldBe(body);
    }

    [Theory]
    [InlineData("""{"status": [200, 404]}""", "404 Not Found", "{}", true)]
    [InlineData("""{"status": "4xx"}""", "200 OK", "{}", false)]
    [InlineData("""{"status": [302]}""", "302 Found", "{}", true)]
    [InlineData("""{"json": "ok=true"}""", "200 OK", """{"ok": true}""", true)]
    [InlineData("""{"json": "$.data.0.state=\"done\""}""", "200 OK", """{"data": [{"state": "done"}]}""", true)]
    [InlineData("""{"json": "data.state=done"}""", "200 OK", """{"data": {"state": "failed"}}""", false)]
    [InlineData("""{"json": "ok=true"}""", "200 OK", """{"error": "late"}""", false)]
    [InlineData("""{"json": "ok=true"}""", "200 OK", "fine", false)]
    public async Task A_success_rule_decides(string rule, string status, string body, bool succeeds)
    {
        _server.On("/", HostileExchange.Text(status, body, "Location: /elsewhere\r\n"));

        var outcome = await _rig.RunAsync($$"""{"url": "{{_server.Url("/")}}", "success": {{rule}}}""");

        (outcome is Outcome.Success).ShouldBe(succeeds);
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Secrets_that_an_answer_repeats_are_covered_everywhere()
    {
        _rig.Environment["KEY"] = "top-secret";
        _rig.Options.CallbackBaseUrl = new Uri("http://pontual.test");
        _server.On(
            "/bad",
            exchange =>
                exchange.SendAsync(
                    HostileExchange.Text("500 top-secret", $"you sent top-secret {exchange.Request["X-Pontual-Callback-Token"]}")
                )
        );
        _server.On("/good", HostileExchange.Json("200 OK", """{"echo": "top-secret"}"""));
        var bad = _rig.Attempt($$"""{"url": "{{_server.Url("/bad")}}", "headers": {"X-Key": "${env:KEY}"} }""");

        var failure = (await _rig.RunAsync(bad)).ShouldBeOfType<Outcome.Failure>();
        var success = await _rig.RunAsync($$"""{"url": "{{_server.Url("/good")}}", "headers": {"X-Key": "${env:KEY}"} }""");

        failure.Message.ShouldBe("HTTP 500 ***: you sent *** ***");
        bad.Printed().ShouldBe("you sent *** ***");
        success.ShouldBe(new Outcome.Success(200, """{"echo": "***"}"""));
    }

    [Fact]
    public async Task An_answer_in_an_old_encoding_is_read()
    {
        _server.On(
            "/",
            async exchange =>
            {
                await exchange.SendAsync(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=windows-1252\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"
                );
                await exchange.SendAsync(new byte[] { 0x61, 0xE7, 0xE3, 0x6F });
            }
        );
        var attempt = _rig.Attempt($$"""{"url": "{{_server.Url("/")}}"}""");

        await _rig.RunAsync(attempt);

        attempt.Printed().ShouldBe("ação");
    }

    [Fact]
    public async Task A_long_answer_is_kept_in_part_and_says_so()
    {
        _server.On("/", HostileExchange.Json("200 OK", $$"""{"a": "{{new string('x', 5000)}}"}"""));
        var attempt = _rig.Attempt($$"""{"url": "{{_server.Url("/")}}", "max-response": "1KiB"}""");

        (await _rig.RunAsync(attempt)).ShouldBe(new Outcome.Success(200));

        attempt.Printed().ShouldEndWith("[Cut: 1024 of 5009 bytes were kept]\n");
    }
}
