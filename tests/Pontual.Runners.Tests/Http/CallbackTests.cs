using Pontual.Engine.Runs;
using Pontual.TestKit.Web;
using Shouldly;

namespace Pontual.Runners.Tests.Http;

public sealed class CallbackTests : IAsyncDisposable
{
    private readonly HostileServer _server = new();
    private readonly HttpRig _rig = new();

    public async ValueTask DisposeAsync()
    {
        _rig.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_202_leaves_the_run_open_when_the_target_was_told_where_to_call_back()
    {
        _rig.Options.CallbackBaseUrl = new Uri("http://pontual.test:8080/base/");
        _server.On("/", HostileExchange.Text("202 Accepted", ""));
        var attempt = _rig.Attempt($$"""{"url": "{{_server.Url("/")}}"}""");

        (await _rig.RunAsync(attempt)).ShouldBeOfType<Outcome.Deferred>();

        var request = _server.Requests.ShouldHaveSingleItem();
        var run = attempt.Leased.Run.Id;
        request["X-Pontual-Callback-Url"].ShouldBe($"http://pontual.test:8080/base/api/v1/runs/{run:D}/complete");
        (await _rig.Callbacks.VerifyAsync(run, request["X-Pontual-Callback-Token"], CancellationToken.None)).ShouldBe(
            attempt.Leased.LeaseToken
        );
    }

    [Theory]
    [InlineData(null, "true", "202 Accepted")]
    [InlineData("http://pontual.test", "false", "202 Accepted")]
    [InlineData("http://pontual.test", "true", "200 OK")]
    public async Task Otherwise_the_answer_is_final(string? basis, string callback, string status)
    {
        _rig.Options.CallbackBaseUrl = basis is null ? null : new Uri(basis);
        _server.On("/", HostileExchange.Text(status, ""));

        (await _rig.RunAsync($$"""{"url": "{{_server.Url("/")}}", "callback": {{callback}}}""")).ShouldBeOfType<Outcome.Success>();

        (_server.Requests.Single()["X-Pontual-Callback-Url"] is not null).ShouldBe(basis is not null && callback == "true");
    }

    [Fact]
    public async Task A_202_that_the_success_rule_excludes_is_a_failure()
    {
        _rig.Options.CallbackBaseUrl = new Uri("http://pontual.test");
        _server.On("/", HostileExchange.Text("202 Accepted", ""));

        (await _rig.RunAsync($$"""{"url": "{{_server.Url("/")}}", "success": {"status": 200} }""")).ShouldBeOfType<Outcome.Failure>();
    }

    [Fact]
    public async Task A_token_speaks_for_one_claim_of_one_run_and_cannot_be_changed()
    {
        var (run, other) = (TestRun(1), TestRun(2));
        var token = await _rig.Callbacks.CreateAsync(run, leaseToken: 3, CancellationToken.None);

        (await VerifyAsync(run, token)).ShouldBe(3);
        (await VerifyAsync(other, token)).ShouldBeNull();
        (await VerifyAsync(run, "4" + token[1..])).ShouldBeNull();
        (await VerifyAsync(run, token[..^1] + (token[^1] == '0' ? '1' : '0'))).ShouldBeNull();
        foreach (
            var junk in (string?[])
                [
                    null,
                    "",
                    ".",
                    "3",
                    "3.",
                    "-3.ab",
                    "99999999999999999999.ab",
                    "3." + new string('0', 64),
                    token + "0",
                    " " + token,
                    "+" + token,
                ]
        )
        {
            (await VerifyAsync(run, junk)).ShouldBeNull(junk);
        }
    }

    private static Guid TestRun(byte number) => new([.. Enumerable.Repeat(number, 16)]);

    private ValueTask<long?> VerifyAsync(Guid run, string? presented) => _rig.Callbacks.VerifyAsync(run, presented, CancellationToken.None);
}
