namespace Pontual.Messaging.Channels.Counters;

/// <summary>What went through a channel on one day.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Day">The day, of the zone that days are counted in.</param>
/// <param name="Tally">What went through.</param>
public sealed record ChannelDay(Guid Channel, DateOnly Day, Tally Tally)
{
    /// <summary>When it was closed; null as long as it goes on. What comes late still counts on the day it belongs to.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}
