using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>Once, at <paramref name="At"/>.</summary>
public sealed record OnceSchedule(DateTimeOffset At) : Schedule
{
    /// <inheritdoc/>
    public override Zone Zone { get; init; } = Zone.Default;

    /// <inheritdoc/>
    protected override DateTimeOffset? NextTime(DateTimeOffset after) => after < At ? At.ToUniversalTime() : null;

    /// <inheritdoc/>
    protected override DateTimeOffset? PreviousTime(DateTimeOffset before) => At < before ? At.ToUniversalTime() : null;
}
