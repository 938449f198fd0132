using Pontual.Messaging.Channels.Liveness;
using Pontual.Scheduling.Zones;

namespace Pontual.Messaging.Channels;

/// <summary>How channels are watched over.</summary>
public sealed class ChannelOptions
{
    /// <summary>The zone of days and of usual hours. Default America/Sao_Paulo.</summary>
    public Zone Zone { get; set; } = Zone.Default;

    /// <summary>When sessions count as dead, and how hard they are tried.</summary>
    public LivenessRules Rules { get; set; } = LivenessRules.Usual;

    /// <summary>The day of an instant, in that zone.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(Zone.ToLocal(instant).DateTime);
}
