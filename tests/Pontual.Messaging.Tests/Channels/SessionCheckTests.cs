using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Checking;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Outages;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels;

/// <summary>Checks of sessions, against a simulated Evolution over real HTTP, on a clock that moves when told.</summary>
public sealed class SessionCheckTests : IAsyncLifetime
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private FleetRig _rig = null!;
    private SimulatedSession _sales = null!;

    public async Task InitializeAsync()
    {
        _rig = await FleetRig.StartAsync();
        await _rig.ConnectAsync(GatewayKind.Evolution);
        _sales = _rig.Gateways.Add(GatewayKind.Evolution, "sales", "5511999990000");
        await _rig.CheckAsync();
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact(DisplayName = "S4-05 A channel is found by itself, and its webhooks are set when it connects, without an outage")]
    public async Task A_new_channel_is_taken_in()
    {
        var view = await _rig.FindAsync("sales");

        view.Status.State.ShouldBe(SessionState.Connected);
        view.Outage.ShouldBeNull();
        view.Channel.Phone.ShouldBe("5511999990000");
        _sales.Webhook.ShouldNotBeNull().Url.ShouldEndWith("/webhooks/key-of-evolution-0001");
        (await OutagesAsync()).ShouldBeEmpty();
    }

    [Fact(DisplayName = "S3-01, S3-07 Within one period of a drop a reconnect is tried, and its outcome is recorded")]
    public async Task A_drop_is_found_and_cured()
    {
        await PassAsync(Period);
        _sales.Apply(new Fault(FaultKind.Drop));

        var found = (await _rig.CheckAsync()).Channels.Single();
        await PassAsync(Period);
        var back = (await _rig.CheckAsync()).Channels.Single();

        found.State.ShouldBe(SessionState.Stopped);
        found.Step.ShouldBe(CureStep.Restart);
        found.Error.ShouldBeNull();
        back.State.ShouldBe(SessionState.Connected);
        var outage = (await OutagesAsync()).Single();
        outage.CuredBy.ShouldBe(CureStep.Restart);
        outage.EndedAt.ShouldNotBeNull();
        var attempt = (await _rig.Channels.AttemptsAsync(outage.Id, CancellationToken.None)).Single();
        attempt.EndedAt.ShouldNotBeNull();
        attempt.Error.ShouldBeNull();
    }

    [Fact(
        DisplayName = "S3-08 Messages of the time in which it did not work are looked for afterwards, and only those that were missed are new"
    )]
    public async Task Missed_messages_are_found()
    {
        _sales.Receive("5511888880001", "before");
        await PassAsync(Period);
        await _rig.CheckAsync();
        _sales.Apply(new Fault(FaultKind.Deaf));
        _sales.Receive("5511888880001", "missed one");
        _sales.Receive("5511888880002", "missed two");
        for (var minutes = 0; minutes < 6; minutes++)
        {
            await PassAsync(Period);
            await _rig.CheckAsync();
        }

        var outage = (await OutagesAsync()).Single();

        outage.State.ShouldBe(SessionState.Degraded);
        outage.CuredBy.ShouldBe(CureStep.SetWebhook);
        outage.Gap.ShouldBe(GapResult.Found);
        outage.GapFound.ShouldBe(2);
    }

    [Fact(DisplayName = "S3-03 A dry run changes nothing, here and at the gateway, and says what would be done")]
    public async Task A_dry_run_changes_nothing()
    {
        await PassAsync(Period);
        _sales.Apply(new Fault(FaultKind.Drop));
        await _rig.SettleAsync();
        var (before, commands) = (await _rig.FindAsync("sales"), Changing());

        var report = await _rig.CheckAsync(new CheckWish { DryRun = true });

        report.Channels.Single().Step.ShouldBe(CureStep.Restart);
        (await _rig.FindAsync("sales")).ShouldBe(before);
        Changing().ShouldBe(commands);
        (await OutagesAsync()).ShouldBeEmpty();
    }

    [Fact(DisplayName = "S3-03 A dry run shows sessions that no check has taken over yet, and takes none over")]
    public async Task A_dry_run_shows_what_is_new()
    {
        _rig.Gateways.Add(GatewayKind.Evolution, "fresh", "5511999990001");

        var report = await _rig.CheckAsync(new CheckWish { DryRun = true });

        report.Channels.Select(channel => channel.Channel).ShouldBe(["fresh", "sales"]);
        (await _rig.AllAsync()).Select(view => view.Channel.Name).ShouldBe(["sales"]);
    }

    [Fact(DisplayName = "S3-04 A check of sessions that work has nothing to say")]
    public async Task A_check_without_trouble_is_silent()
    {
        _sales.Receive("5511888880001", "hello");
        await PassAsync(Period);

        (await _rig.CheckAsync()).Channels.ShouldAllBe(channel => !channel.IsNews);
    }

    [Fact(DisplayName = "S3-05 A gateway that refuses the key is told with its cause, and its channels are not blamed")]
    public async Task A_gateway_that_cannot_be_asked_is_told()
    {
        await PassAsync(Period);
        _rig.Gateways.Apply(GatewayKind.Evolution, new Fault(FaultKind.GatewayDown) { For = TimeSpan.FromMinutes(5) });

        var report = await _rig.CheckAsync();
        var gateway = (await _rig.Registry.ListAsync(TenantName.Default, CancellationToken.None)).Single();

        report.Gateways.Single().Detail.ShouldContain("127.0.0.1");
        report.Channels.Single().State.ShouldBe(SessionState.GatewayDown);
        report.Channels.Single().Asked.ShouldBe(AskFor.LookAfterGateway);
        gateway.FailingSince.ShouldNotBeNull();

        await PassAsync(TimeSpan.FromMinutes(6));
        await _rig.CheckAsync();

        (await _rig.FindAsync("sales")).Status.State.ShouldBe(SessionState.Connected);
        (await OutagesAsync()).Single().CuredBy.ShouldBeNull();
    }

    [Fact(
        DisplayName = "S3-07 Nothing is tried while the platform restricts a number, whatever else befalls it, and it is when that is over"
    )]
    public async Task A_restricted_number_is_left_alone()
    {
        await _rig.ConnectAsync(GatewayKind.Waha);
        var shop = _rig.Gateways.Add(
            GatewayKind.Waha,
            "shop",
            "5511999990009",
            new SimulatedWebhook(_rig.DoorOf(GatewayKind.Waha)) { Events = ["*"] }
        );
        await _rig.CheckAsync();
        shop.Apply(new Fault(FaultKind.Timelock) { For = TimeSpan.FromHours(1) });
        await PassAsync(Period);
        var found = await CheckShopAsync();
        shop.Apply(new Fault(FaultKind.Drop));
        for (var minutes = 0; minutes < 50; minutes++)
        {
            await PassAsync(Period);
            (await CheckShopAsync()).Asked.ShouldBe(AskFor.WaitForRestriction);
        }

        Changing().ShouldBe(1);
        await PassAsync(TimeSpan.FromMinutes(10));
        var after = await CheckShopAsync();

        (found.State, found.Asked).ShouldBe((SessionState.Restricted, AskFor.WaitForRestriction));
        (after.State, after.Step).ShouldBe((SessionState.Stopped, CureStep.Restart));
    }

    [Fact]
    public async Task What_people_were_asked_for_the_gateway_holds_up_no_cure_of_its_sessions()
    {
        await PassAsync(Period);
        _rig.Gateways.Apply(GatewayKind.Evolution, new Fault(FaultKind.GatewayDown) { For = TimeSpan.FromMinutes(5) });
        await _rig.CheckAsync();
        _sales.Apply(new Fault(FaultKind.Drop));
        await PassAsync(TimeSpan.FromMinutes(6));

        (await _rig.CheckAsync()).Channels.Single().Step.ShouldBe(CureStep.Restart);
    }

    [Fact]
    public async Task A_webhook_that_is_on_its_way_is_not_missing()
    {
        await PassAsync(Period);
        await _rig.CheckAsync();
        _sales.Apply(new Fault(FaultKind.Deaf));
        _sales.Receive("5511888880001", "hello");
        await PassAsync(TimeSpan.FromMinutes(5));
        var first = (await _rig.CheckAsync()).Channels.Single();
        await PassAsync(TimeSpan.FromMinutes(5));
        var second = (await _rig.CheckAsync()).Channels.Single();

        first.State.ShouldBe(SessionState.Connected);
        (second.State, second.Step).ShouldBe((SessionState.Degraded, CureStep.SetWebhook));
    }

    [Theory(DisplayName = "S3-02 A message that was never acknowledged proves nothing any more when the session has connected anew since")]
    [InlineData(false, SessionState.Zombie)]
    [InlineData(true, SessionState.Connected)]
    public async Task What_was_sent_before_it_connected_anew_proves_nothing(bool restarts, SessionState expected)
    {
        await PassAsync(Period);
        _sales.Receive("5511888880001", "hello");
        await PassAsync(Period);
        await _rig.CheckAsync();
        _sales.Apply(new Fault(FaultKind.Zombie) { Recovery = Recovery.Process });
        var gateway = (await _rig.Registry.ListAsync(TenantName.Default, CancellationToken.None)).Single();
        var message = new OutgoingMessage("5511888880001", "hello to you");
        await _rig.Open(gateway.Definition).Messages.SendAsync(new SessionRef("sales"), message, CancellationToken.None);
        await PassAsync(Period);
        if (restarts)
        {
            _rig.Gateways.Apply(GatewayKind.Evolution, new Fault(FaultKind.GatewayRestart));
        }

        await _rig.PassAsync(LivenessRules.Usual.Unacknowledged, TimeSpan.FromMinutes(1));

        (await _rig.CheckAsync()).Channels.Single().State.ShouldBe(expected);
    }

    [Fact]
    public async Task A_session_that_goes_in_circles_is_found_whatever_it_says_at_the_moment()
    {
        await PassAsync(Period);
        _sales.Apply(new Fault(FaultKind.Conflict) { For = TimeSpan.FromMinutes(20) });
        await _rig.PassAsync(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5));
        var found = new List<(SessionState, AskFor?)>();
        for (var seconds = 0; seconds < 26; seconds++)
        {
            await PassAsync(TimeSpan.FromSeconds(1));
            var channel = (await _rig.CheckAsync()).Channels.Single();
            found.Add((channel.State, channel.Asked));
        }

        found.Distinct().ShouldBe([(SessionState.Connecting, AskFor.LookAtSession)]);
        await _rig.PassAsync(TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(30));
        (await _rig.CheckAsync()).Channels.Single().State.ShouldBe(SessionState.Connected);
    }

    [Fact]
    public async Task The_webhooks_of_the_cloud_api_are_set_with_the_token_that_our_address_answers_to()
    {
        await _rig.ConnectAsync(GatewayKind.CloudApi);
        var number = _rig.Gateways.Add(GatewayKind.CloudApi, "104001", "5511999990010");

        var found = (await _rig.CheckAsync()).Channels.Single(channel => channel.Channel == "104001");

        found.State.ShouldBe(SessionState.Connected);
        number.Webhook.ShouldNotBeNull().Url.ShouldBe(_rig.DoorOf(GatewayKind.CloudApi));
    }

    [Fact]
    public async Task A_paused_channel_is_looked_at_and_nothing_is_tried()
    {
        var pause = new Pause(_rig.Time.GetUtcNow(), "moving the phone", "ana", null);
        await _rig.Channels.SetPauseAsync(TenantName.Default, "sales", pause, Actor.Product, pause.Since, CancellationToken.None);
        await PassAsync(Period);
        _sales.Apply(new Fault(FaultKind.Drop));

        var found = (await _rig.CheckAsync()).Channels.Single();

        found.State.ShouldBe(SessionState.Stopped);
        found.Step.ShouldBeNull();
        found.Note.ShouldNotBeNull().ShouldContain("paused");
        (await OutagesAsync()).ShouldBeEmpty();
    }

    [Fact(
        DisplayName = "S3-07 Repeated failures back off: a session that cannot be cured is tried a few times in a day and not each minute"
    )]
    public async Task What_cannot_be_cured_is_not_tried_for_ever()
    {
        await PassAsync(Period);
        _sales.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Process });
        for (var minutes = 0; minutes < 24 * 60; minutes += 5)
        {
            await _rig.CheckAsync();
            await PassAsync(TimeSpan.FromMinutes(5));
        }

        var outage = (await OutagesAsync()).Single();
        outage.EndedAt.ShouldBeNull();
        outage.Asked.ShouldNotBeNull();
        outage.Attempts.ShouldBeInRange(1, 8);
    }

    [Fact(DisplayName = "S3-07 When most sessions of a gateway fall at once, one is tried at a time")]
    public async Task A_storm_of_reconnects_is_impossible()
    {
        for (var number = 0; number < 19; number++)
        {
            _rig.Gateways.Add(GatewayKind.Evolution, $"shop-{number:00}", $"55119777700{number:00}");
        }

        await _rig.CheckAsync();
        await PassAsync(Period);
        foreach (var session in _rig.Gateways.SessionsOf(GatewayKind.Evolution))
        {
            session.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Process });
        }

        var before = _rig.Gateways.Commands.Count;
        await _rig.CheckAsync();

        _rig.Gateways.Commands.Skip(before).Count(IsRestart).ShouldBe(1);
        for (var seconds = 0; seconds < 300; seconds += 5)
        {
            await PassAsync(TimeSpan.FromSeconds(5));
            await _rig.CheckAsync();
        }

        _rig.Gateways.Commands.Where(IsRestart)
            .GroupBy(command => command.At.UtcTicks / TimeSpan.TicksPerMinute)
            .ShouldAllBe(minute => minute.Count() <= LivenessRules.Usual.AttemptsPerMinute);
    }

    [Fact(DisplayName = "S4-03 A check that is asked for while another one goes on does nothing")]
    public async Task Two_checks_at_once_are_one()
    {
        var now = _rig.Time.GetUtcNow();
        var turn = await _rig.Turns.TryBeginAsync(TenantName.Default, "other", now, TimeSpan.FromMinutes(1), CancellationToken.None);

        (await _rig.CheckAsync()).AlreadyRunning.ShouldBeTrue();
        await _rig.Turns.EndAsync(TenantName.Default, turn!.Value, now, 1, 0, CancellationToken.None);
        (await _rig.CheckAsync()).AlreadyRunning.ShouldBeFalse();
    }

    [Fact]
    public async Task A_check_that_died_holds_nobody_up_for_longer_than_its_time()
    {
        var now = _rig.Time.GetUtcNow();
        await _rig.Turns.TryBeginAsync(TenantName.Default, "dead", now, TimeSpan.FromMinutes(1), CancellationToken.None);
        await PassAsync(TimeSpan.FromMinutes(1));

        (await _rig.CheckAsync()).AlreadyRunning.ShouldBeFalse();
    }

    private static bool IsRestart(SimulatedCommand command) =>
        command.Kind is CommandKind.Restart or CommandKind.Connect or CommandKind.Start or CommandKind.Stop;

    private int Changing() =>
        _rig.Gateways.Commands.Count(command => IsRestart(command) || command.Kind is CommandKind.SetWebhook or CommandKind.Logout);

    private async Task<ChannelFinding> CheckShopAsync() => (await _rig.CheckAsync()).Channels.Single(channel => channel.Channel == "shop");

    private Task PassAsync(TimeSpan span) => _rig.PassAsync(span);

    private async Task<IReadOnlyList<Outage>> OutagesAsync() =>
        await _rig.Channels.OutagesAsync((await _rig.FindAsync("sales")).Channel.Id, 50, CancellationToken.None);
}
