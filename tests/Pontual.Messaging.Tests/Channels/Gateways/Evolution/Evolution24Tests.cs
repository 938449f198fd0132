using Pontual.Messaging.Channels.Gateways.Evolution;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.Evolution;

/// <summary>Where Evolution 2.4 is otherwise than 2.3.</summary>
public sealed class Evolution24Tests : GatewayRig
{
    public Evolution24Tests()
        : base(new EvolutionConnector()) { }

    protected override SimulationOptions Options => new() { Time = Time, IsEvolution24 = true };

    [Fact]
    public async Task Logging_out_a_closed_instance_succeeds_in_2_4()
    {
        Session.LogOut();

        await Gateway.Sessions.LogOutAsync(Ref, default);

        World.Commands.Select(command => command.Kind).ShouldBe([CommandKind.Logout]);
    }

    [Fact]
    public async Task Connecting_again_waits_three_seconds_in_2_4()
    {
        Session.Apply(new Fault(FaultKind.ConnectStorm));
        await PassAsync(TimeSpan.FromSeconds(30));

        Hooks.Came.Count.ShouldBe(11);
    }

    [Fact]
    public async Task Webhooks_name_their_instance_and_event_in_headers_in_2_4()
    {
        Session.Receive(Peer, "hello");
        await World.QuietAsync();

        var headers = Hooks.Came.Single().Headers;
        (headers["x-instance-name"], headers["x-event-type"]).ShouldBe((Id, "messages.upsert"));
    }
}
