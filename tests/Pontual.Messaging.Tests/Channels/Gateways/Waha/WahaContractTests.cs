using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.Waha;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Gateways.Waha;

public sealed class WahaContractTests : GatewayContractTests
{
    public WahaContractTests()
        : base(new WahaConnector()) { }

    /// <summary>It does not look a number up before it sends.</summary>
    protected override bool RefusesUnknownNumbers => false;

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
}
