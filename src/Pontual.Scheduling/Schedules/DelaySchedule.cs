using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>A fixed delay after the end of the run before, or after its start: <see cref="Schedule.NextDue"/> of that instant is the next due time. Walked without runs, it is a run of no length each time.</summary>
/// <param name="Delay">From one run to the next due time; one second or more.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Delay"/> is shorter than a second.</exception>
public sealed record DelaySchedule(TimeSpan Delay) : Schedule
{
    /// <summary>From one run to the next due time; one second or more.</summary>
    public TimeSpan Delay { get; } =
        Delay >= TimeSpan.FromSeconds(1)
            ? Delay
            : throw new ArgumentOutOfRangeException(nameof(Delay), Delay, "A delay is one second or more.");

    /// <summary>Whether it counts from the start of the run before, however that was started, and not from its end. A run that outlasts it is followed by the next at once.</summary>
    public bool FromStart { get; init; }

    /// <inheritdoc/>
    public override Zone Zone { get; init; } = Zone.Default;

    /// <inheritdoc/>
    protected override DateTimeOffset? NextTime(DateTimeOffset after) =>
        Delay > DateTimeOffset.MaxValue - after ? null : (after + Delay).ToUniversalTime();

    internal override DateTimeOffset? FirstFrom(DateTimeOffset start) => start.ToUniversalTime();

    /// <summary>None: what was before depends on runs.</summary>
    protected override DateTimeOffset? PreviousTime(DateTimeOffset before) => null;
}
