using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Forecasts;

/// <summary>A job as a forecast sees it.</summary>
/// <param name="Name">How it is called in the answer.</param>
/// <param name="Schedule">When it is due.</param>
public sealed record ForecastJob(string Name, Schedule Schedule)
{
    /// <summary>How long a run is expected to take; null when nobody knows: then it never overlaps and runs beside nothing.</summary>
    public TimeSpan? Expected { get; init; }

    /// <summary>What becomes of a due time while the run before goes on.</summary>
    public Overlap Overlap { get; init; } = Overlap.Skip;

    /// <summary>Due times before this instant are skipped; <see cref="DateTimeOffset.MaxValue"/> for a pause without end, null for none.</summary>
    public DateTimeOffset? PausedUntil { get; init; }
}
