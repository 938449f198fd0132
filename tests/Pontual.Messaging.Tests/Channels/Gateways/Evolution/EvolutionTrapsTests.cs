using System.Net;
using System.Text.Json;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.Evolution;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.Evolution;

/// <summary>What Evolution's calls do otherwise than one would think: one test for each trap of the reference.</summary>
public sealed class EvolutionTrapsTests : GatewayRig
{
    public EvolutionTrapsTests()
        : base(new EvolutionConnector()) { }

    [Fact]
    public async Task An_error_that_comes_with_200_is_an_error()
    {
        World.Apply(GatewayKind.Evolution, new Fault(FaultKind.ErrorWith200));

        var list = await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.ListAsync(default));
        var webhook = await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.SetWebhookAsync(Ref, Wish, default));
        var sent = await SendAsync();

        (list.Fault, webhook.Fault).ShouldBe((GatewayFault.Failed, GatewayFault.Failed));
        sent.ShouldBeOfType<SendOutcome.Unknown>();
    }

    [Fact]
    public async Task A_restart_of_a_closed_instance_is_refused_with_200_and_object_Object_and_connecting_is_the_way()
    {
        Session.Apply(new Fault(FaultKind.Drop));

        await Gateway.Sessions.CureAsync(Ref, CureStep.Restart, SessionState.Zombie, null, default);

        World
            .Commands.Select(command => (command.Kind, command.Link))
            .ShouldBe([(CommandKind.Restart, Link.Closed), (CommandKind.Connect, Link.Closed)]);
        await PassAsync(TimeSpan.FromSeconds(5));
        Session.IsAlive.ShouldBeTrue();
    }

    [Theory]
    [InlineData(SessionState.Zombie, CommandKind.Restart)]
    [InlineData(SessionState.Connecting, CommandKind.Restart)]
    [InlineData(SessionState.Stopped, CommandKind.Connect)]
    public async Task The_state_decides_between_restart_and_connect(SessionState state, CommandKind told)
    {
        await Gateway.Sessions.CureAsync(Ref, CureStep.Restart, state, null, default);

        World.Commands.Select(command => command.Kind).ShouldBe([told]);
    }

    [Fact]
    public async Task A_count_of_0_is_no_code_yet()
    {
        Session.LogOut();

        var first = await Gateway.Sessions.PairAsync(Ref, default);
        Time.Advance(TimeSpan.FromSeconds(2));
        var second = await Gateway.Sessions.PairAsync(Ref, default);

        first.ShouldBeNull();
        second!.Text!.ShouldStartWith("2@");
        second.Png!.Value.Span[..4].ToArray().ShouldBe([0x89, 0x50, 0x4E, 0x47]);
    }

    [Fact]
    public async Task A_session_that_has_shown_all_its_codes_is_refused_by_webhook_reads_close_and_needs_pairing()
    {
        Session.LogOut();
        Session.Connect();
        await PassAsync(TimeSpan.FromSeconds(20 * 31));

        var facts = await SeenAsync();

        (facts.State, facts.Raw).ShouldBe((SessionState.NeedsPairing, "close"));
        Told().OfType<GatewayEvent.SessionChanged>().Last().Facts.Raw.ShouldBe("refused");
    }

    [Fact]
    public async Task A_passing_loss_is_never_told_as_close_only_as_connecting_and_open()
    {
        Session.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Itself, For = TimeSpan.FromSeconds(5) });
        var during = await SeenAsync();
        await PassAsync(TimeSpan.FromSeconds(15));

        during.State.ShouldBe(SessionState.Connecting);
        during.Note.ShouldNotBeNull();
        Told().OfType<GatewayEvent.SessionChanged>().Select(change => change.Facts.Raw).Distinct().ShouldBe(["connecting", "open"]);
    }

    [Fact]
    public async Task An_end_for_good_is_told_by_status_instance_then_logout_then_close()
    {
        Session.Apply(new Fault(FaultKind.LoggedOut));
        await World.QuietAsync();

        Hooks.Events.ShouldBe(["status.instance", "logout.instance", "connection.update"]);
        Told().OfType<GatewayEvent.SessionChanged>().ShouldAllBe(change => change.Facts.State == SessionState.LoggedOut);
        (await SeenAsync()).Code.ShouldBe(401);
    }

    [Fact]
    public async Task The_code_of_an_earlier_end_stays_in_the_row_and_is_not_believed()
    {
        Session.LogOut();
        Session.Connect();
        await PassAsync(TimeSpan.FromSeconds(2));
        Session.Scan();
        await PassAsync(TimeSpan.FromSeconds(5));

        var facts = await SeenAsync();

        (facts.State, facts.Code).ShouldBe((SessionState.Connected, null));
    }

    [Fact]
    public async Task An_end_that_no_webhook_tells_is_seen_in_the_list()
    {
        Session.Apply(new Fault(FaultKind.NoCloseEvent));
        Session.Apply(new Fault(FaultKind.Banned));
        await World.QuietAsync();

        Hooks.Came.ShouldBeEmpty();
        (await SeenAsync()).State.ShouldBe(SessionState.Banned);
    }

    [Fact]
    public async Task A_storm_of_connecting_reads_close_and_is_on_its_way_all_the_same()
    {
        Session.Apply(new Fault(FaultKind.ConnectStorm) { For = TimeSpan.FromSeconds(1) });
        Time.Advance(TimeSpan.FromMilliseconds(500));
        var facts = await SeenAsync();
        await PassAsync(TimeSpan.FromSeconds(1));

        (facts.State, facts.Raw).ShouldBe((SessionState.Connecting, "close"));
        Hooks.Came.Count.ShouldBeGreaterThan(100);
        Told().ShouldAllBe(told => told is GatewayEvent.SessionChanged);
    }

    [Fact]
    public async Task An_unknown_instance_is_404_even_with_a_wrong_key_so_404_says_nothing_of_the_key()
    {
        var stranger = Open(Address with { Secret = "wrong" });

        var unknown = await Should.ThrowAsync<GatewayException>(() => stranger.Sessions.PairAsync(new SessionRef("nobody"), default));
        var known = await Should.ThrowAsync<GatewayException>(() => stranger.Sessions.PairAsync(Ref, default));

        (unknown.Fault, known.Fault).ShouldBe((GatewayFault.NotFound, GatewayFault.Unauthorized));
    }

    [Fact]
    public async Task An_instance_can_be_reached_with_its_own_key()
    {
        var stranger = Open(Address with { Secret = "wrong" });

        var outcome = await stranger.Messages.SendAsync(
            new SessionRef(Session.Id, $"token-of-{Session.Id}"),
            new OutgoingMessage(Peer, "hi"),
            default
        );

        outcome.ShouldBeOfType<SendOutcome.Accepted>();
    }

    [Fact]
    public async Task A_201_with_PENDING_is_accepted_and_no_more()
    {
        Session.Apply(new Fault(FaultKind.Zombie));

        var outcome = await SendAsync();
        await PassAsync(TimeSpan.FromMinutes(1));

        outcome.ShouldBeOfType<SendOutcome.Accepted>();
        Told().OfType<GatewayEvent.MessageAcked>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_closed_instance_answers_500_reading_onWhatsApp_and_nothing_has_left()
    {
        Session.LogOut();

        var outcome = await SendAsync();

        outcome.ShouldBeOfType<SendOutcome.RejectedRetryable>().Cause.ShouldBe(RejectionCause.ChannelDown);
    }

    [Fact]
    public async Task A_dropped_socket_answers_500_Connection_Closed_which_proves_nothing()
    {
        Session.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Itself });

        (await SendAsync()).ShouldBeOfType<SendOutcome.Unknown>();
    }

    [Fact]
    public async Task A_restriction_comes_as_an_acknowledgement_that_failed()
    {
        Session.Apply(new Fault(FaultKind.Timelock));

        var outcome = await SendAsync();
        await PassAsync(TimeSpan.FromSeconds(10));

        var id = outcome.ShouldBeOfType<SendOutcome.Accepted>().Id;
        var ack = Told().OfType<GatewayEvent.MessageAcked>().Single();
        (ack.Id, ack.Level).ShouldBe((id, AckLevel.Failed));
    }

    [Fact]
    public async Task A_check_of_a_session_that_is_down_is_400_with_an_empty_body()
    {
        Session.LogOut();

        var trouble = await Should.ThrowAsync<GatewayException>(() => Gateway.Messages.CheckNumberAsync(Ref, Peer, default));

        (trouble.Fault, trouble.Status).ShouldBe((GatewayFault.NotReady, 400));
    }

    [Fact]
    public async Task A_check_can_come_from_a_table_so_a_zombie_is_probed_otherwise()
    {
        Session.Apply(new Fault(FaultKind.Zombie));

        var check = await Gateway.Messages.CheckNumberAsync(Ref, Phone, default);
        var probe = await Gateway.Sessions.ProbeAsync(Ref, Phone, default);

        check.Exists.ShouldBeTrue();
        probe.IsAlive.ShouldBe(false);
        World.Commands[^1].Kind.ShouldBe(CommandKind.Probe);
    }

    [Fact]
    public async Task A_licence_that_is_missing_is_told_as_that_and_is_not_tried_again()
    {
        World.Apply(GatewayKind.Evolution, new Fault(FaultKind.Unlicensed));

        var trouble = await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.ListAsync(default));
        var outcome = await SendAsync();

        trouble.Fault.ShouldBe(GatewayFault.Unlicensed);
        outcome.ShouldBeOfType<SendOutcome.RejectedRetryable>().Cause.ShouldBe(RejectionCause.ChannelStopped);
    }

    [Fact]
    public async Task A_webhook_that_was_never_set_is_null_and_one_that_is_off_is_told_so()
    {
        Session.Webhook = null;
        var never = await Gateway.Sessions.ReadWebhookAsync(Ref, default);
        Session.Webhook = new SimulatedWebhook(Hooks.Url) { IsEnabled = false };
        var off = await Gateway.Sessions.ReadWebhookAsync(Ref, default);

        never.ShouldBeNull();
        (off!.IsEnabled, off.Missing.Count > 5).ShouldBe((false, true));
    }

    [Fact]
    public async Task Events_that_we_need_and_that_are_not_sent_are_named()
    {
        Session.Webhook = new SimulatedWebhook(Hooks.Url) { Events = ["MESSAGES_UPSERT", "CALL"] };

        var setting = await Gateway.Sessions.ReadWebhookAsync(Ref, default);

        setting!.Missing.ShouldContain("CONNECTION_UPDATE");
        setting.Missing.ShouldNotContain("MESSAGES_UPSERT");
    }

    [Fact]
    public async Task The_list_of_events_is_always_sent_because_Evolution_breaks_without_it()
    {
        await Gateway.Sessions.SetWebhookAsync(Ref, Wish, default);

        Session.Webhook!.Events.ShouldContain("SEND_MESSAGE");
        Session.Webhook.Events.ShouldContain("STATUS_INSTANCE");
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

        var found = await Gateway.Messages.MessagesSinceAsync(Ref, since, 200, default);

        found.Select(message => message.Text).ShouldBe(Enumerable.Range(0, 130).Select(number => $"{number}"));
    }

    [Fact]
    public async Task A_medium_goes_to_its_own_route()
    {
        var picture = new OutgoingMedia(MediaKind.Image, "image/png", "a.png", new Uri("https://example.com/a.png"));
        var voice = new OutgoingMedia(MediaKind.Voice, "audio/ogg", "a.ogg", null, new byte[] { 1, 2 });

        await Gateway.Messages.SendAsync(Ref, new OutgoingMessage(Peer, "look") { Media = picture }, default);
        await Gateway.Messages.SendAsync(Ref, new OutgoingMessage(Peer, null) { Media = voice }, default);

        Session.Messages.Select(message => (message.Kind, message.Text)).ShouldBe([("image", "look"), ("audio", null)]);
    }

    [Fact]
    public async Task A_template_and_a_file_of_the_gateways_own_machine_are_not_sent()
    {
        var template = new OutgoingMessage(Peer, null) { Template = new OutgoingTemplate("reminder", "pt_BR", []) };
        var file = new OutgoingMessage(Peer, null)
        {
            Media = new OutgoingMedia(MediaKind.Document, "text/plain", "passwd", new Uri("file:///etc/passwd")),
        };

        (await Gateway.Messages.SendAsync(Ref, template, default)).ShouldBeOfType<SendOutcome.RejectedPermanent>();
        (await Gateway.Messages.SendAsync(Ref, file, default)).ShouldBeOfType<SendOutcome.RejectedPermanent>();
        World.Commands.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        """{"status":400,"error":"Bad Request","response":{"message":[["instance requires property \"text\""]]}}""",
        "instance requires property \"text\""
    )]
    [InlineData("""{"status":500,"error":"x","response":{"message":"broken"}}""", "broken")]
    [InlineData("""{"error":true,"message":"[object Object]"}""", "")]
    public void Reasons_are_texts_lists_and_lists_in_lists(string body, string reason) =>
        EvolutionWire.ReasonIn(JsonElement.Parse(body)).ShouldBe(reason);

    [Theory]
    [InlineData("open", "open", null, SessionState.Connected)]
    [InlineData("open", "close", null, SessionState.Connected)]
    [InlineData("connecting", "connecting", null, SessionState.NeedsPairing)]
    [InlineData("connecting", "close", null, SessionState.Connecting)]
    [InlineData("connecting", "open", null, SessionState.Connecting)]
    [InlineData("close", "open", null, SessionState.Connecting)]
    [InlineData("close", "open", 401, SessionState.Connecting)]
    [InlineData("close", "connecting", null, SessionState.NeedsPairing)]
    [InlineData("close", "close", null, SessionState.Stopped)]
    [InlineData("close", "close", 401, SessionState.LoggedOut)]
    [InlineData("close", "close", 402, SessionState.Banned)]
    [InlineData("close", "close", 403, SessionState.Banned)]
    [InlineData("close", "close", 406, SessionState.Banned)]
    [InlineData("close", "close", 440, SessionState.Conflict)]
    [InlineData("refused", "connecting", null, SessionState.NeedsPairing)]
    [InlineData(null, "open", null, SessionState.Stopped)]
    [InlineData("thinking", "open", null, SessionState.Unknown)]
    public void Memory_and_database_together_say_the_state(string? memory, string database, int? code, SessionState state) =>
        EvolutionStates.Of(memory, database, code).State.ShouldBe(state);

    [Fact]
    public async Task Logging_out_a_closed_instance_fails_in_2_3()
    {
        Session.LogOut();

        var trouble = await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.LogOutAsync(Ref, default));

        trouble.Status.ShouldBe((int)HttpStatusCode.BadRequest);
    }
}
