using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.Wrapper;
using Pontual.TestKit.Web;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.Wrapper;

/// <summary>The wrapper of S3, against answers of every sort byte for byte.</summary>
public sealed class WrapperConnectorTests : IAsyncLifetime
{
    private const string Secret = "wrapper-secret-0815";
    private static readonly SessionRef Canal1 = new("canal1");

    private readonly HostileServer _server = new();
    private LineRig _rig = null!;

    public async Task InitializeAsync() => _rig = await LineRig.CreateAsync();

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact(DisplayName = "S3-01 channels are listed with the secret in X-Gateway-Secret, and only 'connected' is connected")]
    public async Task Channels_are_listed()
    {
        _server.On(
            "/api/channels",
            HostileExchange.Json(
                "200 OK",
                """
                {"success":true,"channels":[{"id":"canal1","status":"connected","name":"Loja","phone":"5511999990000"},{"id":2,"status":"disconnected","extra":{}},
                 {"id":"canal3","status":"qrcode"},{"id":"canal4","status":"whatever"},{"status":"connected"}]}
                """
            )
        );

        var channels = await Open().Sessions.ListAsync(default);

        channels
            .Select(channel => (channel.Id, channel.State, channel.Raw))
            .ShouldBe([
                ("canal1", SessionState.Connected, "connected"),
                ("2", SessionState.Stopped, "disconnected"),
                ("canal3", SessionState.NeedsPairing, "qrcode"),
                ("canal4", SessionState.Unknown, "whatever"),
            ]);
        (channels[0].Name, channels[0].Phone).ShouldBe(("Loja", "5511999990000"));
        _server.Requests.ShouldHaveSingleItem().Headers["X-Gateway-Secret"].ShouldBe(Secret);
    }

    [Theory(DisplayName = "S3-05 a wrong answer names the likely cause that it was tested for, and never the secret")]
    [InlineData("401 Unauthorized", """{"error":"no wrapper-secret-0815"}""", GatewayFault.Unauthorized, "is it the Gateway Secret")]
    [InlineData("403 Forbidden", "<html>forbidden wrapper-secret-0815</html>", GatewayFault.Unauthorized, "is it the Gateway Secret")]
    [InlineData("404 Not Found", "<html>nginx</html>", GatewayFault.NotFound, "is the port right")]
    [InlineData("404 Not Found", """{"message":"no route"}""", GatewayFault.NotFound, "is the port right")]
    [InlineData("200 OK", "<!doctype html><title>Panel wrapper-secret-0815</title>", GatewayFault.BadAnswer, "no JSON but a page")]
    [InlineData("200 OK", """{"success":true,"items":[]}""", GatewayFault.BadAnswer, "without a list 'channels'")]
    [InlineData("200 OK", "[]", GatewayFault.BadAnswer, "without a list 'channels'")]
    [InlineData("302 Found", "", GatewayFault.BadAnswer, "https instead of http")]
    [InlineData("200 OK", """{"success":false,"error":"wppconnect is down"}""", GatewayFault.Failed, "wppconnect is down")]
    [InlineData("500 Internal Server Error", "<html>oops</html>", GatewayFault.BadAnswer, "no JSON but a page")]
    [InlineData("500 Internal Server Error", """{"error":"d3JhcHBlci1zZWNyZXQtMDgxNQ=="}""", GatewayFault.Failed, "it failed")]
    public async Task A_wrong_answer_names_its_likely_cause(string status, string body, GatewayFault fault, string says)
    {
        _server.On("/api/channels", HostileExchange.Text(status, body));

        var trouble = await Should.ThrowAsync<GatewayException>(() => Open().Sessions.ListAsync(default));

        trouble.Fault.ShouldBe(fault);
        trouble.Message.ShouldContain(says);
        trouble.Message.ShouldContain(status[..3]);
        trouble.Message.ShouldNotContain("0815");
        trouble.Message.ShouldNotContain("d3JhcHBlci1zZWNyZXQtMDgxNQ");
    }

    [Fact(DisplayName = "S3-05 nobody listening, an unknown host, and no TLS are told apart")]
    public async Task What_cannot_be_reached_says_why()
    {
        var gone = new HostileServer();
        var port = gone.Port;
        await gone.DisposeAsync();

        var refused = await TroubleAsync($"http://127.0.0.1:{port}");
        var unknown = await TroubleAsync("http://gateway.invalid");
        var plain = await TroubleAsync(_server.Url("").Replace("http:", "https:", StringComparison.Ordinal));

        (refused.Fault, unknown.Fault, plain.Fault).ShouldBe((GatewayFault.Refused, GatewayFault.UnknownHost, GatewayFault.Tls));
        refused.Message.ShouldContain($"nothing listens on port {port}");
        unknown.Message.ShouldContain("DNS knows no host gateway.invalid");
        plain.Message.ShouldContain("http where https is written");
    }

    [Fact]
    public async Task No_answer_in_time_says_so()
    {
        var time = new TestKit.ManualTime();
        await using var rig = await LineRig.CreateAsync(time);
        var asked = new TaskCompletionSource();
        _server.On(
            "/api/channels",
            async exchange =>
            {
                asked.SetResult();
                await exchange.HangAsync();
            }
        );

        var listing = new WrapperConnector().Open(rig.To(Address(_server.Url("")))).Sessions.ListAsync(default);
        await asked.Task;
        time.Advance(GatewayCall.UsualPatience);

        var trouble = await Should.ThrowAsync<GatewayException>(() => listing);
        trouble.Fault.ShouldBe(GatewayFault.TimedOut);
        trouble.Message.ShouldContain("did not answer within 20 s");
    }

    [Theory(DisplayName = "S3-01 asking for the code is the nudge and the pairing, whatever form the code has")]
    [InlineData("""{"success":true,"qr":"data:image/png;base64,iVBORw0KGgo="}""", true, null)]
    [InlineData("""{"qrcode":"iVBORw0KGgo=","urlcode":"2@abc"}""", true, "2@abc")]
    [InlineData("""{"success":true,"qr":"2@abc,def"}""", false, "2@abc,def")]
    public async Task The_code_comes_in_several_forms(string body, bool hasPng, string? text)
    {
        _server.On("/api/channels/canal1/qr", HostileExchange.Json("200 OK", body));
        var sessions = Open().Sessions;

        await sessions.CureAsync(Canal1, CureStep.Nudge, SessionState.Stopped, null, default);
        var code = await sessions.PairAsync(Canal1, default);

        code.ShouldNotBeNull();
        (code.Png is not null, code.Text).ShouldBe((hasPng, text));
        _server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_channel_that_is_connected_has_no_code()
    {
        _server.On("/api/channels/canal1/qr", HostileExchange.Json("200 OK", """{"success":true,"status":"connected","qr":null}"""));

        (await Open().Sessions.PairAsync(Canal1, default)).ShouldBeNull();
    }

    [Fact]
    public async Task The_name_of_a_channel_cannot_leave_its_path()
    {
        await Should.ThrowAsync<GatewayException>(() => Open().Sessions.PairAsync(new SessionRef("a/../b?x#y"), default));

        _server.Requests.ShouldHaveSingleItem().Path.ShouldBe("/api/channels/a%2F..%2Fb%3Fx%23y/qr");
    }

    [Fact]
    public async Task What_it_cannot_do_is_refused_with_the_reason()
    {
        var (sessions, messages) = Open();

        (await messages.SendAsync(Canal1, new OutgoingMessage("5511999990000", "oi"), default))
            .ShouldBeOfType<SendOutcome.RejectedPermanent>()
            .Reason.ShouldContain("kind 'wppconnect'");
        foreach (var step in new[] { CureStep.SetWebhook, CureStep.Restart, CureStep.StopStart })
        {
            sessions.Traits.Steps.ShouldNotContain(step);
            await Should.ThrowAsync<GatewayException>(() => sessions.CureAsync(Canal1, step, SessionState.Stopped, null, default));
        }

        (await sessions.ProbeAsync(Canal1, null, default)).IsAlive.ShouldBeNull();
        sessions.Traits.Sends.ShouldBeFalse();
        _server.Requests.ShouldBeEmpty();
    }

    private static GatewayAddress Address(string url) => new(GatewayKind.Wrapper, new Uri(url), Secret);

    private Gateway Open() => new WrapperConnector().Open(_rig.To(Address(_server.Url(""))));

    private Task<GatewayException> TroubleAsync(string url) =>
        Should.ThrowAsync<GatewayException>(() => new WrapperConnector().Open(_rig.To(Address(url))).Sessions.ListAsync(default));
}
