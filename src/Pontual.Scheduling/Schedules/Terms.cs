using Pontual.Scheduling.Calendars;

namespace Pontual.Scheduling.Schedules;

/// <summary>What holds for a schedule beside its times.</summary>
public sealed record Terms
{
    /// <summary>Nothing does.</summary>
    public static Terms None { get; } = new();

    /// <summary>The first instant at which it may be due; null for no beginning.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The last instant at which it may be due; null for no end.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>How due times are spread; null for not at all.</summary>
    public Jitter? Jitter { get; init; }

    /// <summary>Which due times are left out, and which days are moved.</summary>
    public CalendarRules Calendars { get; init; } = CalendarRules.None;
}
