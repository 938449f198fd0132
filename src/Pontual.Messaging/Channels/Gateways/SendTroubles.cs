namespace Pontual.Messaging.Channels.Gateways;

/// <summary>What trouble on the way to a gateway means for a message that was to be sent, the same for all gateways.</summary>
internal static class SendTroubles
{
    /// <summary>Only what surely never reached the gateway, or was surely refused, may be sent again.</summary>
    public static SendOutcome Outcome(this GatewayException trouble)
    {
        if (trouble.MayHaveHappened)
        {
            return new SendOutcome.Unknown(trouble.Message);
        }

        var cause = trouble.Fault switch
        {
            GatewayFault.UnknownHost or GatewayFault.Refused or GatewayFault.Tls or GatewayFault.TimedOut => RejectionCause.GatewayDown,
            GatewayFault.HeldBack => RejectionCause.GatewayDown,
            GatewayFault.Unauthorized or GatewayFault.Unlicensed or GatewayFault.NotFound => RejectionCause.ChannelStopped,
            GatewayFault.NotReady => RejectionCause.ChannelDown,
            GatewayFault.TooMany => RejectionCause.ChannelPaced,
            _ => (RejectionCause?)null,
        };
        return cause is { } known
            ? new SendOutcome.RejectedRetryable(known, trouble.Message, trouble.Wait)
            : new SendOutcome.Unknown(trouble.Message);
    }
}
