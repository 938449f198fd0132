namespace Pontual.Messaging.Channels.Gateways;

/// <summary>The states of a session, the same for all gateways. What the gateway itself said is kept beside it.</summary>
public enum SessionState
{
    /// <summary>The gateway's word is none that is known, or it said nothing yet.</summary>
    Unknown,

    /// <summary>It is there and does not run.</summary>
    Stopped,

    /// <summary>It is on its way: nobody may restart it now.</summary>
    Connecting,

    /// <summary>It waits for somebody to scan a code with the phone.</summary>
    NeedsPairing,

    /// <summary>The gateway says that it is connected. Whether that is so is for the evidence to say.</summary>
    Connected,

    /// <summary>Connected, and something of it does not work.</summary>
    Degraded,

    /// <summary>It says connected and is not: no gateway says this, it is judged.</summary>
    Zombie,

    /// <summary>Another session of the same account has taken its place.</summary>
    Conflict,

    /// <summary>The platform restricts what it may send. Restarting makes that worse.</summary>
    Restricted,

    /// <summary>The phone has unpaired it.</summary>
    LoggedOut,

    /// <summary>The platform has probably blocked the number.</summary>
    Banned,

    /// <summary>The gateway cannot be reached: nothing is known of the session.</summary>
    GatewayDown,

    /// <summary>The gateway asks for a licence and does nothing else.</summary>
    GatewayUnlicensed,
}
