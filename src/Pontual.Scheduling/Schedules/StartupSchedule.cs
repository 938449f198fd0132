using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>Each time the system starts (<c>@reboot</c>). It has no times of its own: whoever starts makes it due.</summary>
public sealed record StartupSchedule : Schedule
{
    /// <inheritdoc/>
    public override Zone Zone { get; init; } = Zone.Default;

    /// <inheritdoc/>
    protected override DateTimeOffset? NextTime(DateTimeOffset after) => null;

    /// <inheritdoc/>
    protected override DateTimeOffset? PreviousTime(DateTimeOffset before) => null;
}
