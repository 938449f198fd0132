namespace Pontual.Server.Demo.Gateways;

/// <summary>How a simulation runs. With the same options, the same calls and a clock that moves the same way, it does the same.</summary>
public sealed record SimulationOptions
{
    /// <summary>What ids and small differences in time are drawn from.</summary>
    public int Seed { get; init; } = 7;

    /// <summary>The clock of the simulated world.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where it listens; port 0 for a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Evolution answers as 2.4 does: licence, headers of webhooks, three seconds between attempts to connect, logout of a closed session succeeds.</summary>
    public bool IsEvolution24 { get; init; }

    /// <summary>WPPConnect and the wrapper send webhooks of what the number itself sends (the setting onSelfMessage, which is off unless somebody sets it).</summary>
    public bool WppConnectTellsOwn { get; init; }

    /// <summary>How long a session takes from connecting to open.</summary>
    public TimeSpan ConnectTakes { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a code for pairing holds before the next one is shown.</summary>
    public TimeSpan CodeHolds { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How many codes are shown before the session gives up.</summary>
    public int MostCodes { get; init; } = 30;

    /// <summary>How many times a second a connect-storm tells that it is connecting: about 120 were counted on a real Evolution 2.3.7.</summary>
    public int StormsPerSecond { get; init; } = 120;
}
