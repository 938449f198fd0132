using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>Never by itself: only when a person or a program asks.</summary>
public sealed record ManualSchedule : Schedule
{
    /// <summary>The one value there is.</summary>
    public static ManualSchedule Instance { get; } = new();

    /// <inheritdoc/>
    public override Zone Zone { get; init; } = Zone.Default;

    /// <inheritdoc/>
    protected override DateTimeOffset? NextTime(DateTimeOffset after) => null;

    /// <inheritdoc/>
    protected override DateTimeOffset? PreviousTime(DateTimeOffset before) => null;
}
