namespace Pontual.Messaging.Channels.Gateways;

/// <summary>How gateways are asked for something that only a living session answers.</summary>
internal static class SignOfLife
{
    /// <summary>Of a dead connection the gateway itself gives up after a minute, and says so: that is an answer, where our own impatience would be none.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);

    /// <summary>The gateway was there, and the session behind it did not answer.</summary>
    public static bool IsMissing(GatewayException trouble) =>
        trouble.Fault is GatewayFault.Failed or GatewayFault.NotReady or GatewayFault.TimedOut;
}
