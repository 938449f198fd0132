using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Calendars;

/// <summary>Hours of one day of the week.</summary>
/// <param name="Day">The day on which they begin.</param>
/// <param name="From">The first time, inclusive.</param>
/// <param name="To">The end, exclusive. At or before <paramref name="From"/> it is on the next day: 22:00 to 07:00 goes over midnight, 00:00 to
/// 00:00 is the whole day.</param>
public readonly record struct WeekHours(DayOfWeek Day, TimeOnly From, TimeOnly To);

/// <summary>Hours of the week as the clock on the wall shows them: business hours with their breaks, quiet hours. In both passes of an hour that clocks repeat.</summary>
public sealed record HoursEntry : CalendarEntry
{
    private const long Week = 7 * TimeSpan.TicksPerDay;

    // Ticks since the beginning of Sunday; the end of the last may lie beyond the week.
    private readonly (long From, long To)[] _shifts;

    /// <param name="hours">Any number of shifts, in any order; they may touch and overlap.</param>
    /// <param name="name">What people call them; null for nothing.</param>
    public HoursEntry(IEnumerable<WeekHours> hours, string? name = null)
    {
        Hours = [.. hours];
        Name = name;
        _shifts = [.. Hours.Select(Ticks).Order()];
    }

    /// <summary>The shifts as they were given.</summary>
    public IReadOnlyList<WeekHours> Hours { get; }

    /// <summary>What people call them; null for nothing.</summary>
    public string? Name { get; }

    /// <inheritdoc/>
    public override CalendarStretch StretchAt(DateTimeOffset at, Zone zone)
    {
        var clock = new WallClock(at, zone);
        var now = ((long)clock.Local.DayOfWeek * TimeSpan.TicksPerDay) + clock.Local.TimeOfDay.Ticks;
        var (covered, from, to) = Around(now);
        var (since, until) = clock.Between(Add(clock.Local, from - now), Add(clock.Local, to - now));
        return new CalendarStretch(covered, ExclusionKind.Window, covered ? Name : null, since, until);
    }

    /// <summary>Whether hours begin on a day of the week.</summary>
    internal bool BeginOn(DayOfWeek day) => Hours.Any(hours => hours.Day == day);

    /// <inheritdoc/>
    public bool Equals(HoursEntry? other) => other is not null && Name == other.Name && Hours.SequenceEqual(other.Hours);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Hours.Count);

    private (bool Covered, long From, long To) Around(long now)
    {
        var (from, to) = (now - Week, now + Week);
        foreach (var (begin, end) in _shifts)
        {
            // A shift of this week, and of the week before where it goes over into this one.
            for (var week = -Week; week <= Week; week += Week)
            {
                var (first, last) = (begin + week, end + week);
                if (first <= now && now < last)
                {
                    return (true, first, last);
                }

                from = last <= now ? Math.Max(from, last) : from;
                to = first > now ? Math.Min(to, first) : to;
            }
        }

        return (false, from, to);
    }

    private static DateTime? Add(DateTime local, long ticks)
    {
        var sum = local.Ticks + ticks;
        return sum < DateTime.MinValue.Ticks || sum > DateTime.MaxValue.Ticks ? null : new DateTime(sum);
    }

    private static (long From, long To) Ticks(WeekHours hours)
    {
        var day = (long)hours.Day * TimeSpan.TicksPerDay;
        var nextDay = hours.To <= hours.From ? TimeSpan.TicksPerDay : 0;
        return (day + hours.From.Ticks, day + hours.To.Ticks + nextDay);
    }
}
