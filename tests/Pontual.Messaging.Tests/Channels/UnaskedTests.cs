using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Checking;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Outages;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels;

/// <summary>Questions that a gateway does not answer at the moment: that is said, and is no outage until it goes on.</summary>
public sealed class UnaskedTests : IAsyncLifetime
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private FleetRig _rig = null!;
    private SimulatedSession _sales = null!;

    public async Task InitializeAsync()
    {
        _rig = await FleetRig.StartAsync();
        await _rig.ConnectAsync(GatewayKind.Evolution);
        _sales = _rig.Gateways.Add(GatewayKind.Evolution, "sales", "5511999990000");
        _rig.Gateways.Add(GatewayKind.Evolution, "shop", "5511999990001");
        await _rig.CheckAsync();
        await _rig.PassAsync(Period);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory(DisplayName = "S3-05 One question that is not answered is told with its cause, and blames neither its channel nor the others")]
    [InlineData(FaultKind.TooMany, "429")]
    [InlineData(FaultKind.ServerError, "500")]
    [InlineData(FaultKind.ErrorWith200, "200")]
    public async Task One_question_without_an_answer_is_no_outage(FaultKind kind, string told)
    {
        _sales.Apply(new Fault(kind) { Times = 1 });

        var report = await _rig.CheckAsync();
        var (sales, shop) = (report.Channels[0], report.Channels[1]);
        var evidence = (await _rig.FindAsync("sales")).Status;
        await _rig.PassAsync(Period);
        var after = await _rig.CheckAsync();

        report.Gateways.ShouldBeEmpty();
        (sales.State, sales.Step, sales.Asked).ShouldBe((SessionState.Connected, null, null));
        sales.Note.ShouldNotBeNull().ShouldContain("could not be asked this time");
        sales.ToLine().ShouldContain(told);
        shop.IsNews.ShouldBeFalse();
        (evidence.UnaskedTimes, evidence.UnaskedWhy).ShouldBe((1, sales.Note[(sales.Note.IndexOf(':', StringComparison.Ordinal) + 2)..]));
        after.Channels.ShouldAllBe(channel => !channel.IsNews);
        (await _rig.FindAsync("sales")).Status.UnaskedTimes.ShouldBe(0);
        (await OutagesAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(FaultKind.TooMany, SessionState.GatewayDown)]
    [InlineData(FaultKind.ServerError, SessionState.Unknown)]
    public async Task That_it_goes_on_is_judged(FaultKind kind, SessionState expected)
    {
        _sales.Apply(new Fault(kind) { For = TimeSpan.FromMinutes(5) });
        var found = new List<ChannelFinding>();
        for (var minutes = 0; minutes < 3; minutes++)
        {
            found.Add((await _rig.CheckAsync()).Channels[0]);
            await _rig.PassAsync(Period);
        }

        found.Select(one => one.State).ShouldBe([SessionState.Connected, SessionState.Connected, expected]);
        found[2].Reason.ShouldNotBeNull().ShouldContain("3 times");
        await _rig.PassAsync(TimeSpan.FromMinutes(5));

        var after = await _rig.CheckAsync();

        after.Channels.ShouldAllBe(channel => channel.State == SessionState.Connected);
        (await OutagesAsync()).ShouldHaveSingleItem().EndedAt.ShouldNotBeNull();
    }

    [Fact(DisplayName = "S3-05 A gateway that refuses everything for a moment is told at once, and its channels are down when it goes on")]
    public async Task A_gateway_that_refuses_everything_is_told_at_once_and_judged_when_it_goes_on()
    {
        _rig.Gateways.Apply(GatewayKind.Evolution, new Fault(FaultKind.TooMany) { For = TimeSpan.FromMinutes(10) });

        var first = await _rig.CheckAsync();
        var gateway = (await _rig.Registry.ListAsync(TenantName.Default, CancellationToken.None)).Single();
        await _rig.PassAsync(LivenessRules.Usual.Unasked);
        var second = await _rig.CheckAsync();

        first.Gateways.ShouldHaveSingleItem().Fault.ShouldBe(GatewayFault.TooMany);
        gateway.FailingSince.ShouldNotBeNull();
        first.Channels.ShouldAllBe(channel => channel.State == SessionState.Connected && channel.Note!.Contains("429"));
        second.Channels.ShouldAllBe(channel =>
            channel.State == SessionState.GatewayDown && channel.Asked == AskFor.LookAfterGateway && channel.Step == null
        );
        (await OutagesAsync()).ShouldHaveSingleItem().State.ShouldBe(SessionState.GatewayDown);
    }

    [Theory]
    [InlineData(FaultKind.ErrorWith200)]
    [InlineData(FaultKind.ServerError)]
    public async Task A_session_that_its_gateway_fails_over_is_not_restarted(FaultKind kind)
    {
        await _rig.ConnectAsync(GatewayKind.WppConnect);
        var store = _rig.Gateways.Add(GatewayKind.WppConnect, "store", "5511999990009");
        await _rig.CheckAsync();
        await _rig.PassAsync(Period);
        store.Apply(new Fault(kind) { For = TimeSpan.FromHours(1) });
        var asked = new List<AskFor?>();
        for (var minutes = 0; minutes < 5; minutes++)
        {
            asked.Add((await _rig.CheckAsync()).Channels.Single(channel => channel.Channel == "store").Asked);
            await _rig.PassAsync(Period);
        }

        asked.ShouldBe([null, null, AskFor.LookAtSession, AskFor.LookAtSession, AskFor.LookAtSession]);
        _rig.Gateways.Commands.ShouldNotContain(command => command.Kind == CommandKind.Stop || command.Kind == CommandKind.Start);
    }

    [Fact]
    public async Task Where_webhooks_go_could_not_be_asked_is_said()
    {
        await _rig.PassAsync(LivenessRules.Usual.WebhookLook);
        // The state is asked for first, and then where its webhooks go.
        _sales.Apply(new Fault(FaultKind.TooMany) { Times = 2 });
        await _rig.CheckAsync();
        await _rig.PassAsync(Period);

        var second = (await _rig.CheckAsync()).Channels[0];

        second.State.ShouldBe(SessionState.Connected);
        second.Note.ShouldNotBeNull().ShouldContain("could not be asked");
    }

    [Fact(DisplayName = "S3-07 A restriction that cannot be asked for at the moment holds on, and nothing is restarted")]
    public async Task A_restriction_that_cannot_be_asked_for_holds_on()
    {
        await _rig.ConnectAsync(GatewayKind.Waha);
        var webhook = new SimulatedWebhook(_rig.DoorOf(GatewayKind.Waha)) { Events = ["*"] };
        var store = _rig.Gateways.Add(GatewayKind.Waha, "store", "5511999990009", webhook);
        // Its version has to be asked for restrictions.
        store.Engine = "WEBJS";
        store.Apply(new Fault(FaultKind.Timelock) { For = TimeSpan.FromHours(1) });
        await _rig.CheckAsync();
        await _rig.PassAsync(Period);
        store.Apply(new Fault(FaultKind.ServerError) { Times = 1 });

        var found = (await _rig.CheckAsync()).Channels.Single(channel => channel.Channel == "store");

        found.State.ShouldBe(SessionState.Restricted);
        found.Note.ShouldNotBeNull().ShouldContain("what the platform restricts could not be asked");
    }

    private async Task<IReadOnlyList<Outage>> OutagesAsync() =>
        await _rig.Channels.OutagesAsync((await _rig.FindAsync("sales")).Channel.Id, 50, CancellationToken.None);
}
