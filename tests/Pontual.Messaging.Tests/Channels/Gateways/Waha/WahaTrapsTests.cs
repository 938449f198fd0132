using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.Waha;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.Waha;

/// <summary>What WAHA's calls do otherwise than one would think: one test for each trap of the reference.</summary>
public sealed class WahaTrapsTests : GatewayRig
{
    public WahaTrapsTests()
        : base(new WahaConnector()) { }

    [Fact]
    public async Task A_stopped_session_is_listed_too()
    {
        Session.Stop();

        var facts = await SeenAsync();

        (facts.State, facts.Raw).ShouldBe((SessionState.Stopped, "STOPPED"));
    }

    [Theory]
    [InlineData("NOWEB")]
    [InlineData("WEBJS")]
    [InlineData("GOWS")]
    public async Task An_id_is_found_in_the_answer_of_each_engine_and_is_the_one_of_the_acknowledgements(string engine)
    {
        Session.Engine = engine;

        var id = (await SendAsync()).ShouldBeOfType<SendOutcome.Accepted>().Id;
        await PassAsync(TimeSpan.FromSeconds(10));

        id.ShouldBe(Session.Messages.Single().Id);
        Told().OfType<GatewayEvent.MessageAcked>().ShouldAllBe(ack => ack.Id == id);
        Told().OfType<GatewayEvent.MessageSeen>().ShouldAllBe(seen => seen.Message.Id == id && seen.Message.Chat == $"{Peer}@c.us");
    }

    [Fact]
    public async Task A_session_that_does_not_work_answers_422_and_nothing_was_sent()
    {
        Session.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Itself });

        var outcome = await SendAsync();
        var check = await Should.ThrowAsync<GatewayException>(() => Gateway.Messages.CheckNumberAsync(Ref, Peer, default));

        outcome.ShouldBeOfType<SendOutcome.RejectedRetryable>().Cause.ShouldBe(RejectionCause.ChannelDown);
        (check.Fault, check.MayHaveHappened).ShouldBe((GatewayFault.NotReady, false));
    }

    [Theory]
    [InlineData(FaultKind.Timelock, "463")]
    [InlineData(FaultKind.Capped, "475")]
    public async Task A_restriction_is_a_500_that_names_its_code_and_existing_chats_go_on(FaultKind fault, string code)
    {
        await SendAsync("5511977776666");
        Session.Apply(new Fault(fault));

        var newChat = await SendAsync();
        var oldChat = await SendAsync("5511977776666");

        var refused = newChat.ShouldBeOfType<SendOutcome.RejectedRetryable>();
        (refused.Cause, refused.Reason.Contains(code, StringComparison.Ordinal)).ShouldBe((RejectionCause.ChannelRestricted, true));
        oldChat.ShouldBeOfType<SendOutcome.Accepted>();
    }

    [Fact]
    public async Task A_restriction_is_told_with_the_session_which_goes_on_WORKING()
    {
        Session.Apply(new Fault(FaultKind.Timelock) { For = TimeSpan.FromHours(3) });
        Session.Apply(new Fault(FaultKind.Capped));

        var facts = await SeenAsync();

        facts.Raw.ShouldBe("WORKING");
        facts
            .Restrictions.Select(each => (each.Kind, each.Raw))
            .ShouldBe([(RestrictionKind.Restricted, "timelock DEFAULT"), (RestrictionKind.Restricted, "CAPPED")]);
        facts.Restrictions[0].Until.ShouldBe(Time.GetUtcNow() + TimeSpan.FromHours(3));
    }

    [Fact]
    public async Task A_restriction_is_asked_for_where_the_session_does_not_tell_it()
    {
        Session.Engine = "WEBJS";
        Session.Apply(new Fault(FaultKind.Timelock));

        (await SeenAsync()).Restrictions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_status_that_repeats_WORKING_tells_of_a_restriction_that_came_and_not_that_there_is_none_when_only_one_of_two_is_over()
    {
        Session.Apply(new Fault(FaultKind.Capped));
        Session.Apply(new Fault(FaultKind.Timelock) { For = TimeSpan.FromSeconds(30) });
        await World.QuietAsync();
        foreach (var webhook in Hooks.Came)
        {
            Connector.Webhooks.Read(webhook.Body).OfType<GatewayEvent.SessionChanged>().Single().TellsRestrictions.ShouldBeTrue();
        }

        var before = Hooks.Came.Count;
        await PassAsync(TimeSpan.FromSeconds(31));
        var bare = Without(Hooks.Came[before], "me");

        Connector.Webhooks.Read(bare).OfType<GatewayEvent.SessionChanged>().Single().TellsRestrictions.ShouldBeFalse();
        (await SeenAsync()).Restrictions.Single().Raw.ShouldBe("CAPPED");
    }

    [Fact]
    public async Task Webhooks_are_REPLACED_as_a_whole_and_that_restarts_so_it_is_no_step_for_a_session_that_works()
    {
        Traits.SetsWebhook.ShouldBeFalse();
        Traits.Steps.ShouldNotContain(CureStep.SetWebhook);

        await Gateway.Sessions.SetWebhookAsync(Ref, Wish, default);
        var during = Session.Link;
        await PassAsync(TimeSpan.FromSeconds(5));
        await Gateway.Sessions.SetWebhookAsync(Ref, Wish, default);

        during.ShouldBe(Link.Connecting);
        Session.IsAlive.ShouldBeTrue();
        World.Commands.Count(command => command.Kind == CommandKind.SetWebhook).ShouldBe(1, "what is as it should be is left alone");
    }

    [Fact]
    public async Task Other_peoples_webhooks_and_settings_are_kept()
    {
        var kept = JsonElement.Parse("""{"config":{"proxy":{"server":"p"},"webhooks":[{"url":"https://other","events":["message"]}]}}""");
        var (gateway, sent) = await RecordingAsync(kept);

        await gateway.Sessions.SetWebhookAsync(Ref, Wish, default);

        var config = JsonElement.Parse(sent().Single(each => each.Method == "PUT").Body).GetProperty("config");
        config.GetProperty("proxy").GetProperty("server").GetString().ShouldBe("p");
        config
            .GetProperty("webhooks")
            .EnumerateArray()
            .Select(each => each.GetProperty("url").GetString())
            .ShouldBe(["https://other", Hooks.Url]);
    }

    [Fact]
    public async Task A_restart_with_a_webhook_that_is_as_wished_only_restarts()
    {
        await Gateway.Sessions.SetWebhookAsync(Ref, Wish, default);
        await PassAsync(TimeSpan.FromSeconds(5));

        await Gateway.Sessions.CureAsync(Ref, CureStep.Restart, SessionState.Zombie, Wish, default);

        World.Commands.Select(command => command.Kind).ShouldBe([CommandKind.SetWebhook, CommandKind.Restart]);
    }

    [Fact]
    public async Task A_code_is_a_text_and_422_is_no_code()
    {
        var none = await Gateway.Sessions.PairAsync(Ref, default);
        Session.LogOut();
        Session.Connect();
        Time.Advance(TimeSpan.FromSeconds(2));
        var code = await Gateway.Sessions.PairAsync(Ref, default);

        none.ShouldBeNull();
        code!.Text!.ShouldStartWith("2@");
    }

    [Fact]
    public async Task A_logout_is_followed_by_a_start_that_shows_a_code()
    {
        await Gateway.Sessions.LogOutAsync(Ref, default);
        Time.Advance(TimeSpan.FromSeconds(2));

        (await SeenAsync()).State.ShouldBe(SessionState.NeedsPairing);
    }

    [Fact]
    public async Task Messages_of_all_chats_cannot_be_listed_with_every_engine()
    {
        Session.Engine = "WEBJS";

        await Should.ThrowAsync<GatewayException>(() => Gateway.Messages.MessagesSinceAsync(Ref, Time.GetUtcNow(), 10, default));
    }

    [Fact]
    public async Task Messages_are_found_over_more_than_one_page()
    {
        var since = Time.GetUtcNow();
        for (var number = 0; number < 130; number++)
        {
            Session.Receive(Peer, $"{number}");
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        var found = await Gateway.Messages.MessagesSinceAsync(Ref, since, 120, default);

        found.Select(message => message.Text).ShouldBe(Enumerable.Range(0, 120).Select(number => $"{number}"));
    }

    [Fact]
    public async Task Who_asks_for_both_events_gets_one_message_twice_with_one_id()
    {
        Session.Receive(Peer, "hello");
        await World.QuietAsync();

        Hooks.Events.ShouldBe(["message.any", "message"]);
        Told().OfType<GatewayEvent.MessageSeen>().Select(seen => seen.Message.Id).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_webhook_that_is_tried_again_is_byte_for_byte_the_same()
    {
        Hooks.Status = 500;
        Session.Receive(Peer, "hello");
        await PassAsync(TimeSpan.FromSeconds(7));

        var first = Hooks
            .Came.Where(webhook => webhook.Headers["x-webhook-request-id"] == Hooks.Came[0].Headers["x-webhook-request-id"])
            .ToList();
        first.Count.ShouldBeGreaterThan(1);
        first.Select(webhook => Convert.ToHexString(webhook.Body.Span)).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_message_typed_on_the_phone_is_told_from_one_of_ours()
    {
        Session.Type(Peer, "typed");
        await SendAsync();
        await World.QuietAsync();

        Told()
            .OfType<GatewayEvent.MessageSeen>()
            .Select(seen => (seen.Message.IsOurs, seen.Message.ByApi))
            .ShouldBe([(true, false), (true, true)]);
    }

    [Fact]
    public async Task A_failure_of_the_engine_echoes_our_request_and_none_of_it_is_told_on()
    {
        var echo =
            """{"statusCode":500,"exception":{"message":"broken"},"request":{"body":{"chatId":"5511988887777@c.us","text":"private words"}}}""";
        var (gateway, _) = await RecordingAsync(JsonElement.Parse(echo), status: 500);

        var outcome = await gateway.Messages.SendAsync(Ref, new OutgoingMessage(Peer, "private words"), default);

        var unknown = outcome.ShouldBeOfType<SendOutcome.Unknown>();
        unknown.Reason.ShouldContain("broken");
        unknown.Reason.ShouldNotContain("private words");
        unknown.Reason.ShouldNotContain(Peer);
    }

    [Theory]
    [InlineData("true_5511988887777@c.us_3EB0AA", "3EB0AA", "5511988887777@c.us")]
    [InlineData("false_120363@g.us_3EB0AA_5511988887777@c.us", "3EB0AA", "120363@g.us")]
    [InlineData("true_5511988887777@c.us_3EB0AA_out", "3EB0AA", "5511988887777@c.us")]
    [InlineData("3EB0AA", "3EB0AA", null)]
    public void The_bare_part_of_an_id_is_what_all_its_shapes_share(string id, string bare, string? chat) =>
        (WahaIds.Bare(id), WahaIds.ChatIn(id)).ShouldBe((bare, chat));

    [Theory]
    [InlineData("5511988887777", "5511988887777@c.us")]
    [InlineData("+55 11 98888-7777", "5511988887777@c.us")]
    [InlineData("5511988887777@s.whatsapp.net", "5511988887777@c.us")]
    [InlineData("123@lid", "123@lid")]
    [InlineData("120363@g.us", "120363@g.us")]
    public void A_recipient_becomes_the_id_of_a_chat(string to, string chat) => WahaIds.ChatOf(to).ShouldBe(chat);

    [Theory]
    [InlineData("WORKING", SessionState.Connected)]
    [InlineData("STARTING", SessionState.Connecting)]
    [InlineData("SCAN_QR_CODE", SessionState.NeedsPairing)]
    [InlineData("PASSKEY_REQUIRED", SessionState.NeedsPairing)]
    [InlineData("PASSKEY_CONFIRMATION_REQUIRED", SessionState.NeedsPairing)]
    [InlineData("FAILED", SessionState.Stopped)]
    [InlineData("STOPPED", SessionState.Stopped)]
    [InlineData("DREAMING", SessionState.Unknown)]
    [InlineData(null, SessionState.Unknown)]
    public void A_status_of_a_later_version_is_unknown_and_no_error(string? status, SessionState state) =>
        WahaStates.Of(status).State.ShouldBe(state);

    [Fact]
    public void A_message_under_a_hidden_id_has_its_number_where_the_engine_passes_it_on()
    {
        const string body = """
            {"event":"message.any","session":"s","payload":{"id":"false_123@lid_AA","timestamp":"1767225600","from":"123@lid","fromMe":false,"body":"oi",
             "unknown":{"deep":[1]},"_data":{"key":{"remoteJidAlt":"5511988887777@s.whatsapp.net"},"pushName":"Ana"}}}
            """;

        var seen = Connector.Webhooks.Read(Encoding.UTF8.GetBytes(body)).Single().ShouldBeOfType<GatewayEvent.MessageSeen>();

        (seen.Message.Chat, seen.Message.Phone, seen.Message.Name).ShouldBe(("123@lid", "5511988887777", "Ana"));
        seen.Message.At.ToUnixTimeSeconds().ShouldBe(1767225600);
    }

    [Theory]
    [InlineData("{\"event\":\"presence.update\",\"session\":\"s\",\"payload\":{}}")]
    [InlineData("{\"event\":\"message\",\"session\":\"s\",\"payload\":null}")]
    [InlineData("{\"event\":\"message.ack\",\"session\":\"s\",\"payload\":{\"id\":\"false_1@c.us_A\",\"fromMe\":false,\"ack\":3}}")]
    [InlineData("{\"event\":\"session.status\",\"session\":\"s\",\"payload\":[]}")]
    public void What_nobody_here_needs_is_a_sign_of_life_all_the_same(string body) =>
        Connector.Webhooks.Read(Encoding.UTF8.GetBytes(body)).Single().ShouldBeOfType<GatewayEvent.Other>().Session.ShouldBe("s");

    private static byte[] Without(WebhookRequest webhook, string name)
    {
        var json = JsonNode.Parse(webhook.Body.Span)!.AsObject();
        json.Remove(name);
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private async Task<(Gateway Gateway, Func<IReadOnlyList<AnsweringServer.Request>> Sent)> RecordingAsync(
        JsonElement answer,
        int status = 200
    )
    {
        var server = await AnsweringServer.StartAsync(status, answer.GetRawText());
        Servers.Add(server);
        return (Open(Address with { Url = new Uri(server.Url) }), () => server.Requests);
    }
}
