using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>When a job is due. Pure: every method takes the instant, nothing reads a clock. Compared by value.</summary>
public abstract record Schedule
{
    /// <summary>The first occurrence strictly after <paramref name="after"/>, in UTC; null when there is none any more.</summary>
    public abstract DateTimeOffset? Next(DateTimeOffset after);

    /// <summary>All occurrences strictly after <paramref name="after"/>, in rising order, computed as they are read. May be endless.</summary>
    /// <exception cref="InvalidOperationException">A schedule answered an instant that is not later than the one before it: a defect, stopped before it can fire for ever.</exception>
    public IEnumerable<DateTimeOffset> Occurrences(DateTimeOffset after)
    {
        while (Next(after) is { } next)
        {
            if (next <= after)
            {
                throw new InvalidOperationException($"{this} answered {next:O}, which is not after {after:O}.");
            }

            yield return next;
            after = next;
        }
    }

    /// <summary>The occurrences strictly after <paramref name="after"/> as people see them: local times of a zone, with notes on changes of the clock.</summary>
    /// <param name="after">Exclusive.</param>
    /// <param name="zone">Where they are shown; notes speak of the schedule's own zone.</param>
    public IEnumerable<Occurrence> Preview(DateTimeOffset after, Zone zone) =>
        Occurrences(after).Select(at => new Occurrence(at, zone.ToLocal(at), NoteOn(at)));

    internal virtual string? NoteOn(DateTimeOffset occurrence) => null;
}

/// <summary>At a fixed rate without drift: at <see cref="Anchor"/> plus every whole multiple of <see cref="Period"/>, before and after it.</summary>
/// <param name="Period">The distance between two occurrences; one second or more.</param>
/// <param name="Anchor">An instant that is (or would be) an occurrence; the Unix epoch unless said.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Period"/> is shorter than a second.</exception>
public sealed record EverySchedule(TimeSpan Period, DateTimeOffset Anchor) : Schedule
{
    private readonly TimeSpan _period = AtLeastOneSecond(Period);

    /// <summary>Every <paramref name="period"/>, aligned to the Unix epoch: <c>every: 30s</c> fires at :00 and :30.</summary>
    public EverySchedule(TimeSpan period)
        : this(period, DateTimeOffset.UnixEpoch) { }

    /// <summary>The distance between two occurrences; one second or more.</summary>
    public TimeSpan Period
    {
        get => _period;
        init => _period = AtLeastOneSecond(value);
    }

    /// <inheritdoc/>
    public override DateTimeOffset? Next(DateTimeOffset after)
    {
        // Ticks since the occurrence before (or at) this instant: never negative, whichever side of the anchor it is on.
        var since = (after.UtcTicks - Anchor.UtcTicks) % Period.Ticks;
        since += since < 0 ? Period.Ticks : 0;
        var wait = Period.Ticks - since;
        return wait > DateTimeOffset.MaxValue.UtcTicks - after.UtcTicks ? null : new DateTimeOffset(after.UtcTicks + wait, TimeSpan.Zero);
    }

    private static TimeSpan AtLeastOneSecond(TimeSpan period) =>
        period >= TimeSpan.FromSeconds(1)
            ? period
            : throw new ArgumentOutOfRangeException(nameof(period), period, "A period is one second or more.");
}

/// <summary>Once, at <paramref name="At"/>.</summary>
public sealed record OnceSchedule(DateTimeOffset At) : Schedule
{
    /// <inheritdoc/>
    public override DateTimeOffset? Next(DateTimeOffset after) => after < At ? At.ToUniversalTime() : null;
}

/// <summary>Never by itself: only when a person or a program asks.</summary>
public sealed record ManualSchedule : Schedule
{
    /// <summary>The one value there is.</summary>
    public static ManualSchedule Instance { get; } = new();

    /// <inheritdoc/>
    public override DateTimeOffset? Next(DateTimeOffset after) => null;
}
