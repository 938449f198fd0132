namespace Pontual.Messaging.Channels.Gateways;

/// <summary>A gateway could not be asked, or answered otherwise than it should. The message is for people and holds no secret.</summary>
/// <param name="fault">What sort of trouble.</param>
/// <param name="message">What happened, and what may help.</param>
public sealed class GatewayException(GatewayFault fault, string message) : Exception(message)
{
    /// <summary>What sort of trouble it is.</summary>
    public GatewayFault Fault => fault;

    /// <summary>The HTTP status of the answer; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>How long the gateway, our circuit or our rate asks to wait; null when that is not told.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>The request may have been carried out all the same: it was sent, and no answer says otherwise.</summary>
    public bool MayHaveHappened { get; init; }

    /// <summary>Whether it may be of this moment alone: too many requests, kept back by ourselves, no answer in time though the connection stood, a failure
    /// of its own. One such answer proves nothing about the gateway; that it goes on does.</summary>
    public bool IsPassing =>
        fault switch
        {
            GatewayFault.TooMany or GatewayFault.HeldBack or GatewayFault.Failed => true,
            GatewayFault.TimedOut => MayHaveHappened,
            GatewayFault.BadAnswer => Status >= 500,
            _ => false,
        };
}

/// <summary>What can be wrong with a gateway.</summary>
public enum GatewayFault
{
    /// <summary>Its host name is unknown.</summary>
    UnknownHost,

    /// <summary>Nothing listens there.</summary>
    Refused,

    /// <summary>Its certificate is not trusted, or it speaks no TLS where we do.</summary>
    Tls,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>It refuses our key (401, 403).</summary>
    Unauthorized,

    /// <summary>It does not know the session, or the route (404).</summary>
    NotFound,

    /// <summary>It asks for a licence.</summary>
    Unlicensed,

    /// <summary>The session is not in a state for that. Nothing was done.</summary>
    NotReady,

    /// <summary>Too many requests (429).</summary>
    TooMany,

    /// <summary>Our own circuit or rate kept the call back. Nothing was sent.</summary>
    HeldBack,

    /// <summary>The answer is not what this gateway answers: the wrong address or port, a proxy's page.</summary>
    BadAnswer,

    /// <summary>It answered that it failed.</summary>
    Failed,
}
