namespace Pontual.Scheduling.Zones;

/// <summary>What a change of the clock does to a local time.</summary>
public enum LocalTimeKind
{
    /// <summary>Clocks show it once.</summary>
    Single,

    /// <summary>Clocks go over it: it lies in a gap.</summary>
    Missing,

    /// <summary>Clocks show it twice: it lies in an overlap.</summary>
    Repeated,
}

/// <summary>A local time as instants in UTC.</summary>
/// <param name="Kind">Whether it exists once, never or twice.</param>
/// <param name="First">The instant; of a repeated time the first pass; of a missing time the first instant after the gap.</param>
/// <param name="Second">The same as <paramref name="First"/>; of a repeated time the second pass; of a missing time the instant by the offset
/// before the gap (02:30 becomes 03:30 where clocks go from 02:00 to 03:00).</param>
public readonly record struct LocalInstants(LocalTimeKind Kind, DateTimeOffset First, DateTimeOffset Second);
