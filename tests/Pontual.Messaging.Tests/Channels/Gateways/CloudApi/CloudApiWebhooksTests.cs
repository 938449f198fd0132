using System.Security.Cryptography;
using System.Text;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.CloudApi;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.CloudApi;

/// <summary>Meta's webhooks: each trap of what it sends.</summary>
public class CloudApiWebhooksTests
{
    private readonly CloudApiWebhooks _reader = new();

    [Fact]
    public void A_message_received_is_read_and_its_time_is_a_text_of_seconds()
    {
        var seen = Messages(
                """
                "contacts":[{"profile":{"name":"Ana"},"wa_id":"5511999990000","user_id":"BR.15025"}],
                "messages":[{"from":"5511999990000","id":"wamid.A","timestamp":"1767225600","type":"text","text":{"body":"oi"}}]
                """
            )
            .ShouldHaveSingleItem()
            .ShouldBeOfType<GatewayEvent.MessageSeen>();

        seen.ShouldBe(
            new GatewayEvent.MessageSeen(
                "111",
                new SessionMessage("wamid.A", IsOurs: false, "5511999990000", DateTimeOffset.FromUnixTimeSeconds(1767225600))
                {
                    Phone = "5511999990000",
                    Name = "Ana",
                    Text = "oi",
                }
            )
        );
    }

    [Fact]
    public void Who_hides_the_number_is_known_by_an_id_and_has_no_phone()
    {
        var message = Messages(
                """
                "contacts":[{"profile":{"name":"Ana","username":"ana"},"user_id":"BR.13491208655302741918"}],
                "messages":[{"id":"wamid.B","timestamp":"1767225600","type":"text","text":{"body":"oi"}}]
                """
            )
            .ShouldHaveSingleItem()
            .ShouldBeOfType<GatewayEvent.MessageSeen>()
            .Message;

        (message.Chat, message.Phone, message.Name).ShouldBe(("BR.13491208655302741918", null, "Ana"));
    }

    [Fact]
    public void Several_messages_and_statuses_of_several_numbers_come_in_one_webhook()
    {
        var body = $$"""
            {"object":"whatsapp_business_account","entry":[
              {"id":"W","changes":[{{Change(
                """  "statuses":[{"id":"wamid.1","status":"sent","timestamp":"1767225600"},{"id":"wamid.2","status":"read","timestamp":"1767225601"}] """
            )}}]},
              {"id":"W","changes":[{{Change(
                """  "messages":[{"from":"5511999990000","id":"wamid.3","timestamp":"1","type":"text","text":{"body":"a"}}] """,
                "222"
            )}},
                                   {{Change(
                """  "messages":[{"from":"5511999990000","id":"wamid.4","timestamp":"1","type":"image","image":{"caption":"b"}}] """,
                "333"
            )}}]}]}
            """;

        var events = _reader.Read(Encoding.UTF8.GetBytes(body));

        events.Select(each => each.Session).ShouldBe(["111", "111", "222", "333"]);
        _reader.SessionOf(Encoding.UTF8.GetBytes(body)).ShouldBe("111");
        _reader.EventOf(Encoding.UTF8.GetBytes(body)).ShouldBe("messages");
    }

    [Theory]
    [InlineData("sent", AckLevel.Server)]
    [InlineData("delivered", AckLevel.Delivered)]
    [InlineData("read", AckLevel.Read)]
    [InlineData("played", AckLevel.Played)]
    public void What_became_of_a_message_brings_our_own_id_back(string status, AckLevel level)
    {
        var acked = Messages(
                $$""" "statuses":[{"id":"wamid.A","status":"{{status}}","timestamp":"1767225605","recipient_id":"55","biz_opaque_callback_data":"msg_01"}] """
            )
            .ShouldHaveSingleItem()
            .ShouldBeOfType<GatewayEvent.MessageAcked>();

        acked.ShouldBe(
            new GatewayEvent.MessageAcked("111", "wamid.A", level)
            {
                At = DateTimeOffset.FromUnixTimeSeconds(1767225605),
                Reference = "msg_01",
            }
        );
    }

    [Theory]
    [InlineData(131026, RejectionCause.NumberInvalid)]
    [InlineData(131047, RejectionCause.OutsideWindow)]
    [InlineData(131048, RejectionCause.ChannelRestricted)]
    [InlineData(131049, RejectionCause.RecipientPaced)]
    [InlineData(131050, RejectionCause.OptedOut)]
    [InlineData(130472, RejectionCause.Other)]
    [InlineData(131042, RejectionCause.ChannelStopped)]
    [InlineData(999999, RejectionCause.Other)]
    public void A_failure_after_it_was_accepted_is_told_with_its_cause(int code, RejectionCause cause)
    {
        var acked = Messages(
                $$$""" "statuses":[{"id":"wamid.A","status":"failed","timestamp":"1767225605","errors":[{"code":{{{code}}},"title":"T","message":"M","error_data":{"details":"D"}}]}] """
            )
            .ShouldHaveSingleItem()
            .ShouldBeOfType<GatewayEvent.MessageAcked>();

        (acked.Level, acked.Cause, acked.Error).ShouldBe((AckLevel.Failed, cause, $"{code} M: D"));
    }

    [Fact]
    public void What_a_person_writes_in_the_app_on_a_shared_number_is_ours_and_not_by_the_API()
    {
        var body =
            $$"""{"entry":[{"changes":[{{Change(""" "message_echoes":[{"from":"5511888880000","to":"5511999990000","id":"wamid.E","timestamp":"1767225600","type":"text","text":{"body":"já vai"}}] """, field: "smb_message_echoes")}}]}]}""";

        var message = Read(body).ShouldHaveSingleItem().ShouldBeOfType<GatewayEvent.MessageSeen>().Message;

        (message.IsOurs, message.ByApi, message.Chat, message.Text).ShouldBe((true, false, "5511999990000", "já vai"));
    }

    [Theory]
    [InlineData("""{"type":"button","button":{"text":"Sim"}}""", "text", "Sim")]
    [InlineData("""{"type":"interactive","interactive":{"button_reply":{"title":"Sim"}}}""", "interactive", "Sim")]
    [InlineData("""{"type":"image","image":{"id":"1","caption":"veja"}}""", "image", "veja")]
    [InlineData("""{"type":"voice","voice":{"id":"1"}}""", "audio", null)]
    [InlineData("""{"type":"reaction","reaction":{"emoji":"x"}}""", "reaction", "x")]
    [InlineData("""{"type":"something_new","something_new":[]}""", "something_new", null)]
    public void All_sorts_of_messages_are_read(string message, string kind, string? text)
    {
        var inner = message.Insert(1, "\"from\":\"5511999990000\",\"id\":\"wamid.A\",\"timestamp\":1767225600,");

        var seen = Messages($" \"messages\":[{inner}] ").ShouldHaveSingleItem().ShouldBeOfType<GatewayEvent.MessageSeen>().Message;

        (seen.Kind, seen.Text).ShouldBe((kind, text));
    }

    [Theory]
    [InlineData("FLAGGED", true)]
    [InlineData("DOWNGRADE", true)]
    [InlineData("UNFLAGGED", false)]
    [InlineData("THROUGHPUT_UPGRADE", false)]
    public void Quality_names_the_number_and_no_session_and_only_a_warning_tells_restrictions(string said, bool warns)
    {
        var changed = Read(
                $$"""{"entry":[{"id":"W","changes":[{"value":{"display_phone_number":"+55 11 88888-0000","event":"{{said}}","max_daily_conversations_per_business":"TIER_2K"},"field":"phone_number_quality_update"}]}]}"""
            )
            .ShouldHaveSingleItem()
            .ShouldBeOfType<GatewayEvent.SessionChanged>();

        (changed.Session, changed.Facts.Phone, changed.Facts.State, changed.TellsRestrictions).ShouldBe(
            ("", "5511888880000", SessionState.Unknown, warns)
        );
        changed.Facts.Restrictions.Select(each => each.Kind).ShouldBe(warns ? [RestrictionKind.Warning] : []);
    }

    [Theory]
    [InlineData(1767312000, "1767312000")]
    [InlineData(1767312000, "\"2026-01-02T00:00:00.000Z\"")]
    public void A_restriction_of_the_account_has_an_end_as_a_number_or_a_date(long end, string written)
    {
        var changed = Account(
            $$"""{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":{{written}}},{"restriction_type":"RESTRICTED_ADD_PHONE_NUMBER_ACTION","expiration":1}]}"""
        );

        changed.TellsRestrictions.ShouldBeTrue();
        changed
            .Facts.Restrictions.ShouldHaveSingleItem()
            .ShouldBe(
                new Restriction(RestrictionKind.Restricted, "RESTRICTED_BIZ_INITIATED_MESSAGING", DateTimeOffset.FromUnixTimeSeconds(end))
            );
    }

    [Fact]
    public void An_account_that_is_switched_off_is_banned_and_one_that_is_given_back_is_free()
    {
        var off = Account("""{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE","waba_ban_date":"October 9, 2026"}}""");
        var soon = Account(
            """{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"SCHEDULE_FOR_DISABLE","waba_ban_date":"October 9, 2026"}}"""
        );
        var back = Account("""{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"REINSTATE"}}""");

        (off.Facts.State, off.Facts.Restrictions[0].Kind).ShouldBe((SessionState.Banned, RestrictionKind.Blocked));
        soon.Facts.Restrictions.ShouldHaveSingleItem().Kind.ShouldBe(RestrictionKind.Warning);
        (back.TellsRestrictions, back.Facts.Restrictions.Count).ShouldBe((true, 0));
    }

    [Theory]
    [InlineData("""{"event":"VERIFIED_ACCOUNT"}""")]
    [InlineData("""{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_USER_INITIATED_CALLING"}]}""")]
    public void What_does_not_touch_messages_changes_nothing(string value) => Accounts(value).ShouldBeOfType<GatewayEvent.Other>();

    [Theory]
    [InlineData("right", true)]
    [InlineData("wrong", false)]
    public void The_signature_is_over_the_bytes_as_they_came(string secret, bool isGenuine)
    {
        var body = "{ \"entry\" : [ ] , \"x\":\"\\u00e1\" }"u8.ToArray();
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData("right"u8, body));

        _reader.IsGenuine(Signed($"sha256={signature}", body), secret).ShouldBe(isGenuine);
        _reader.IsGenuine(Signed($"sha256={signature}", [.. body, (byte)' ']), secret).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256=zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void What_is_not_signed_is_refused_where_a_secret_is_agreed(string? signature)
    {
        _reader.IsGenuine(Signed(signature, "{}"u8.ToArray()), "right").ShouldBeFalse();
        _reader.IsGenuine(Signed(signature, "{}"u8.ToArray()), null).ShouldBeTrue();
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("""{"entry":{}}""")]
    [InlineData("""{"entry":[{"changes":[{"value":{}}]}]}""")]
    [InlineData("""{"entry":[{"changes":[{"field":"messages","value":{"messages":[{"id":"a","timestamp":"1","from":"5"}]}}]}]}""")]
    [InlineData(
        """{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"messages":[{"timestamp":"1","from":"5"}]}}]}]}"""
    )]
    public void What_cannot_be_understood_is_said_so(string body) =>
        Should.Throw<WebhookFormatException>(() => _reader.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Meta_gets_its_challenge_back_only_for_the_right_token()
    {
        var token = CloudApiHandshake.TokenOf(new Uri("https://pontual.example.com/hooks/wa/K3y-Abc"));

        token.ShouldBe(CloudApiHandshake.TokenOf("K3y-Abc"));
        token.ShouldNotContain("K3y");
        CloudApiHandshake.Answer("subscribe", token, "1158201444", token).ShouldBe("1158201444");
        CloudApiHandshake.Answer("subscribe", "other", "1158201444", token).ShouldBeNull();
        CloudApiHandshake.Answer("unsubscribe", token, "1158201444", token).ShouldBeNull();
        CloudApiHandshake.Answer("subscribe", "", "1158201444", "").ShouldBeNull();
        CloudApiHandshake.Answer("subscribe", null, "1158201444", token).ShouldBeNull();
    }

    private static WebhookRequest Signed(string? signature, byte[] body) =>
        new(
            signature is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["x-hub-signature-256"] = signature },
            body
        );

    private static string Change(string inner, string number = "111", string field = "messages") =>
        $$"""{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"5511888880000","phone_number_id":"{{number}}"},{{inner}}},"field":"{{field}}"}""";

    private IReadOnlyList<GatewayEvent> Messages(string inner) => Read($$"""{"entry":[{"id":"W","changes":[{{Change(inner)}}]}]}""");

    private GatewayEvent Accounts(string value) =>
        Read($$"""{"entry":[{"id":"W","changes":[{"field":"account_update","value":{{value}}}]}]}""").ShouldHaveSingleItem();

    private GatewayEvent.SessionChanged Account(string value) => Accounts(value).ShouldBeOfType<GatewayEvent.SessionChanged>();

    private IReadOnlyList<GatewayEvent> Read(string body) => _reader.Read(Encoding.UTF8.GetBytes(body));
}
