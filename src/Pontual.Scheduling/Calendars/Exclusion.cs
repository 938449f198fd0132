namespace Pontual.Scheduling.Calendars;

/// <summary>What kind of time leaves a due time out.</summary>
public enum ExclusionKind
{
    /// <summary>A whole day: a holiday, a weekend, a date.</summary>
    Day,

    /// <summary>A part of a day, or a stretch: quiet hours, hours outside of business, maintenance.</summary>
    Window,
}

/// <summary>Why a due time is not to run.</summary>
/// <param name="Kind">Whether its day or its time is the reason.</param>
/// <param name="Calendar">The calendar that says so.</param>
/// <param name="Name">What that calendar calls the time ("Natal"); null when it has no name for it.</param>
/// <param name="Since">From here on, at the latest, all times are left out; a bound for searches, not the very beginning.</param>
/// <param name="Until">Before this instant all times are left out; a bound for searches, not the very end.</param>
public sealed record Exclusion(ExclusionKind Kind, string Calendar, string? Name, DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>The time is outside of the calendars that a schedule keeps to; otherwise it is inside of one that it keeps out of.</summary>
    public bool IsOutside { get; init; }

    /// <summary>The reason in short: "br: Natal", "outside office".</summary>
    public string Detail =>
        IsOutside ? $"outside {Calendar}"
        : Name is null ? Calendar
        : $"{Calendar}: {Name}";
}
