using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.Evolution;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Gateways.Evolution;

public sealed class EvolutionContractTests : GatewayContractTests
{
    public EvolutionContractTests()
        : base(new EvolutionConnector()) { }

    protected override bool SignsBodies => false;

    protected override IReadOnlyDictionary<FaultKind, SessionState> States { get; } =
        new Dictionary<FaultKind, SessionState>
        {
            [FaultKind.Drop] = SessionState.Stopped,
            [FaultKind.Zombie] = SessionState.Connected,
            [FaultKind.LoggedOut] = SessionState.LoggedOut,
            [FaultKind.Banned] = SessionState.Banned,
            [FaultKind.QrLoop] = SessionState.Connecting,
            [FaultKind.ConnectStorm] = SessionState.Connecting,
            [FaultKind.Conflict] = SessionState.Connecting,
        };

    protected override SimulatedWebhook WebhookOf(string url) =>
        new(url) { Headers = new Dictionary<string, string> { [EvolutionWebhooks.SecretHeader] = WebhookSecret } };
}
