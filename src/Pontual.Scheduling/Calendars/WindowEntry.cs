using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Calendars;

/// <summary>One stretch between two instants: a maintenance window.</summary>
/// <param name="From">Its beginning, inclusive.</param>
/// <param name="To">Its end, exclusive.</param>
/// <param name="Name">What people call it; null for nothing.</param>
/// <exception cref="ArgumentException"><paramref name="To"/> is not after <paramref name="From"/>.</exception>
public sealed record WindowEntry(DateTimeOffset From, DateTimeOffset To, string? Name = null) : CalendarEntry
{
    /// <summary>Its end, exclusive.</summary>
    public DateTimeOffset To { get; } = To > From ? To : throw new ArgumentException("A window ends after it begins.", nameof(To));

    /// <inheritdoc/>
    public override CalendarStretch StretchAt(DateTimeOffset at, Zone zone) => Around(at, From, To, Name);

    internal static CalendarStretch Around(DateTimeOffset at, DateTimeOffset from, DateTimeOffset to, string? name) =>
        at < from ? new(false, ExclusionKind.Window, null, DateTimeOffset.MinValue, from)
        : at >= to ? new(false, ExclusionKind.Window, null, to, DateTimeOffset.MaxValue)
        : new(true, ExclusionKind.Window, name, from, to);
}

/// <summary>One stretch between two local times. A time that a change of the clock repeats begins at its first pass and ends at its second.</summary>
/// <param name="From">Its beginning, inclusive.</param>
/// <param name="To">Its end, exclusive.</param>
/// <param name="Name">What people call it; null for nothing.</param>
/// <exception cref="ArgumentException"><paramref name="To"/> is not after <paramref name="From"/>.</exception>
public sealed record LocalWindowEntry(DateTime From, DateTime To, string? Name = null) : CalendarEntry
{
    /// <summary>Its end, exclusive.</summary>
    public DateTime To { get; } = To > From ? To : throw new ArgumentException("A window ends after it begins.", nameof(To));

    /// <inheritdoc/>
    public override CalendarStretch StretchAt(DateTimeOffset at, Zone zone)
    {
        var end = zone.ToInstants(To);
        return WindowEntry.Around(at, zone.ToInstants(From).First, end.Kind == LocalTimeKind.Repeated ? end.Second : end.First, Name);
    }
}
