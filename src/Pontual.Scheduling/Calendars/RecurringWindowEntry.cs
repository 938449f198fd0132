using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Calendars;

/// <summary>A stretch that begins at each time of a cron expression: "Sundays at 02:00, for 3 hours". Where stretches overlap they are one.</summary>
/// <param name="Starts">When it begins, by the clocks of the zone and the rules of <see cref="CronSchedule"/>.</param>
/// <param name="Length">How long it lasts, in elapsed time; more than zero.</param>
/// <param name="Name">What people call it; null for nothing.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Length"/> is not more than zero.</exception>
public sealed record RecurringWindowEntry(CronExpression Starts, TimeSpan Length, string? Name = null) : CalendarEntry
{
    /// <summary>How long it lasts.</summary>
    public TimeSpan Length { get; } =
        Length > TimeSpan.Zero ? Length : throw new ArgumentOutOfRangeException(nameof(Length), Length, "A window has a length.");

    /// <inheritdoc/>
    public override CalendarStretch StretchAt(DateTimeOffset at, Zone zone)
    {
        var starts = new CronSchedule(Starts, zone);
        var after = starts.NextDue(at) ?? DateTimeOffset.MaxValue;
        if (starts.PreviousDue(at == DateTimeOffset.MaxValue ? at : at.AddTicks(1)) is not { } start)
        {
            return new(false, ExclusionKind.Window, null, DateTimeOffset.MinValue, after);
        }

        var end = Length > DateTimeOffset.MaxValue - start ? DateTimeOffset.MaxValue : start + Length;
        return at < end ? new(true, ExclusionKind.Window, Name, start, end) : new(false, ExclusionKind.Window, null, end, after);
    }
}
