using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Outages;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels;

/// <summary>Sessions that hang on their way, or come up and fall again.</summary>
public sealed class HangingTests : IAsyncLifetime
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private FleetRig _rig = null!;
    private SimulatedSession _store = null!;

    public async Task InitializeAsync()
    {
        _rig = await FleetRig.StartAsync();
        await _rig.ConnectAsync(GatewayKind.Waha);
        var webhook = new SimulatedWebhook(_rig.DoorOf(GatewayKind.Waha)) { Events = ["*"] };
        _store = _rig.Gateways.Add(GatewayKind.Waha, "store", "5511999990009", webhook);
        await _rig.CheckAsync();
        await _rig.PassAsync(Period);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact(DisplayName = "S3-07 A session that hangs on its way since our own restart gets the next step, and works")]
    public async Task What_hangs_since_our_own_step_gets_the_next_one()
    {
        _store.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.StopStart });

        var steps = await StepsAsync(10);

        steps.ShouldBe([(0, "Restart"), (3, "StopStart")]);
        var outage = await OutageAsync();
        (outage.CuredBy, outage.Attempts).ShouldBe((CureStep.StopStart, 2));
    }

    [Fact(DisplayName = "S3-07 When all steps only let it hang, the gateway's process is asked to be restarted")]
    public async Task When_all_steps_let_it_hang_a_person_is_asked()
    {
        _store.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Process });

        var steps = await StepsAsync(30);

        steps.ShouldBe([(0, "Restart"), (3, "StopStart"), (6, "RestartGateway")]);
    }

    [Fact(DisplayName = "S3-07 What connects by itself is not restarted however long it takes, also soon after a cure")]
    public async Task What_connects_by_itself_is_left_alone()
    {
        _store.Apply(new Fault(FaultKind.Drop));
        await StepsAsync(3);
        // A relapse: the outage goes on with its attempts, but this is none of our doing.
        _store.Apply(new Fault(FaultKind.Drop) { Recovery = Recovery.Itself, For = TimeSpan.FromHours(1) });

        var steps = await StepsAsync(40);

        steps.ShouldBe([(10, "LookAtSession")]);
    }

    [Theory(
        DisplayName = "S3-07 A session that falls again at once after a restart, and does not say why, is restarted once and then looked into"
    )]
    [InlineData(FaultKind.Conflict)]
    [InlineData(FaultKind.Banned)]
    public async Task What_falls_again_at_once_is_not_restarted_again_and_again(FaultKind kind)
    {
        _store.Apply(new Fault(kind));

        var first = await StepsAsync(20);
        var later = await StepsAsync(8 * 60);

        first.ShouldBe([(0, "Restart"), (1, "LookIntoFall")]);
        // Once more after half an hour, and then every six hours.
        later.Where(step => step.Word == "Restart").ShouldBe([(11, "Restart"), (371, "Restart")]);
    }

    [Fact]
    public async Task What_stood_for_a_while_before_it_fell_again_is_restarted_again()
    {
        _store.Apply(new Fault(FaultKind.Drop));
        await StepsAsync(5);
        _store.Apply(new Fault(FaultKind.Drop));

        (await StepsAsync(3)).ShouldBe([(0, "Restart")]);
        (await OutageAsync()).EndedAt.ShouldNotBeNull();
    }

    /// <summary>Checks every minute.</summary>
    /// <returns>What was tried and asked for that is new, with the minute.</returns>
    private async Task<List<(int Minute, string Word)>> StepsAsync(int minutes)
    {
        var (steps, asked) = (new List<(int, string)>(), (AskFor?)null);
        for (var minute = 0; minute < minutes; minute++)
        {
            var found = (await _rig.CheckAsync()).Channels.Single();
            if (found.Step is { } step)
            {
                found.Error.ShouldBeNull();
                steps.Add((minute, step.ToString()));
            }
            else if (found.Asked is { } what && what != asked)
            {
                steps.Add((minute, what.ToString()));
            }

            asked = found.Asked;
            // What happens at one instant of the clock has no order: what a restart brings about comes within its first seconds.
            await _rig.PassAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5));
            await _rig.PassAsync(TimeSpan.FromSeconds(40));
        }

        return steps;
    }

    private async Task<Outage> OutageAsync() =>
        (await _rig.Channels.OutagesAsync((await _rig.FindAsync("store")).Channel.Id, 50, CancellationToken.None)).ShouldHaveSingleItem();
}
