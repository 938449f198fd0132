using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels;

/// <summary>Meta tells of a block by a webhook about the whole account, and lists each number by itself.</summary>
public sealed class AccountBanTests
{
    [Fact(DisplayName = "S3-07 A number that is listed as restricted stays so when a webhook tells that its account has a block")]
    public async Task What_is_said_of_the_number_itself_counts()
    {
        await using var rig = await FleetRig.StartAsync();
        await rig.ConnectAsync(GatewayKind.CloudApi);
        var door = new SimulatedWebhook(rig.DoorOf(GatewayKind.CloudApi));
        var restricted = rig.Gateways.Add(GatewayKind.CloudApi, "101", "5511999990001", door);
        var banned = rig.Gateways.Add(GatewayKind.CloudApi, "102", "5511999990002", door);
        rig.Gateways.Add(GatewayKind.CloudApi, "103", "5511999990003", door);
        await rig.CheckAsync();
        restricted.Apply(new Fault(FaultKind.Timelock) { For = TimeSpan.FromHours(2) });
        await rig.PassAsync(TimeSpan.FromMinutes(5));
        await rig.CheckAsync();
        banned.Apply(new Fault(FaultKind.Banned));
        await rig.PassAsync(TimeSpan.FromMinutes(5));

        await rig.CheckAsync();

        SessionState[] states = [.. (await rig.AllAsync()).OrderBy(view => view.Channel.ExternalId).Select(view => view.Status.State)];
        states.ShouldBe([SessionState.Restricted, SessionState.Banned, SessionState.Connected]);
    }
}
