using System.Text;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways;

/// <summary>What every connector must do, tried against the simulated gateway over real HTTP. What a gateway cannot do is said by its traits and passed over.</summary>
public abstract class GatewayContractTests(IGatewayConnector connector) : GatewayRig(connector)
{
    /// <summary>What some faults are to be seen as.</summary>
    protected abstract IReadOnlyDictionary<FaultKind, SessionState> States { get; }

    /// <summary>Whether the gateway says at once that a number has no WhatsApp.</summary>
    protected virtual bool RefusesUnknownNumbers => true;

    /// <summary>Whether webhooks carry a signature or a secret.</summary>
    protected virtual bool SignsWebhooks => true;

    /// <summary>Whether the signature is over the body.</summary>
    protected virtual bool SignsBodies => true;

    /// <summary>Whether the writer of a group message is told.</summary>
    protected virtual bool TellsGroups => true;

    [Fact]
    public async Task A_session_that_works_is_listed_as_connected()
    {
        var facts = await SeenAsync();

        (facts.Id, facts.State).ShouldBe((Id, SessionState.Connected));
        facts.Raw.ShouldNotBeEmpty();
        (facts.Phone ?? Phone).ShouldBe(Phone);
    }

    [Fact]
    public async Task What_goes_wrong_is_seen_in_our_words()
    {
        foreach (var (fault, state) in States)
        {
            World.Add(Connector.Kind, fault.Word(), Phone).Apply(new Fault(fault));
        }

        Time.Advance(TimeSpan.FromSeconds(2));
        var facts = (await Gateway.Sessions.ListAsync(default)).ToDictionary(each => each.Id, each => each.State);

        facts.Count.ShouldBe(States.Count + 1);
        States.ToDictionary(each => each.Key, each => facts[each.Key.Word()]).ShouldBe(States.ToDictionary());
    }

    [Fact]
    public async Task A_gateway_that_breaks_the_connection_or_is_not_there_is_told_apart()
    {
        World.Apply(Connector.Kind, new Fault(FaultKind.GatewayDown) { Times = 1 });
        var broken = await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.ListAsync(default));
        var nowhere = Open(Address with { Url = new Uri("http://127.0.0.1:1") });
        var refused = await Should.ThrowAsync<GatewayException>(() => nowhere.Sessions.ListAsync(default));

        broken.Fault.ShouldBe(GatewayFault.Broken);
        refused.Fault.ShouldBe(GatewayFault.Refused);
    }

    [Fact]
    public async Task A_wrong_key_is_told_without_telling_the_key()
    {
        const string wrong = "a-key-that-opens-nothing";
        var stranger = Open(Address with { Secret = wrong });

        var trouble = await Should.ThrowAsync<GatewayException>(() => stranger.Sessions.ListAsync(default));

        trouble.Fault.ShouldBe(GatewayFault.Unauthorized);
        trouble.Message.ShouldNotContain(wrong);
    }

    [Fact]
    public async Task Too_many_requests_say_how_long_to_wait()
    {
        World.Apply(Connector.Kind, new Fault(FaultKind.TooMany) { Times = 1 });

        var trouble = await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.ListAsync(default));

        (trouble.Fault, trouble.Wait).ShouldBe((GatewayFault.TooMany, TimeSpan.FromSeconds(7)));
    }

    [Fact]
    public async Task Each_step_of_a_cure_does_what_it_says()
    {
        foreach (var step in Traits.Steps.Where(step => step is CureStep.Restart or CureStep.StopStart))
        {
            Session.Apply(new Fault(FaultKind.Drop) { Recovery = step is CureStep.Restart ? Recovery.Restart : Recovery.StopStart });
            var state = (await SeenAsync()).State;

            await Gateway.Sessions.CureAsync(Ref, step, state, Wish, default);
            await PassAsync(TimeSpan.FromSeconds(10));

            Session.IsAlive.ShouldBeTrue($"{step} of a session that was {state}");
            Session.Webhook!.Url.ShouldBe(Hooks.Url);
            Session.IsPaired.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_webhook_that_went_elsewhere_is_found_and_set_back()
    {
        if (!Traits.TellsWebhook)
        {
            return;
        }

        Session.Apply(new Fault(FaultKind.WebhookStolen));
        var stolen = await Gateway.Sessions.ReadWebhookAsync(Ref, default);
        await Gateway.Sessions.SetWebhookAsync(Ref, Wish, default);
        var set = await Gateway.Sessions.ReadWebhookAsync(Ref, default);

        stolen!.Url.ShouldNotBe(Hooks.Url);
        (set!.Url, set.IsEnabled).ShouldBe((Hooks.Url, true));
        set.Missing.ShouldBeEmpty();
        await PassAsync(TimeSpan.FromSeconds(10));
        Session.Receive(Peer, "hello again");
        await World.QuietAsync();
        Hooks.Came.ShouldContain(webhook => Connector.Webhooks.IsGenuine(webhook, WebhookSecret) && Seen(webhook).Any());
    }

    [Fact]
    public async Task A_code_is_shown_to_a_session_that_needs_one_and_to_no_other()
    {
        if (!Traits.Pairs)
        {
            return;
        }

        (await Gateway.Sessions.PairAsync(Ref, default)).ShouldBeNull();
        Session.LogOut();
        Session.Connect();
        Time.Advance(TimeSpan.FromSeconds(2));
        var code = await Gateway.Sessions.PairAsync(Ref, default);

        (code!.Png is not null || code.Text is not null).ShouldBeTrue();
        Session.Scan();
        await PassAsync(TimeSpan.FromSeconds(5));
        (await SeenAsync()).State.ShouldBe(SessionState.Connected);
    }

    [Fact]
    public async Task A_code_that_is_never_made_is_no_code()
    {
        if (!Traits.Pairs)
        {
            return;
        }

        Session.Apply(new Fault(FaultKind.QrLoop));
        Time.Advance(TimeSpan.FromMinutes(1));

        (await Gateway.Sessions.PairAsync(Ref, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_probe_tells_a_living_session_from_a_zombie()
    {
        var alive = await Gateway.Sessions.ProbeAsync(Ref, Phone, default);
        Session.Apply(new Fault(FaultKind.Zombie));
        var zombie = await Gateway.Sessions.ProbeAsync(Ref, Phone, default);

        (await SeenAsync()).State.ShouldBe(SessionState.Connected);
        (alive.IsAlive, zombie.IsAlive).ShouldBe(alive.IsAlive is null ? (null, null) : (true, false));
    }

    [Fact]
    public async Task A_message_is_accepted_and_its_acknowledgements_name_the_same_id()
    {
        if (!Traits.Sends)
        {
            return;
        }

        var accepted = (await SendAsync()).ShouldBeOfType<SendOutcome.Accepted>();
        await PassAsync(TimeSpan.FromSeconds(15));

        accepted.Id.ShouldNotBeEmpty();
        var levels = Hooks
            .Came.SelectMany(webhook => Connector.Webhooks.Read(webhook.Body))
            .OfType<GatewayEvent.MessageAcked>()
            .Where(ack => ack.Id == accepted.Id)
            .Select(ack => ack.Level);
        levels.Distinct().ShouldBe([AckLevel.Server, AckLevel.Delivered, AckLevel.Read]);
    }

    [Fact]
    public async Task A_lost_answer_is_unknown_because_the_message_has_left()
    {
        if (!Traits.Sends)
        {
            return;
        }

        World.Apply(Connector.Kind, new Fault(FaultKind.LostAnswer) { Times = 1 });

        (await SendAsync()).ShouldBeOfType<SendOutcome.Unknown>();
        Session.Messages.Count(message => message.IsOurs).ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_that_proves_nothing_is_unknown()
    {
        if (!Traits.Sends)
        {
            return;
        }

        // Some sign in first: a failure of that proves very well that nothing has left.
        await SeenAsync();
        World.Apply(Connector.Kind, new Fault(FaultKind.ServerError) { Times = 1 });

        (await SendAsync()).ShouldBeOfType<SendOutcome.Unknown>();
    }

    [Fact]
    public async Task What_surely_never_left_may_be_sent_again()
    {
        if (!Traits.Sends)
        {
            return;
        }

        var nowhere = Open(Address with { Url = new Uri("http://127.0.0.1:1") });
        var refused = await nowhere.Messages.SendAsync(Ref, new OutgoingMessage(Peer, "hi"), default);
        World.Apply(Connector.Kind, new Fault(FaultKind.TooMany) { Times = 1 });
        var busy = await SendAsync();

        refused.ShouldBeOfType<SendOutcome.RejectedRetryable>().Cause.ShouldBe(RejectionCause.GatewayDown);
        busy.ShouldBeOfType<SendOutcome.RejectedRetryable>().Cause.ShouldBe(RejectionCause.ChannelPaced);
        Session.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_that_is_down_takes_nothing()
    {
        if (!Traits.Sends)
        {
            return;
        }

        Session.LogOut();

        (await SendAsync()).ShouldBeOfType<SendOutcome.RejectedRetryable>();
        Session.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_number_without_WhatsApp_is_refused_for_good()
    {
        if (!Traits.Sends || !RefusesUnknownNumbers)
        {
            return;
        }

        World.Forget(Peer);

        (await SendAsync()).ShouldBeOfType<SendOutcome.RejectedPermanent>().Cause.ShouldBe(RejectionCause.NumberInvalid);
    }

    [Fact]
    public async Task A_number_is_checked_and_its_canonical_address_is_told()
    {
        if (!Traits.ChecksNumbers)
        {
            return;
        }

        const string outsideSaoPaulo = "5551999990000";
        World.Forget("5511900000000");
        var there = await Gateway.Messages.CheckNumberAsync(Ref, outsideSaoPaulo, default);
        var missing = await Gateway.Messages.CheckNumberAsync(Ref, "5511900000000", default);

        there.Exists.ShouldBeTrue();
        there.Address!.ShouldStartWith("555199990000@");
        (missing.Exists, missing.Address).ShouldBe((false, null));
    }

    [Fact]
    public async Task A_message_that_was_received_is_read_back_from_its_webhook()
    {
        var sent = Session.Receive(Peer, "olá");
        await World.QuietAsync();

        var webhook = Hooks.Came.First(each => Seen(each).Any());
        (Connector.Webhooks.SessionOf(webhook.Body) ?? Id).ShouldBe(Id);
        Connector.Webhooks.EventOf(webhook.Body).ShouldNotBeNull();
        var seen = Seen(webhook).Single();
        seen.Session.ShouldBe(Id);
        seen.Message.Id.ShouldContain(sent.Id);
        (seen.Message.Text, seen.Message.Phone, seen.Message.IsOurs, seen.Message.IsGroup).ShouldBe(("olá", Peer, false, false));
        seen.Message.At.ShouldBe(sent.At);
    }

    [Fact]
    public async Task A_message_in_a_group_names_the_group_and_its_writer()
    {
        if (!TellsGroups)
        {
            return;
        }

        Session.Receive(Peer, "hello all", group: "120363000000000001");
        await World.QuietAsync();

        var message = Hooks.Came.SelectMany(Seen).First().Message;
        (message.IsGroup, message.Chat, message.Phone).ShouldBe((true, "120363000000000001@g.us", null));
        message.Author.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_webhook_with_a_wrong_signature_is_not_genuine()
    {
        Session.Receive(Peer, "hello");
        await World.QuietAsync();
        var webhook = Hooks.Came[0];
        var changed = webhook with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(webhook.Body.Span).Replace("hello", "hullo")) };

        Connector.Webhooks.IsGenuine(webhook, WebhookSecret).ShouldBeTrue();
        if (SignsWebhooks)
        {
            Connector.Webhooks.IsGenuine(webhook, "another").ShouldBeFalse();
            Connector.Webhooks.IsGenuine(webhook with { Headers = new Dictionary<string, string>() }, WebhookSecret).ShouldBeFalse();
            (!SignsBodies || !Connector.Webhooks.IsGenuine(changed, WebhookSecret)).ShouldBeTrue();
        }
    }

    [Fact]
    public void What_is_no_webhook_is_told_so_and_never_throws_when_looked_at_quickly()
    {
        foreach (var body in new[] { "", "[]", "{", "null", "\"text\"", "{\"event\":7}" }.Select(text => Encoding.UTF8.GetBytes(text)))
        {
            Connector.Webhooks.SessionOf(body).ShouldBeNull();
            Connector.Webhooks.EventOf(body).ShouldBeNull();
        }

        Should.Throw<WebhookFormatException>(() => Connector.Webhooks.Read("<html>"u8.ToArray()));
    }

    [Fact]
    public async Task What_a_dead_webhook_path_missed_is_listed()
    {
        if (!Traits.ListsMessages)
        {
            return;
        }

        Session.Receive(Peer, "before");
        Time.Advance(TimeSpan.FromMinutes(10));
        var since = Time.GetUtcNow();
        Session.Apply(new Fault(FaultKind.Deaf));
        Session.Receive(Peer, "one");
        Time.Advance(TimeSpan.FromMinutes(1));
        Session.Receive(Peer, "two");

        var missed = await Gateway.Messages.MessagesSinceAsync(Ref, since, 10, default);
        var first = await Gateway.Messages.MessagesSinceAsync(Ref, since, 1, default);

        missed.Select(message => (message.Text, message.Phone)).ShouldBe([("one", Peer), ("two", Peer)]);
        first.Select(message => message.Text).ShouldBe(["one"]);
    }

    [Fact]
    public async Task What_happens_moves_the_counter_of_a_gateway_that_counts()
    {
        if (!Traits.CountsActivity)
        {
            return;
        }

        var before = (await SeenAsync()).Activity;
        Time.Advance(TimeSpan.FromMinutes(1));
        Session.Receive(Peer, "hello");
        var after = (await SeenAsync()).Activity;

        before.ShouldNotBeNull();
        after!.Value.ShouldBeGreaterThan(before.Value);
    }

    [Fact]
    public async Task Looking_and_curing_never_unpair_a_session()
    {
        await SeenAsync();
        foreach (var step in Traits.Steps)
        {
            await Gateway.Sessions.CureAsync(Ref, step, SessionState.Connected, Wish, default);
            await PassAsync(TimeSpan.FromSeconds(10));
        }

        World.Commands.ShouldNotContain(command => command.Kind == CommandKind.Logout);
        Session.IsAlive.ShouldBeTrue();
    }
}
