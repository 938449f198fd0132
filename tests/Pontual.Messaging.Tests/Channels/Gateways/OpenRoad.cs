using Pontual.Engine.Circuits;

namespace Pontual.Messaging.Tests.Channels.Gateways;

/// <summary>Lets every call go: these tests are about what is said on the way, not about who may go.</summary>
internal sealed class OpenRoad : ICircuits
{
    public ValueTask<OutsideCall> AskAsync(CircuitKey key, string node, CancellationToken cancellation) => default;
}
