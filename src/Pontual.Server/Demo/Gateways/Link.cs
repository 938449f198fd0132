namespace Pontual.Server.Demo.Gateways;

/// <summary>What a gateway believes of a session's connection. Not always the truth.</summary>
public enum Link
{
    /// <summary>It does not run.</summary>
    Stopped,

    /// <summary>It is on its way.</summary>
    Connecting,

    /// <summary>It shows a code and waits for the phone.</summary>
    Pairing,

    /// <summary>It is connected.</summary>
    Open,

    /// <summary>It has ended, and does not come back by itself.</summary>
    Closed,

    /// <summary>It has shown all its codes, and nobody scanned one.</summary>
    Refused,
}
