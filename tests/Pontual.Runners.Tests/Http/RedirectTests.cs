using System.Net;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.TestKit.Web;
using Shouldly;

namespace Pontual.Runners.Tests.Http;

public sealed class RedirectTests : IAsyncDisposable
{
    private readonly HostileServer _first = new();
    private readonly HostileServer _second = new();
    private readonly HttpRig _rig = new();

    public RedirectTests()
    {
        _first.On("/end", HostileExchange.Text("200 OK", ""));
        _second.On("/end", HostileExchange.Text("200 OK", ""));
        _rig.Environment["KEY"] = "k-value";
        _rig.Options.CallbackBaseUrl = new Uri("http://pontual.test/base/");
        _rig.Options.Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
    }

    public async ValueTask DisposeAsync()
    {
        _rig.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Theory]
    [InlineData("301 Moved Permanently", "POST", "GET")]
    [InlineData("302 Found", "POST", "GET")]
    [InlineData("303 See Other", "POST", "GET")]
    [InlineData("307 Temporary Redirect", "POST", "POST")]
    [InlineData("308 Permanent Redirect", "POST", "POST")]
    [InlineData("301 Moved Permanently", "PUT", "PUT")]
    [InlineData("302 Found", "GET", "GET")]
    [InlineData("303 See Other", "PUT", "GET")]
    [InlineData("303 See Other", "HEAD", "HEAD")]
    public async Task The_method_follows_the_rules_and_a_get_loses_the_body(string status, string method, string then)
    {
        _first.On("/", HostileExchange.Redirect("/end", status));
        var body = method is "POST" or "PUT" ? """, "body": {"a": 1}""" : "";

        (await _rig.RunAsync($$"""{"url": "{{_first.Url("/")}}", "method": "{{method}}"{{body}}}""")).ShouldBeOfType<Outcome.Success>();

        var last = _first.Requests.Last();
        (last.Path, last.Method).ShouldBe(("/end", then));
        last.Body.ShouldBe(then == method && body.Length > 0 ? """{"a": 1}""" : "");
        last["Content-Type"].ShouldBe(last.Body.Length > 0 ? "application/json" : null);
        last["Idempotency-Key"].ShouldBe(_first.Requests.First()["Idempotency-Key"]);
    }

    [Fact]
    public async Task Inside_one_origin_everything_goes_along()
    {
        _first.On("/", HostileExchange.Redirect("/end", "307 Temporary Redirect"));

        await _rig.RunAsync(WithCredentials(_first.Url("/")));

        var last = _first.Requests.Last();
        last.Path.ShouldBe("/end");
        last["Authorization"].ShouldBe("Bearer plain");
        last["X-Key"].ShouldBe("k-value");
        last["X-Pontual-Signature"].ShouldNotBeNull();
        last["X-Pontual-Callback-Token"].ShouldNotBeNull();
    }

    [Fact]
    public async Task To_another_origin_no_credential_goes_along_nor_does_one_come_back()
    {
        _first.On("/", given => given.SendAsync(HostileExchange.Redirect(_second.Url("/back"), "307 Temporary Redirect")));
        _second.On("/back", given => given.SendAsync(HostileExchange.Redirect(_first.Url("/end"), "307 Temporary Redirect")));

        await _rig.RunAsync(WithCredentials(_first.Url("/")));

        foreach (var request in (HostileRequest[])[_second.Requests.Single(), _first.Requests.Last()])
        {
            request["Authorization"].ShouldBeNull();
            request["Cookie"].ShouldBeNull();
            request["X-Key"].ShouldBeNull();
            request["X-Pontual-Signature"].ShouldBeNull();
            request["X-Pontual-Callback-Url"].ShouldBeNull();
            request["X-Pontual-Callback-Token"].ShouldBeNull();
            request["X-Plain"].ShouldBe("kept");
            request["Host"].ShouldBe($"127.0.0.1:{(request.Path == "/back" ? _second.Port : _first.Port)}");
        }
    }

    [Fact]
    public async Task The_same_host_by_another_name_is_another_origin()
    {
        _first.On(
            "/",
            given => given.SendAsync(HostileExchange.Redirect($"http://other.test:{_first.Port}/end", "307 Temporary Redirect"))
        );

        await _rig.RunAsync(WithCredentials(_first.Url("/")));

        _first.Requests.Last()["Authorization"].ShouldBeNull();
    }

    [Fact]
    public async Task A_body_with_a_secret_does_not_go_to_another_origin()
    {
        _first.On("/", given => given.SendAsync(HostileExchange.Redirect(_second.Url("/end"), "307 Temporary Redirect")));

        var failure = await _rig.FailAsync($$"""{"url": "{{_first.Url("/")}}", "body": {"key": "${env:KEY}"} }""");

        failure.Kind.ShouldBe(FailureKinds.Target);
        failure.Message.ShouldContain("the body carries a secret");
        _second.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task User_and_password_in_a_location_are_not_sent()
    {
        _first.On("/", given => given.SendAsync(HostileExchange.Redirect($"http://me:you@127.0.0.1:{_second.Port}/end")));

        await _rig.RunAsync($$"""{"url": "{{_first.Url("/")}}"}""");

        _second.Requests.Single()["Authorization"].ShouldBeNull();
    }

    [Fact]
    public async Task As_many_redirects_are_followed_as_the_target_says()
    {
        _first.On("/", HostileExchange.Redirect("/2")).On("/2", HostileExchange.Redirect("/end"));

        (await _rig.RunAsync($$"""{"url": "{{_first.Url("/")}}", "redirects": 2}""")).ShouldBeOfType<Outcome.Success>();
        (await _rig.FailAsync($$"""{"url": "{{_first.Url("/")}}", "redirects": 1}""")).Message.ShouldStartWith("More than 1 redirect");
        (await _rig.FailAsync($$"""{"url": "{{_first.Url("/")}}", "redirects": 0}""")).ResponseCode.ShouldBe(302);
    }

    private static string WithCredentials(string url) =>
        $$"""
            {
              "url": "{{url}}",
              "headers": { "Authorization": "Bearer plain", "Cookie": "a=b", "X-Key": "${env:KEY}", "X-Plain": "kept", "Host": "127.0.0.1:{{new Uri(
                url
            ).Port}}" },
              "sign": "${env:KEY}"
            }
            """;
}
