using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.Evolution;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.Evolution;

public sealed class EvolutionWebhooksTests
{
    private const string Secret = "a secret";

    private readonly EvolutionWebhooks _reader = new();

    [Fact]
    public void The_time_of_a_message_is_its_own_and_date_time_is_ignored()
    {
        var seen = Message(
            """{"key":{"id":"A","fromMe":false,"remoteJid":"5511988887777@s.whatsapp.net"},"messageTimestamp":1767225600,"message":{"conversation":"oi"}}"""
        );

        seen.At.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1767225600));
    }

    [Theory]
    [InlineData("1767225600")]
    [InlineData("\"1767225600\"")]
    [InlineData("1767225600000")]
    [InlineData("""{"low":1767225600,"high":0,"unsigned":true}""")]
    public void A_time_is_a_number_or_a_text_in_seconds_or_milliseconds_or_in_two_halves(string time) =>
        Message($$$"""{"key":{"id":"A","fromMe":false,"remoteJid":"5511988887777@s.whatsapp.net"},"messageTimestamp":{{{time}}}}""")
            .At.ToUnixTimeSeconds()
            .ShouldBe(1767225600);

    [Theory]
    [InlineData("""{"conversation":"x"}""", "text", "x")]
    [InlineData("""{"extendedTextMessage":{"text":"x"}}""", "text", "x")]
    [InlineData("""{"imageMessage":{"caption":"x"}}""", "image", "x")]
    [InlineData("""{"imageMessage":{}}""", "image", null)]
    [InlineData("""{"ephemeralMessage":{"message":{"extendedTextMessage":{"text":"x"}}}}""", "text", "x")]
    [InlineData("""{"documentWithCaptionMessage":{"message":{"documentMessage":{"caption":"x"}}}}""", "document", "x")]
    [InlineData("""{"audioMessage":{"ptt":true},"base64":"AAAA"}""", "audio", null)]
    [InlineData("""{"reactionMessage":{"text":"x"}}""", "reaction", "x")]
    public void A_text_may_sit_in_many_places(string content, string kind, string? text)
    {
        var seen = Message(
            $$$"""{"key":{"id":"A","fromMe":false,"remoteJid":"5511988887777@s.whatsapp.net"},"messageTimestamp":1,"message":{{{content}}}}"""
        );

        (seen.Kind, seen.Text).ShouldBe((kind, text));
    }

    [Fact]
    public void A_hidden_id_keeps_its_chat_and_has_the_number_of_its_other_name()
    {
        var seen = Message(
            """{"key":{"id":"A","fromMe":false,"remoteJid":"123@lid","remoteJidAlt":"5511988887777@s.whatsapp.net"},"messageTimestamp":1}"""
        );

        (seen.Chat, seen.Phone).ShouldBe(("123@lid", "5511988887777"));
    }

    [Fact]
    public void A_group_message_names_its_writer_by_number_where_that_is_told()
    {
        var seen = Message(
            """{"key":{"id":"A","fromMe":false,"remoteJid":"120363@g.us","participant":"123@lid","participantAlt":"5511988887777@s.whatsapp.net"},"messageTimestamp":1}"""
        );

        (seen.IsGroup, seen.Author, seen.Phone).ShouldBe((true, "5511988887777@s.whatsapp.net", null));
    }

    [Theory]
    [InlineData("messages.upsert", false)]
    [InlineData("send.message", true)]
    public void A_message_typed_on_the_phone_is_told_from_one_of_ours(string kind, bool byApi) =>
        Read(
                $$$"""{"event":"{{{kind}}}","instance":"s","data":{"key":{"id":"A","fromMe":true,"remoteJid":"1@s.whatsapp.net"},"messageTimestamp":1,"pushName":"Me"}}"""
            )
            .ShouldBeOfType<GatewayEvent.MessageSeen>()
            .Message.ShouldSatisfyAllConditions(message => message.ByApi.ShouldBe(byApi), message => message.Name.ShouldBeNull());

    [Theory]
    [InlineData("ERROR", AckLevel.Failed)]
    [InlineData("PENDING", AckLevel.Pending)]
    [InlineData("SERVER_ACK", AckLevel.Server)]
    [InlineData("DELIVERY_ACK", AckLevel.Delivered)]
    [InlineData("READ", AckLevel.Read)]
    [InlineData("PLAYED", AckLevel.Played)]
    public void An_acknowledgement_is_known_by_keyId(string word, AckLevel level)
    {
        var acked = Read(
                $$$"""{"event":"messages.update","instance":"s","data":{"keyId":"A","fromMe":true,"status":"{{{word}}}","messageId":"row"}}"""
            )
            .ShouldBeOfType<GatewayEvent.MessageAcked>();

        (acked.Id, acked.Level).ShouldBe(("A", level));
    }

    [Theory]
    [InlineData("""{"keyId":"A","fromMe":true,"status":"DELETED"}""")]
    [InlineData("""{"keyId":"A","fromMe":false,"status":"READ"}""")]
    [InlineData("""{"fromMe":true,"status":"READ"}""")]
    [InlineData("null")]
    public void DELETED_and_what_is_not_ours_are_no_acknowledgement(string data) =>
        Read($$$"""{"event":"messages.update","instance":"s","data":{{{data}}}}""").ShouldBeOfType<GatewayEvent.Other>();

    [Fact]
    public void A_failure_that_names_463_tells_of_a_restriction() =>
        Read(
                """{"event":"messages.update","instance":"s","data":{"keyId":"A","fromMe":true,"status":"ERROR","messageStubParameters":["463"]}}"""
            )
            .ShouldBeOfType<GatewayEvent.MessageAcked>()
            .Cause.ShouldBe(RejectionCause.ChannelRestricted);

    [Theory]
    [InlineData("open", 200, SessionState.Connected)]
    [InlineData("connecting", 200, SessionState.Connecting)]
    [InlineData("close", 401, SessionState.LoggedOut)]
    [InlineData("close", 403, SessionState.Banned)]
    [InlineData("close", 440, SessionState.Conflict)]
    [InlineData("close", 428, SessionState.Stopped)]
    [InlineData("refused", 428, SessionState.NeedsPairing)]
    [InlineData("dreaming", 200, SessionState.Unknown)]
    public void A_connection_tells_its_state_and_why(string word, int code, SessionState state)
    {
        var change = Read(
                $$$"""{"event":"connection.update","instance":"s","data":{"state":"{{{word}}}","statusReason":{{{code}}},"wuid":"5511999990000:7@s.whatsapp.net"}}"""
            )
            .ShouldBeOfType<GatewayEvent.SessionChanged>();

        (change.Facts.State, change.Facts.Raw, change.Facts.Code, change.Facts.Phone).ShouldBe(
            (state, word, code == 200 ? null : code, "5511999990000")
        );
        change.TellsRestrictions.ShouldBeFalse();
    }

    [Fact]
    public void Status_instance_has_the_code_of_the_end() =>
        Read(
                """{"event":"status.instance","instance":"s","data":{"status":"closed","disconnectionReasonCode":"403","disconnectionObject":"{}"}}"""
            )
            .ShouldBeOfType<GatewayEvent.SessionChanged>()
            .Facts.State.ShouldBe(SessionState.Banned);

    [Theory]
    [InlineData("logout.instance", SessionState.LoggedOut)]
    [InlineData("remove.instance", SessionState.Stopped)]
    public void Events_whose_data_is_null_tell_all_the_same(string kind, SessionState state) =>
        Read($$"""{"event":"{{kind}}","instance":"s","data":null}""")
            .ShouldBeOfType<GatewayEvent.SessionChanged>()
            .Facts.State.ShouldBe(state);

    [Fact]
    public void A_code_is_shown_and_at_the_limit_there_is_none()
    {
        var shown = _reader.Read(
            Bytes(
                """{"event":"qrcode.updated","instance":"s","data":{"qrcode":{"code":"2@x","pairingCode":"ABCD1234","base64":"data:image/png;base64,iVBORw=="}}}"""
            )
        );
        var limit = Read(
            """{"event":"qrcode.updated","instance":"s","data":{"message":"QR code limit reached, please login again","statusCode":500}}"""
        );

        var code = shown.OfType<GatewayEvent.PairingShown>().Single().Code;
        (code.Text, code.Digits, code.Png!.Value.Length).ShouldBe(("2@x", "ABCD1234", 4));
        limit.ShouldBeOfType<GatewayEvent.SessionChanged>().Facts.State.ShouldBe(SessionState.NeedsPairing);
    }

    [Theory]
    [InlineData("MESSAGES_UPSERT")]
    [InlineData("messages.upsert")]
    public void Names_of_events_are_known_in_both_ways(string kind) =>
        Read(
                $$$"""{"event":"{{{kind}}}","instance":"s","data":{"key":{"id":"A","fromMe":false,"remoteJid":"1@s.whatsapp.net"},"messageTimestamp":1}}"""
            )
            .ShouldBeOfType<GatewayEvent.MessageSeen>();

    [Theory]
    [InlineData("""{"event":"presence.update","instance":"s","data":{}}""")]
    [InlineData("""{"event":"messages.upsert","instance":"s","data":{"key":{}}}""")]
    [InlineData("""{"event":"connection.update","instance":"s","data":"?"}""")]
    [InlineData("""{"event":"groups.upsert","instance":"s","data":[]}""")]
    public void What_nobody_here_needs_is_a_sign_of_life_all_the_same(string body) =>
        Read(body).ShouldBeOfType<GatewayEvent.Other>().Session.ShouldBe("s");

    [Fact]
    public void A_secret_in_a_header_is_compared_whole()
    {
        _reader.IsGenuine(With(EvolutionWebhooks.SecretHeader, Secret), Secret).ShouldBeTrue();
        _reader.IsGenuine(With(EvolutionWebhooks.SecretHeader, Secret + " "), Secret).ShouldBeFalse();
        _reader.IsGenuine(With("x-other", Secret), Secret).ShouldBeFalse();
        _reader.IsGenuine(With("x-other", Secret), null).ShouldBeTrue();
    }

    [Fact]
    public void A_token_of_jwt_key_is_genuine_when_it_is_signed_with_HS256_and_with_nothing_else()
    {
        _reader.IsGenuine(With("authorization", $"Bearer {Token("HS256", Secret)}"), Secret).ShouldBeTrue();
        _reader.IsGenuine(With("authorization", $"Bearer {Token("HS256", "another")}"), Secret).ShouldBeFalse();
        _reader.IsGenuine(With("authorization", $"Bearer {Token("none", Secret)}"), Secret).ShouldBeFalse();
        _reader.IsGenuine(With("authorization", $"Bearer {Token("HS256", Secret)[..^3]}"), Secret).ShouldBeFalse();
        _reader.IsGenuine(With("authorization", "Bearer"), Secret).ShouldBeFalse();
        _reader.IsGenuine(With("authorization", $"Bearer {Secret}"), Secret).ShouldBeFalse();
    }

    private GatewayEvent Read(string body) => _reader.Read(Bytes(body)).Single();

    private SessionMessage Message(string data) =>
        Read(
                $$$"""{"event":"messages.upsert","instance":"s","data":{{{data}}},"date_time":"1999-01-01T00:00:00.000Z","later":{"unknown":true}}"""
            )
            .ShouldBeOfType<GatewayEvent.MessageSeen>()
            .Message;

    private static WebhookRequest With(string header, string value) =>
        new(new Dictionary<string, string> { [header] = value }, Bytes("{}"));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Token(string algorithm, string key)
    {
        var signed = $"{Part($$"""{"alg":"{{algorithm}}","typ":"JWT"}""")}.{Part("""{"app":"evolution","action":"webhook"}""")}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Bytes(key), Bytes(signed)))}";
    }

    private static string Part(string json) => Base64Url.EncodeToString(Bytes(json));
}
