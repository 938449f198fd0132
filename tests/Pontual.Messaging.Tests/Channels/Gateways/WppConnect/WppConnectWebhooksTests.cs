using System.Text;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.WppConnect;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.WppConnect;

/// <summary>WPPConnect's webhooks: each trap of what it sends.</summary>
public class WppConnectWebhooksTests
{
    private readonly WppConnectWebhooks _reader = new();

    [Fact]
    public void A_message_received_is_read()
    {
        var message = Message(
            """
            {"event":"onmessage","session":"vendas","id":"false_5511999990000@c.us_3A01","body":"oi","type":"chat","t":1767225600,"from":"5511999990000@c.us",
             "to":"5511888880000@c.us","author":null,"isGroupMsg":false,"chatId":"5511999990000@c.us","notifyName":"Ana","sender":{},"mimetype":null,"new field":[{}]}
            """
        );

        message.ShouldBe(
            new SessionMessage("3A01", IsOurs: false, "5511999990000@c.us", DateTimeOffset.FromUnixTimeSeconds(1767225600))
            {
                Phone = "5511999990000",
                Name = "Ana",
                Text = "oi",
            }
        );
    }

    [Theory]
    [InlineData("\"false_5511999990000@c.us_3A01\"", "\"5511999990000@c.us\"", "1767225600")]
    [InlineData(
        """{"fromMe":false,"id":"3A01","_serialized":"false_5511999990000@c.us_3A01"}""",
        """{"_serialized":"5511999990000@c.us"}""",
        "\"1767225600\""
    )]
    [InlineData("""{"fromMe":false,"id":"3A01","_serialized":null}""", """{"user":"5511999990000","server":"c.us"}""", "1767225600000")]
    public void Ids_are_texts_or_objects_and_times_seconds_or_milliseconds(string id, string chat, string time)
    {
        var message = Message(
            $$"""{"event":"onmessage","session":"vendas","id":{{id}},"chatId":{{chat}},"t":{{time}},"type":"chat","body":"oi"}"""
        );

        (message.Id, message.Chat, message.At).ShouldBe(("3A01", "5511999990000@c.us", DateTimeOffset.FromUnixTimeSeconds(1767225600)));
    }

    [Theory]
    [InlineData("true_5511999990000@c.us_3EB0AA_out")]
    [InlineData("true_5511999990000@c.us_3EB0AA")]
    [InlineData("true_123456789012345@lid_3EB0AA")]
    [InlineData("3EB0AA")]
    public void The_id_of_a_message_is_the_same_however_it_is_dressed(string id)
    {
        var ack = Read($$"""{"event":"onack","session":"vendas","id":"{{id}}","fromMe":true,"ack":2}""")
            .ShouldBeOfType<GatewayEvent.MessageAcked>();

        (ack.Id, ack.Level).ShouldBe(("3EB0AA", AckLevel.Delivered));
    }

    [Theory]
    [InlineData(-7, AckLevel.Failed, "ack -7 (another device's protocol)")]
    [InlineData(-1, AckLevel.Failed, "ack -1 (failed)")]
    [InlineData(0, AckLevel.Pending, null)]
    [InlineData(1, AckLevel.Server, null)]
    [InlineData(2, AckLevel.Delivered, null)]
    [InlineData(3, AckLevel.Read, null)]
    [InlineData(4, AckLevel.Played, null)]
    [InlineData(9, AckLevel.Played, null)]
    public void Acks_below_zero_are_failures(int ack, AckLevel level, string? error)
    {
        var acked = Read(
                $$"""{"event":"onack","session":"vendas","id":{"fromMe":true,"remote":"x@c.us","id":"3EB0","_serialized":"true_x@c.us_3EB0"},"ack":{{ack}},"t":0}"""
            )
            .ShouldBeOfType<GatewayEvent.MessageAcked>();

        (acked.Id, acked.Level, acked.Error, acked.At).ShouldBe(("3EB0", level, error, null));
    }

    [Fact]
    public void That_we_read_what_others_wrote_is_no_ack_of_ours()
    {
        Read("""{"event":"onack","session":"vendas","id":{"fromMe":false,"id":"3A","_serialized":"false_x@c.us_3A"},"ack":3}""")
            .ShouldBeOfType<GatewayEvent.Other>();
    }

    [Fact]
    public void In_a_group_the_chat_is_the_group_and_the_author_who_wrote()
    {
        var message = Message(
            """
            {"event":"onmessage","session":"vendas","id":"false_120363000@g.us_3A02_5511999990000@c.us","type":"chat","body":"oi","t":1767225600,
             "from":"120363000@g.us","author":"5511999990000@c.us","isGroupMsg":true,"chatId":{"_serialized":"120363000@g.us"}}
            """
        );

        (message.Id, message.Chat, message.IsGroup, message.Author, message.Phone).ShouldBe(
            ("3A02", "120363000@g.us", true, "5511999990000@c.us", null)
        );
    }

    [Fact]
    public void A_hidden_number_is_nobodys_number()
    {
        var message = Message(
            """{"event":"onmessage","session":"vendas","id":"false_123456789012345@lid_3A03","type":"chat","body":"oi","t":1767225600,"from":"123456789012345@lid"}"""
        );

        (message.Chat, message.Phone).ShouldBe(("123456789012345@lid", null));
    }

    [Fact]
    public void What_was_typed_on_the_phone_is_ours()
    {
        var message = Message(
            """{"event":"onselfmessage","session":"vendas","id":"true_5511999990000@c.us_3EB0","fromMe":true,"type":"chat","body":"oi","t":1767225600,"from":"5511888880000@c.us","to":"5511999990000@c.us","ack":1}"""
        );

        (message.IsOurs, message.Chat, message.Ack, message.ByApi).ShouldBe((true, "5511999990000@c.us", AckLevel.Server, null));
    }

    [Fact]
    public void The_bytes_of_a_medium_are_not_its_text()
    {
        var message = Message(
            """{"event":"onmessage","session":"vendas","id":"false_5511999990000@c.us_3A","type":"image","body":"/9j/4AAQSkZJRg==","caption":"veja","t":1767225600,"from":"5511999990000@c.us"}"""
        );

        (message.Kind, message.Text).ShouldBe(("image", "veja"));
    }

    [Theory]
    [InlineData(
        """{"event":"onmessage","session":"vendas","id":"false_status@broadcast_3A","type":"chat","t":1,"from":"status@broadcast"}"""
    )]
    [InlineData(
        """{"event":"onmessage","session":"vendas","id":"false_x@c.us_3A","type":"e2e_notification","t":1767225600,"from":"x@c.us"}"""
    )]
    [InlineData("""{"event":"onmessage","session":"vendas","id":"false_x@g.us_3A","isNotification":true,"t":1767225600,"from":"x@g.us"}""")]
    [InlineData("""{"event":"incomingcall","session":"vendas","peerJid":"x"}""")]
    [InlineData("""{"event":"something-new","session":"vendas"}""")]
    public void What_nobody_wrote_to_us_is_only_a_sign_of_life(string body) => Read(body).ShouldBeOfType<GatewayEvent.Other>();

    [Theory]
    [InlineData(
        """{"event":"onmessage","session":"vendas","id":"false_5511999990000@c.us_3A","type":"chat","body":"half \ud83d","t":1767225600}""",
        "half \uFFFD"
    )]
    [InlineData(
        """{"event":"onmessage","session":"vendas","id":"false_5511999990000@c.us_3A","type":"chat","body":"\ude00 half \\ud83d \ud83d\ude00","t":1767225600}""",
        "\uFFFD half \\ud83d \U0001F600"
    )]
    [InlineData(
        """{"event":"onmessage","session":"vendas","id":"false_5511999990000@c.us_3A","type":"chat","body":"a\u0000b","t":1767225600}""",
        "ab"
    )]
    public void Half_an_emoji_and_a_zero_do_not_lose_the_message(string body, string text) =>
        Message(body.Replace("\"t\":", "\"chatId\":\"5511999990000@c.us\",\"t\":", StringComparison.Ordinal)).Text.ShouldBe(text);

    [Theory]
    [InlineData("inChat", SessionState.Connected)]
    [InlineData("isLogged", SessionState.Connecting)]
    [InlineData("notLogged", SessionState.NeedsPairing)]
    [InlineData("desconnectedMobile", SessionState.LoggedOut)]
    [InlineData("disconnectedMobile", SessionState.LoggedOut)]
    [InlineData("browserClose", SessionState.Stopped)]
    [InlineData("autocloseCalled", SessionState.Stopped)]
    [InlineData("something", SessionState.Unknown)]
    public void What_status_find_says_becomes_a_state(string status, SessionState state)
    {
        var changed = Read($$"""{"event":"status-find","status":"{{status}}","session":"vendas"}""")
            .ShouldBeOfType<GatewayEvent.SessionChanged>();

        (changed.Session, changed.Facts.State, changed.Facts.Raw).ShouldBe(("vendas", state, status));
    }

    [Theory]
    [InlineData("""{"event":"closesession","session":"vendas","message":"x","connected":false}""", SessionState.Stopped)]
    [InlineData("""{"event":"logoutsession","session":"vendas","message":"x","connected":false}""", SessionState.LoggedOut)]
    public void An_end_by_command_is_told(string body, SessionState state) =>
        Read(body).ShouldBeOfType<GatewayEvent.SessionChanged>().Facts.State.ShouldBe(state);

    [Theory]
    [InlineData("iVBORw0KGgo=")]
    [InlineData("data:image/png;base64,iVBORw0KGgo=")]
    public void A_code_is_shown_with_or_without_the_start_of_a_data_url(string image)
    {
        var events = _reader.Read(
            Encoding.UTF8.GetBytes($$"""{"event":"qrcode","session":"vendas","qrcode":"{{image}}","urlcode":"2@abc"}""")
        );

        events[0].ShouldBeOfType<GatewayEvent.SessionChanged>().Facts.State.ShouldBe(SessionState.NeedsPairing);
        var code = events[1].ShouldBeOfType<GatewayEvent.PairingShown>().Code;
        (code.Png!.Value.Length, code.Text).ShouldBe((8, "2@abc"));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("\"text\"")]
    [InlineData("""{"event":"onmessage","session":"vendas","body":"no id"}""")]
    [InlineData("""{"event":"onmessage","session":"vendas","id":"false_x@c.us_3A","from":"x@c.us"}""")]
    [InlineData("""{"event":"onack","session":"vendas","ack":1}""")]
    public void What_cannot_be_understood_is_said_so(string body) =>
        Should.Throw<WebhookFormatException>(() => _reader.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void The_session_is_found_without_reading_the_medium_behind_it()
    {
        var cut = Encoding.UTF8.GetBytes("""{"event":"onmessage","deep":{"session":"other"},"session":"vendas","body":"AAAA""");

        (_reader.SessionOf(cut), _reader.EventOf(cut)).ShouldBe(("vendas", "onmessage"));
        (_reader.SessionOf(Encoding.UTF8.GetBytes("nonsense")), _reader.EventOf(default)).ShouldBe((null, null));
    }

    private GatewayEvent Read(string body) => _reader.Read(Encoding.UTF8.GetBytes(body)).ShouldHaveSingleItem();

    private SessionMessage Message(string body) => Read(body).ShouldBeOfType<GatewayEvent.MessageSeen>().Message;
}
