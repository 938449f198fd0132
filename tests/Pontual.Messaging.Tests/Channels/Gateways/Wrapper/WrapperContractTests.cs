using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.Wrapper;
using Pontual.Server.Demo.Gateways;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.Wrapper;

public sealed class WrapperContractTests : GatewayContractTests
{
    public WrapperContractTests()
        : base(new WrapperConnector()) { }

    protected override bool SignsBodies => false;

    protected override IReadOnlyDictionary<FaultKind, SessionState> States { get; } =
        new Dictionary<FaultKind, SessionState>
        {
            [FaultKind.Drop] = SessionState.Stopped,
            [FaultKind.Zombie] = SessionState.Connected,
            [FaultKind.LoggedOut] = SessionState.Stopped,
            [FaultKind.QrLoop] = SessionState.Connecting,
        };

    [Fact(DisplayName = "S3-01 asked for its code, a channel that dropped connects anew without a code, and one that lives is left alone")]
    public async Task A_nudge_brings_a_dropped_channel_back()
    {
        await Gateway.Sessions.CureAsync(Ref, CureStep.Nudge, SessionState.Connected, null, default);
        await World.QuietAsync();
        var untouched = Hooks.Came.Count;
        Session.Apply(new Fault(FaultKind.Drop));

        await Gateway.Sessions.CureAsync(Ref, CureStep.Nudge, SessionState.Stopped, null, default);
        await PassAsync(TimeSpan.FromSeconds(5));

        untouched.ShouldBe(0);
        Session.IsAlive.ShouldBeTrue();
        Session.CodesShown.ShouldBe(0);
        Told().OfType<GatewayEvent.SessionChanged>().Last().Facts.State.ShouldBe(SessionState.Connected);
    }

    [Fact]
    public async Task An_error_that_comes_with_200_is_a_failure()
    {
        World.Apply(Connector.Kind, new Fault(FaultKind.ErrorWith200));

        var list = await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.ListAsync(default));
        var code = await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.PairAsync(Ref, default));

        (list.Fault, code.Fault).ShouldBe((GatewayFault.Failed, GatewayFault.Failed));
        list.Message.ShouldContain("the browser does not answer");
    }

    [Fact]
    public async Task A_channel_that_is_not_there_is_not_found()
    {
        var trouble = await Should.ThrowAsync<GatewayException>(() => Gateway.Sessions.PairAsync(new SessionRef("nobody"), default));

        trouble.Fault.ShouldBe(GatewayFault.NotFound);
        trouble.Message.ShouldContain("no such channel");
    }
}
