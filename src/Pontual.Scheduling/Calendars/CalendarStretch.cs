namespace Pontual.Scheduling.Calendars;

/// <summary>A stretch of time in which a calendar says the same: it may go on beyond both ends.</summary>
/// <param name="IsCovered">Whether the calendar covers it.</param>
/// <param name="Kind">What covers it; of no meaning where nothing does.</param>
/// <param name="Name">What the calendar calls it; null for nothing.</param>
/// <param name="Since">Its beginning, inclusive.</param>
/// <param name="Until">Its end, exclusive.</param>
public readonly record struct CalendarStretch(bool IsCovered, ExclusionKind Kind, string? Name, DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>All of time, covered by nothing.</summary>
    internal static CalendarStretch Nothing { get; } =
        new(false, ExclusionKind.Day, null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    /// <summary>What two stretches around one instant, neither covered, say together.</summary>
    internal CalendarStretch And(CalendarStretch other) =>
        this with
        {
            Since = Since > other.Since ? Since : other.Since,
            Until = Until < other.Until ? Until : other.Until,
        };
}
