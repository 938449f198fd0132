namespace Pontual.Server.Realtime;

/// <summary>How often listeners are seen to.</summary>
internal sealed record RealtimePace
{
    /// <summary>A client that heard nothing for so long is told up to where it has heard everything.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often it is looked at whether what a client came in with still holds.</summary>
    public TimeSpan Standing { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Every listener is woken this often.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);
}
