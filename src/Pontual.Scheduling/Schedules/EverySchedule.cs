using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

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
    public override Zone Zone { get; init; } = Zone.Default;

    /// <inheritdoc/>
    protected override DateTimeOffset? NextTime(DateTimeOffset after)
    {
        var wait = Period.Ticks - SinceLast(after);
        return wait > DateTimeOffset.MaxValue.UtcTicks - after.UtcTicks ? null : new DateTimeOffset(after.UtcTicks + wait, TimeSpan.Zero);
    }

    /// <inheritdoc/>
    protected override DateTimeOffset? PreviousTime(DateTimeOffset before)
    {
        var since = SinceLast(before);
        var back = since == 0 ? Period.Ticks : since;
        return back > before.UtcTicks ? null : new DateTimeOffset(before.UtcTicks - back, TimeSpan.Zero);
    }

    /// <summary>Ticks since the time before (or at) an instant: never negative, whichever side of the anchor it is on.</summary>
    private long SinceLast(DateTimeOffset at)
    {
        var since = (at.UtcTicks - Anchor.UtcTicks) % Period.Ticks;
        return since < 0 ? since + Period.Ticks : since;
    }

    private static TimeSpan AtLeastOneSecond(TimeSpan period) =>
        period >= TimeSpan.FromSeconds(1)
            ? period
            : throw new ArgumentOutOfRangeException(nameof(period), period, "A period is one second or more.");
}
