using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.CloudApi;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.CloudApi;

/// <summary>The Cloud API: what every connector must do, and each trap of this one.</summary>
public sealed class CloudApiContractTests : GatewayContractTests
{
    public CloudApiContractTests()
        : base(new CloudApiConnector()) { }

    protected override GatewayAddress Address => base.Address with { Account = SimulatedGateway.CloudAccount };

    protected override bool RefusesUnknownNumbers => false;

    protected override bool TellsGroups => false;

    protected override IReadOnlyDictionary<FaultKind, SessionState> States { get; } =
        new Dictionary<FaultKind, SessionState>
        {
            [FaultKind.Zombie] = SessionState.Connected,
            [FaultKind.LoggedOut] = SessionState.Stopped,
            [FaultKind.Banned] = SessionState.Banned,
            [FaultKind.Timelock] = SessionState.Restricted,
            [FaultKind.Capped] = SessionState.Connected,
        };

    [Fact]
    public async Task Quality_status_and_health_become_restrictions()
    {
        Session.Apply(new Fault(FaultKind.Timelock));
        var restricted = await SeenAsync();
        Session.End(FaultKind.Timelock);
        Session.Apply(new Fault(FaultKind.Capped));
        var warned = await SeenAsync();
        Session.End(FaultKind.Capped);
        var free = await SeenAsync();

        restricted
            .Restrictions.Select(each => each.Kind)
            .ShouldBe([RestrictionKind.Restricted, RestrictionKind.Restricted, RestrictionKind.Restricted]);
        warned.Restrictions.Select(each => each.Kind).Distinct().ShouldBe([RestrictionKind.Warning]);
        warned.Note!.ShouldContain("141000");
        (free.Restrictions.Count, free.Note).ShouldBe((0, null));
    }

    [Fact]
    public async Task Numbers_come_page_by_page_by_the_cursor_and_never_by_the_address_that_holds_the_token()
    {
        for (var i = 0; i < 60; i++)
        {
            World.Add(Connector.Kind, $"9000{i:D4}", $"55119{i:D8}");
        }

        (await Gateway.Sessions.ListAsync(default)).Select(each => each.Id).Distinct().Count().ShouldBe(61);
    }

    [Fact]
    public async Task Our_own_id_comes_back_with_every_status()
    {
        var message = new OutgoingMessage(Peer, "hi") { Reference = "msg_01J" };
        var accepted = (await Gateway.Messages.SendAsync(Ref, message, default)).ShouldBeOfType<SendOutcome.Accepted>();
        await PassAsync(TimeSpan.FromSeconds(10));

        var acks = Told().OfType<GatewayEvent.MessageAcked>().ToList();
        acks.Count.ShouldBe(3);
        acks.ShouldAllBe(ack => ack.Reference == "msg_01J" && ack.Id == accepted.Id && ack.At != null);
    }

    [Fact]
    public async Task A_number_without_WhatsApp_is_accepted_first_and_fails_later()
    {
        World.Forget(Peer);

        var accepted = (await SendAsync()).ShouldBeOfType<SendOutcome.Accepted>();
        await PassAsync(TimeSpan.FromSeconds(10));

        var failed = Told().OfType<GatewayEvent.MessageAcked>().ShouldHaveSingleItem();
        (failed.Id, failed.Level, failed.Cause).ShouldBe((accepted.Id, AckLevel.Failed, RejectionCause.NumberInvalid));
    }

    [Fact]
    public async Task A_template_that_is_held_for_its_quality_is_accepted()
    {
        var template = new OutgoingMessage(Peer, null) { Template = new OutgoingTemplate("reminder", "pt_BR", ["Ana"]) };

        (await Gateway.Messages.SendAsync(Ref, template, default)).ShouldBeOfType<SendOutcome.Accepted>();
    }

    [Theory]
    [InlineData(MediaKind.Image, "image/png")]
    [InlineData(MediaKind.Document, "application/pdf")]
    [InlineData(MediaKind.Voice, "audio/ogg")]
    public async Task Media_are_uploaded_first_or_go_by_address(MediaKind kind, string type)
    {
        var bytes = new OutgoingMessage(Peer, "veja") { Media = new OutgoingMedia(kind, type, "a.bin", null, new byte[] { 1, 2, 3 }) };
        var address = new OutgoingMessage(Peer, "veja")
        {
            Media = new OutgoingMedia(kind, type, "a.bin", new Uri("https://example.com/a")),
        };

        (await Gateway.Messages.SendAsync(Ref, bytes, default)).ShouldBeOfType<SendOutcome.Accepted>();
        (await Gateway.Messages.SendAsync(Ref, address, default)).ShouldBeOfType<SendOutcome.Accepted>();
        Session.Messages.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_medium_whose_upload_proves_nothing_has_sent_no_message()
    {
        World.Apply(Connector.Kind, new Fault(FaultKind.ServerError) { Times = 1 });
        var picture = new OutgoingMedia(MediaKind.Image, "image/png", "a.png", null, new byte[] { 1 });

        var outcome = await Gateway.Messages.SendAsync(Ref, new OutgoingMessage(Peer, null) { Media = picture }, default);

        outcome.ShouldBeOfType<SendOutcome.RejectedRetryable>();
        Session.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_hides_the_number_is_written_to_and_read_by_an_id()
    {
        const string hidden = "BR.13491208655302741918";
        Session.Receive(hidden, "oi");
        await World.QuietAsync();
        var seen = Told().OfType<GatewayEvent.MessageSeen>().ShouldHaveSingleItem().Message;

        var accepted = (await SendAsync(seen.Chat)).ShouldBeOfType<SendOutcome.Accepted>();

        (seen.Chat, seen.Phone, accepted.To).ShouldBe((hidden, null, hidden));
        Session.Messages[^1].Peer.ShouldBe(hidden);
    }

    [Fact]
    public async Task Meta_asks_an_address_before_it_takes_it_and_a_refusal_is_told()
    {
        var nowhere = new WebhookWish(new Uri($"{World.Url}/nothing-here/key"), WebhookSecret);

        var trouble = await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.SetWebhookAsync(Ref, nowhere, default));

        trouble.Message.ShouldContain("2200");
        trouble.Message.ShouldContain("404");
        Session.Webhook!.Url.ShouldBe(Hooks.Url);
    }

    [Fact]
    public async Task Without_an_account_nothing_is_asked()
    {
        var trouble = await Should.ThrowAsync<GatewayException>(() => Open(Address with { Account = null }).Sessions.ListAsync(default));

        trouble.Fault.ShouldBe(GatewayFault.NotReady);
        trouble.Message.ShouldContain("'account'");
    }

    [Fact]
    public async Task A_number_that_is_blocked_in_an_account_is_told_by_webhook_without_a_session()
    {
        Session.Apply(new Fault(FaultKind.Timelock));
        Session.Apply(new Fault(FaultKind.Banned));
        await World.QuietAsync();

        var told = Told().OfType<GatewayEvent.SessionChanged>().ToList();
        told.Select(each => each.Session).ShouldBe(["", ""]);
        (told[0].Facts.Phone, told[0].TellsRestrictions).ShouldBe((Phone, true));
        told[1].Facts.State.ShouldBe(SessionState.Banned);
    }
}
