using Pontual.Messaging.Channels.Checking;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels;

/// <summary>A gateway that counts messages and tells of everything but those (gateways.md, 7.5 d).</summary>
public sealed class MessagesMissingTests : IAsyncLifetime
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

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

    [Fact(
        DisplayName = "A session whose messages are counted and not told, while other things are, is a zombie at the second look, and is restarted"
    )]
    public async Task Messages_that_are_counted_and_not_told_are_a_zombie()
    {
        await _rig.PassAsync(TimeSpan.FromMinutes(70));
        await _rig.CheckAsync();

        var first = await AckWithoutMessageAsync();
        var second = await AckWithoutMessageAsync();

        first.State.ShouldBe(SessionState.Connected);
        (second.State, second.Step).ShouldBe((SessionState.Zombie, CureStep.Restart));
        second.Reason.ShouldNotBeNull().ShouldContain("sends webhooks of all but those");
    }

    [Fact(DisplayName = "What is counted in the hour after a session connected is its history, and no sign of anything")]
    public async Task History_is_no_sign()
    {
        var first = await AckWithoutMessageAsync();
        var second = await AckWithoutMessageAsync();

        (first.State, second.State).ShouldBe((SessionState.Connected, SessionState.Connected));
    }

    private async Task<ChannelFinding> AckWithoutMessageAsync()
    {
        await _rig.PassAsync(TimeSpan.FromMinutes(1));
        _sales.Apply(new Fault(FaultKind.Deaf));
        _sales.Receive("5511888880001", "not told");
        await _rig.HearAsync(
            GatewayKind.Evolution,
            """
            {"event":"messages.update","instance":"sales","data":{"keyId":"3EB0A","remoteJid":"5511888880001@s.whatsapp.net","fromMe":true,"status":"READ"}}
            """
        );
        await _rig.PassAsync(Period);
        return (await _rig.CheckAsync()).Channels.Single();
    }
}
