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
}

/// <summary>At a fixed rate without drift: at <see cref="Anchor"/> plus every whole multiple of <see cref="Period"/>, before and after it.</summary>
/// <param name="Period">The distance between two occurrences; one second or more.</param>
/// <param name="Anchor">An instant that is (or would be) an occurrence; the Unix epoch unless said.</param>
public sealed record EverySchedule(TimeSpan Period, DateTimeOffset Anchor) : Schedule
{
    /// <summary>Every <paramref name="period"/>, aligned to the Unix epoch: <c>every: 30s</c> fires at :00 and :30.</summary>
    public EverySchedule(TimeSpan period)
        : this(period, DateTimeOffset.UnixEpoch) { }

    /// <inheritdoc/>
    public override DateTimeOffset? Next(DateTimeOffset after)
    {
        var elapsed = after.UtcTicks - Anchor.UtcTicks;
        var periods = Math.DivRem(elapsed, Period.Ticks, out var rest);
        var ticks = Anchor.UtcTicks + ((rest < 0 ? periods : periods + 1) * Period.Ticks);
        return ticks > DateTimeOffset.MaxValue.UtcTicks ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
    }
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
