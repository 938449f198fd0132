namespace Pontual.Engine.Upkeep;

/// <summary>How lost, stuck and old runs are dealt with. Section <c>Pontual:Upkeep</c>.</summary>
public sealed class UpkeepOptions
{
    /// <summary>A run still active after max(this, its timeout + 5 min) is cancelled, and taken from its node if that does not help; 1 min to 30 days. Default 2 h.</summary>
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How long ended runs are kept; 1 h to 10 years. Default 30 days.</summary>
    public TimeSpan KeepHistory { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long events are kept for listeners that come back; 1 min to 30 days. Default 24 h.</summary>
    public TimeSpan KeepEvents { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Most events that are kept, whatever their age; 1,000 to 1,000,000,000. Default 5,000,000.</summary>
    public long MostEvents { get; set; } = 5_000_000;
}
