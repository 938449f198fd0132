using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.WppConnect;
using Pontual.TestKit.Web;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.WppConnect;

/// <summary>Answers of WPPConnect-Server that the simulated one does not give, byte for byte.</summary>
public sealed class WppConnectErrorsTests : IAsyncLifetime
{
    private const string Secret = "wpp-secret-4711";
    private static readonly SessionRef Vendas = new("vendas");
    private static readonly OutgoingMessage Hello = new("5511999990000", "oi");

    private readonly HostileServer _server = new();
    private LineRig _rig = null!;
    private Gateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _rig = await LineRig.CreateAsync();
        _gateway = new WppConnectConnector().Open(_rig.To(new GatewayAddress(GatewayKind.WppConnect, new Uri(_server.Url("")), Secret)));
        _server.On($"/api/vendas/{Secret}/generate-token", HostileExchange.Json("201 Created", """{"status":"success","token":"tok-1"}"""));
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_token_that_is_refused_is_made_anew_once_and_nothing_is_sent_twice()
    {
        var asked = 0;
        _server.On(
            "/api/vendas/send-message",
            exchange =>
                exchange.SendAsync(
                    asked++ == 0
                        ? HostileExchange.Json("401 Unauthorized", """{"error":"Check that the Session and Token are correct"}""")
                        : HostileExchange.Json(
                            "201 Created",
                            """{"status":"success","response":[{"id":"true_5511999990000@c.us_3EB0_out"}]}"""
                        )
                )
        );

        (await _gateway.Messages.SendAsync(Vendas, Hello, default)).ShouldBeOfType<SendOutcome.Accepted>().Id.ShouldBe("3EB0");
        _server.Requests.Count(request => request.Path.EndsWith("generate-token", StringComparison.Ordinal)).ShouldBe(2);
        asked.ShouldBe(2);
    }

    [Theory]
    [InlineData("""[{"id":"true_5511999990000@c.us_3EB0_out"}]""")]
    [InlineData("""[{"id":{"fromMe":true,"remote":"x","id":"3EB0","_serialized":"true_5511999990000@c.us_3EB0"}}]""")]
    [InlineData("""[{"id":{"fromMe":true,"remote":"x","id":"3EB0","_serialized":null}}]""")]
    [InlineData("""{"id":"true_5511999990000@c.us_3EB0_out"}""")]
    public async Task The_id_of_what_was_sent_is_a_text_or_an_object(string response)
    {
        Answer("201 Created", $$"""{"status":"success","response":{{response}},"mapper":"return"}""");

        (await _gateway.Messages.SendAsync(Vendas, Hello, default)).ShouldBeOfType<SendOutcome.Accepted>().Id.ShouldBe("3EB0");
    }

    [Theory]
    [InlineData("500 Internal Server Error", """{"status":"Error","message":"Erro ao enviar a mensagem.","error":{}}""")]
    [InlineData("500 Internal Server Error", "<html>oops</html>")]
    [InlineData("502 Bad Gateway", "<html>nginx</html>")]
    [InlineData("201 Created", """{"status":"success","response":[]}""")]
    [InlineData("200 OK", "<html>login</html>")]
    [InlineData("400 Bad Request", "\"Error sending message\"")]
    [InlineData("404 Not Found", """{"message":"something else"}""")]
    public async Task What_proves_nothing_is_unknown(string status, string body)
    {
        Answer(status, body);

        (await _gateway.Messages.SendAsync(Vendas, Hello, default)).ShouldBeOfType<SendOutcome.Unknown>();
    }

    [Fact]
    public async Task A_page_of_HTML_with_404_is_the_wrong_address_and_one_with_400_a_message_that_cannot_be_read()
    {
        Answer("404 Not Found", "<!DOCTYPE html><pre>Cannot POST</pre>");
        var nowhere = await _gateway.Messages.SendAsync(Vendas, Hello, default);
        Answer("400 Bad Request", "<!DOCTYPE html><pre>SyntaxError<br> at JSON.parse (/usr/src)</pre>");
        var unread = await _gateway.Messages.SendAsync(Vendas, Hello, default);

        nowhere.ShouldBeOfType<SendOutcome.RejectedRetryable>().Cause.ShouldBe(RejectionCause.ChannelStopped);
        unread.ShouldBeOfType<SendOutcome.RejectedPermanent>().Cause.ShouldBe(RejectionCause.BadMessage);
    }

    [Fact]
    public async Task Disconnected_with_404_means_that_nothing_was_sent()
    {
        Answer("404 Not Found", """{"response":null,"status":"Disconnected","message":"A sessão do WhatsApp não está ativa."}""");

        (await _gateway.Messages.SendAsync(Vendas, Hello, default))
            .ShouldBeOfType<SendOutcome.RejectedRetryable>()
            .Cause.ShouldBe(RejectionCause.ChannelDown);
    }

    [Fact]
    public async Task Without_a_token_no_message_has_left_whatever_went_wrong()
    {
        _server.On($"/api/vendas/{Secret}/generate-token", HostileExchange.Json("500 Internal Server Error", "{}"));

        (await _gateway.Messages.SendAsync(Vendas, Hello, default)).ShouldBeOfType<SendOutcome.RejectedRetryable>();
        _server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_third_401_is_a_list_that_could_not_be_opened_and_not_the_token()
    {
        _server.On("/api/vendas/list-chats", HostileExchange.Json("200 OK", """[{"id":"5511999990000@c.us","t":1767225600}]"""));
        _server.On(
            "/api/vendas/get-messages/5511999990000%40c.us",
            HostileExchange.Json("401 Unauthorized", """{"status":"error","response":"Error on open list","error":{}}""")
        );

        var trouble = await Should.ThrowAsync<GatewayException>(() =>
            _gateway.Messages.MessagesSinceAsync(Vendas, DateTimeOffset.UnixEpoch, 10, default)
        );

        trouble.Fault.ShouldBe(GatewayFault.Failed);
        _server.Requests.Count(request => request.Path.EndsWith("generate-token", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task One_session_that_cannot_be_looked_at_does_not_hide_the_others()
    {
        _server.On(
            $"/api/{Secret}/show-all-sessions",
            HostileExchange.Json("200 OK", """{"response":["vendas","suporte",{"session":"old"}]}""")
        );
        foreach (var name in new[] { "suporte", "old" })
        {
            _server.On($"/api/{name}/{Secret}/generate-token", HostileExchange.Json("201 Created", """{"token":"tok"}"""));
            _server.On($"/api/{name}/status-session", HostileExchange.Json("200 OK", """{"status":null,"qrcode":null}"""));
        }

        _server.On("/api/vendas/status-session", HostileExchange.Json("500 Internal Server Error", """{"status":"error"}"""));

        var facts = await _gateway.Sessions.ListAsync(default);

        facts
            .Select(each => (each.Id, each.State))
            .ShouldBe([("vendas", SessionState.Unknown), ("suporte", SessionState.Stopped), ("old", SessionState.Stopped)]);
        facts[0].Note!.ShouldContain("500");
    }

    [Fact]
    public async Task The_disagreement_of_two_answers_is_noted()
    {
        _server.On($"/api/{Secret}/show-all-sessions", HostileExchange.Json("200 OK", """{"response":["vendas"]}"""));
        _server.On("/api/vendas/status-session", HostileExchange.Json("200 OK", """{"status":"CONNECTED"}"""));
        _server.On("/api/vendas/check-connection-session", HostileExchange.Json("200 OK", """{"status":false,"message":"Disconnected"}"""));
        _server.On("/api/vendas/host-device", HostileExchange.Json("404 Not Found", """{"status":"Disconnected"}"""));

        var facts = (await _gateway.Sessions.ListAsync(default)).ShouldHaveSingleItem();

        facts.State.ShouldBe(SessionState.Connected);
        facts.Note!.ShouldContain("check-connection-session says Disconnected");
    }

    [Fact]
    public async Task The_code_comes_as_a_picture_where_the_state_has_none()
    {
        _server.On("/api/vendas/status-session", HostileExchange.Json("200 OK", """{"status":"QRCODE","qrcode":null,"urlcode":null}"""));
        _server.On("/api/vendas/qrcode-session", HostileExchange.Text("200 OK", "png", "Content-Type: image/png\r\n"));

        var code = await _gateway.Sessions.PairAsync(Vendas, default);

        code!.Png!.Value.Length.ShouldBe(3);
        _server.On(
            "/api/vendas/qrcode-session",
            HostileExchange.Json("200 OK", """{"status":null,"message":"QRCode is not available..."}""")
        );
        (await _gateway.Sessions.PairAsync(Vendas, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_wrong_secret_key_is_400_and_neither_it_nor_its_path_is_told()
    {
        _server.On(
            $"/api/{Secret}/show-all-sessions",
            HostileExchange.Json("400 Bad Request", """{"response":false,"message":"The token wpp-secret-4711 is incorrect"}""")
        );

        var trouble = await Should.ThrowAsync<GatewayException>(() => _gateway.Sessions.ListAsync(default));

        trouble.Fault.ShouldBe(GatewayFault.Unauthorized);
        trouble.Message.ShouldContain("SECRET_KEY");
        trouble.Message.ShouldNotContain("4711");
    }

    private void Answer(string status, string body) =>
        _server.On("/api/vendas/send-message", HostileExchange.Text(status, body, "Content-Type: application/json\r\n"));
}
