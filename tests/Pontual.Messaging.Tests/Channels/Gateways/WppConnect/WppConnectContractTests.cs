using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.WppConnect;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.WppConnect;

/// <summary>WPPConnect-Server: what every connector must do, and each trap of this one.</summary>
public sealed class WppConnectContractTests : GatewayContractTests
{
    public WppConnectContractTests()
        : base(new WppConnectConnector()) { }

    protected override bool SignsWebhooks => false;

    protected override SimulationOptions Options => base.Options with { WppConnectTellsOwn = true };

    protected override IReadOnlyDictionary<FaultKind, SessionState> States { get; } =
        new Dictionary<FaultKind, SessionState>
        {
            [FaultKind.Drop] = SessionState.Stopped,
            [FaultKind.Zombie] = SessionState.Connected,
            [FaultKind.LoggedOut] = SessionState.Stopped,
            [FaultKind.Banned] = SessionState.Stopped,
            [FaultKind.QrLoop] = SessionState.Connecting,
            [FaultKind.Timelock] = SessionState.Connected,
        };

    [Fact]
    public async Task A_token_is_made_once_for_a_session_and_kept()
    {
        for (var i = 0; i < 3; i++)
        {
            (await SeenAsync()).Phone.ShouldBe(Phone);
        }

        // What is asked over and over: the list, the state, the connection. The token and the device only once.
        World.Commands.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_start_while_it_is_initializing_does_nothing_so_it_is_closed_first_though_that_answers_500()
    {
        Session.Apply(new Fault(FaultKind.QrLoop));
        Time.Advance(TimeSpan.FromMinutes(8));
        (await SeenAsync()).State.ShouldBe(SessionState.Connecting);
        Session.End(FaultKind.QrLoop);
        Session.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Itself, For = TimeSpan.FromHours(1) });

        await CureAsync(SessionState.Connecting);

        World.Commands.Select(command => command.Kind).ShouldBe([CommandKind.Stop, CommandKind.Start]);
        World.Commands[1].Link.ShouldBe(Link.Stopped);
    }

    [Fact]
    public async Task A_start_without_a_webhook_forgets_it_so_it_is_told_again()
    {
        await Gateway.Sessions.CureAsync(Ref, CureStep.StopStart, SessionState.Connected, null, default);
        Session.Webhook.ShouldBeNull();

        await CureAsync(SessionState.Connected);

        Session.Webhook!.Url.ShouldBe(Hooks.Url);
    }

    [Fact]
    public async Task What_it_cannot_do_with_webhooks_is_said_and_not_made_up()
    {
        (Traits.TellsWebhook, Traits.SetsWebhook, Traits.CountsActivity, Traits.TellsRestrictions).ShouldBe((false, false, false, false));
        var wish = new WebhookWish(new Uri(Hooks.Url), null);

        (await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.SetWebhookAsync(Ref, wish, default))).Fault.ShouldBe(
            GatewayFault.NotReady
        );
        (await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.ReadWebhookAsync(Ref, default))).Fault.ShouldBe(
            GatewayFault.NotReady
        );
        (
            await Should.ThrowAsync<GatewayException>(() =>
                Gateway.Sessions.CureAsync(Ref, CureStep.Restart, SessionState.Connected, null, default)
            )
        ).Fault.ShouldBe(GatewayFault.NotReady);
        World.Commands.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_bodies_of_401_both_say_that_the_token_is_refused()
    {
        var wrong = new SessionRef(Session.Id, "a-token-that-opens-nothing");

        var trouble = await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.ProbeAsync(wrong, Phone, default));
        var outcome = await Gateway.Messages.SendAsync(wrong, new OutgoingMessage(Peer, "hi"), default);

        trouble.Fault.ShouldBe(GatewayFault.Unauthorized);
        outcome.ShouldBeOfType<SendOutcome.RejectedRetryable>().Cause.ShouldBe(RejectionCause.ChannelStopped);
        $"{trouble.Message}{outcome}".ShouldNotContain("opens-nothing");
        Session.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_400_that_was_sent_is_unknown_because_the_number_exists_after_all()
    {
        Session.Apply(new Fault(FaultKind.LookupFails) { Times = 1 });

        (await SendAsync()).ShouldBeOfType<SendOutcome.Unknown>().Reason.ShouldContain("may have left");
        Session.Messages.ShouldHaveSingleItem().Text.ShouldBe("hi");
    }

    [Fact]
    public async Task The_400_is_unknown_as_long_as_a_second_look_does_not_settle_it()
    {
        Session.Apply(new Fault(FaultKind.LookupFails) { Times = 2 });

        (await SendAsync()).ShouldBeOfType<SendOutcome.Unknown>();
    }

    [Theory]
    [InlineData("5511988887777,5511977776666")]
    [InlineData("5511988887777;5511977776666")]
    [InlineData("")]
    [InlineData("@g.us")]
    [InlineData("status@broadcast")]
    public async Task A_recipient_is_one_recipient(string to)
    {
        (await SendAsync(to)).ShouldBeOfType<SendOutcome.RejectedPermanent>().Cause.ShouldBe(RejectionCause.BadMessage);
        World.Commands.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("5511988887777", "5511988887777@c.us")]
    [InlineData("+5511988887777", "5511988887777@c.us")]
    [InlineData("5511988887777@c.us", "5511988887777@c.us")]
    [InlineData("123456789012345", "123456789012345@lid")]
    [InlineData("123456789012345@lid", "123456789012345@lid")]
    [InlineData("120363000000000001@g.us", "120363000000000001@g.us")]
    public async Task Recipients_are_numbers_hidden_numbers_and_groups(string to, string chat)
    {
        var accepted = (await SendAsync(to)).ShouldBeOfType<SendOutcome.Accepted>();
        Time.Advance(TimeSpan.FromSeconds(2));
        await World.QuietAsync();

        accepted.To.ShouldBe(chat);
        Told().OfType<GatewayEvent.MessageAcked>().ShouldContain(ack => ack.Id == accepted.Id);
    }

    [Theory]
    [InlineData(MediaKind.Image, "image/png")]
    [InlineData(MediaKind.Document, "application/pdf")]
    [InlineData(MediaKind.Voice, "audio/ogg")]
    public async Task Media_go_as_bytes_or_by_address(MediaKind kind, string type)
    {
        var bytes = new OutgoingMessage(Peer, "veja") { Media = new OutgoingMedia(kind, type, "a.bin", null, new byte[] { 1, 2, 3 }) };
        var address = new OutgoingMessage(Peer, "veja")
        {
            Media = new OutgoingMedia(kind, type, "a.bin", new Uri("https://example.com/a")),
        };
        var file = new OutgoingMessage(Peer, "veja") { Media = new OutgoingMedia(kind, type, "a.bin", new Uri("file:///etc/passwd")) };

        (await Gateway.Messages.SendAsync(Ref, bytes, default)).ShouldBeOfType<SendOutcome.Accepted>();
        (await Gateway.Messages.SendAsync(Ref, address, default)).ShouldBeOfType<SendOutcome.Accepted>();
        (await Gateway.Messages.SendAsync(Ref, file, default)).ShouldBeOfType<SendOutcome.RejectedPermanent>();
        Session.Messages.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_typed_on_the_phone_is_told_only_where_the_server_is_set_to()
    {
        Session.Type(Peer, "já vai");
        await World.QuietAsync();

        var seen = Told().OfType<GatewayEvent.MessageSeen>().ShouldHaveSingleItem().Message;
        (seen.IsOurs, seen.ByApi, seen.Chat).ShouldBe((true, null, $"{Peer}@c.us"));
    }

    [Fact]
    public async Task A_webhook_that_was_refused_never_comes_again()
    {
        Hooks.Status = 503;
        Session.Receive(Peer, "lost");
        await PassAsync(TimeSpan.FromMinutes(1));

        World.Deliveries.ShouldHaveSingleItem().Status.ShouldBe(503);
    }

    [Fact]
    public async Task The_device_answers_from_memory_and_only_the_platform_tells_a_zombie()
    {
        Session.Apply(new Fault(FaultKind.Zombie));

        var probe = await Gateway.Sessions.ProbeAsync(Ref, Phone, default);

        probe.IsAlive.ShouldBe(false);
        probe.Detail.ShouldContain("host-device answered, but the check of its own number did not");
    }

    [Fact]
    public async Task A_session_that_is_not_connected_does_not_answer_a_probe()
    {
        Session.Apply(new Fault(FaultKind.Drop));

        (await Gateway.Sessions.ProbeAsync(Ref, Phone, default)).IsAlive.ShouldBe(false);
    }

    [Fact]
    public async Task Messages_are_found_in_all_chats_page_after_page()
    {
        var since = Time.GetUtcNow();
        for (var i = 0; i < 120; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Session.Receive($"55119{i:D8}", $"message {i}");
        }

        var found = await Gateway.Messages.MessagesSinceAsync(Ref, since, 1000, default);

        found.Select(message => message.Text).ShouldBe(Enumerable.Range(0, 120).Select(i => $"message {i}"));
    }

    [Fact]
    public async Task A_long_chat_is_read_back_to_where_it_was_missed()
    {
        Session.Receive(Peer, "long before");
        Time.Advance(TimeSpan.FromHours(1));
        var since = Time.GetUtcNow();
        for (var i = 0; i < 130; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Session.Receive(Peer, $"message {i}");
        }

        var found = await Gateway.Messages.MessagesSinceAsync(Ref, since, 1000, default);

        found.Select(message => message.Text).ShouldBe(Enumerable.Range(0, 130).Select(i => $"message {i}"));
    }

    [Fact]
    public async Task An_error_that_comes_with_200_is_no_message_and_no_list()
    {
        await SeenAsync();
        World.Apply(Connector.Kind, new Fault(FaultKind.ErrorWith200));

        (await SendAsync()).ShouldBeOfType<SendOutcome.Unknown>();
        (await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.ListAsync(default))).Fault.ShouldBe(GatewayFault.Failed);
        (await Should.ThrowAsync<GatewayException>(() => Gateway.Messages.CheckNumberAsync(Ref, Peer, default))).Fault.ShouldBe(
            GatewayFault.Failed
        );
    }

    [Fact]
    public async Task The_end_is_told_with_the_misspelt_word_of_the_library()
    {
        Session.LogOut();
        await World.QuietAsync();

        Hooks.Bodies[^1].ShouldContain("desconnectedMobile");
        Told().OfType<GatewayEvent.SessionChanged>().Last().Facts.State.ShouldBe(SessionState.LoggedOut);
    }

    private Task CureAsync(SessionState state) =>
        Gateway.Sessions.CureAsync(Ref, CureStep.StopStart, state, new WebhookWish(new Uri(Hooks.Url), WebhookSecret), default);
}
