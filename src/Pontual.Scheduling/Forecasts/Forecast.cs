namespace Pontual.Scheduling.Forecasts;

/// <summary>What would run in a stretch of time, how much starts in each minute, and what gets into each other's way. Nothing is changed by asking.</summary>
public sealed record Forecast
{
    /// <summary>The longest stretch.</summary>
    public const int MostDays = 366;

    /// <summary>The most due times of all jobs together.</summary>
    public const int MostDueTimes = 2_000_000;

    /// <summary>Minutes named in <see cref="Busiest"/>, at most.</summary>
    public const int MostBusyMinutes = 10;

    private const int LastYear = 9990; // A chart looks a little beyond its end, and years have four digits.

    /// <summary>The beginning, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The end, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>One entry for each job, in their order.</summary>
    public required IReadOnlyList<JobForecast> Jobs { get; init; }

    /// <summary>How many runs start in each minute.</summary>
    public required MinuteLoad Load { get; init; }

    /// <summary>The minutes in which most jobs start together, two or more: most jobs first, then the earlier one.</summary>
    public required IReadOnlyList<BusyMinute> Busiest { get; init; }

    /// <summary>How many minutes see two or more jobs start.</summary>
    public required int SharedMinutes { get; init; }

    /// <summary>When most runs are going on at once, by expected durations; null when no duration is known or nothing runs.</summary>
    public required Peak? Peak { get; init; }

    /// <summary>Runs of all jobs.</summary>
    public long Runs => Jobs.Sum(job => job.Runs);

    /// <summary>Computes a forecast.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="from">The beginning, inclusive.</param>
    /// <param name="to">The end, exclusive.</param>
    /// <param name="cancellation">Stops the computation, which takes up to a few seconds at the limits.</param>
    /// <exception cref="ForecastLimitException">The stretch is empty or longer than <see cref="MostDays"/>, or there are more than <see cref="MostDueTimes"/>.</exception>
    public static Forecast Of(
        IReadOnlyList<ForecastJob> jobs,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellation = default
    ) =>
        to <= from ? throw new ForecastLimitException("The end of a forecast is after its beginning.")
        : to - from > TimeSpan.FromDays(MostDays)
            ? throw new ForecastLimitException($"A forecast covers at most {MostDays} days: choose a nearer end.")
        : to.Year > LastYear ? throw new ForecastLimitException($"A forecast ends in the year {LastYear} at the latest.")
        : new Forecaster(jobs, from, to, cancellation).Make();
}

/// <summary>What is asked for is more than a forecast answers; the message says what and how to ask for less.</summary>
public sealed class ForecastLimitException(string message) : Exception(message);

/// <summary>What one job would do.</summary>
public sealed record JobForecast
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Runs that start in the stretch.</summary>
    public long Runs { get; init; }

    /// <summary>The first start; null when there is none.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>The last start; null when there is none.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>Due times that calendars leave out, by calendar and by what it calls the time; most frequent first.</summary>
    public IReadOnlyList<LeftOutCount> LeftOut { get; init; } = [];

    /// <summary>Due times skipped because the job is paused.</summary>
    public long Paused { get; init; }

    /// <summary>Due times skipped because the run before is still going on, by the expected duration.</summary>
    public long Overlapped { get; init; }

    /// <summary>Runs that wait for the one before until after the end of the stretch.</summary>
    public long Waiting { get; init; }

    /// <summary>The duration it was reckoned with; null when unknown.</summary>
    public TimeSpan? Expected { get; init; }

    /// <summary>The shortest time between two due times that are to run; null when there are not two.</summary>
    public TimeSpan? ShortestGap { get; init; }

    /// <summary>A run is expected to take longer than the time until the next due one.</summary>
    public bool OutlastsItsGap { get; init; }
}

/// <summary>Due times that one calendar leaves out for one reason.</summary>
/// <param name="Calendar">The calendar.</param>
/// <param name="Name">What it calls that time; null when it has no name for it.</param>
/// <param name="Outside">They are outside of the calendars that the schedule keeps to.</param>
/// <param name="Count">How many.</param>
public sealed record LeftOutCount(string Calendar, string? Name, bool Outside, long Count);

/// <summary>A minute in which several jobs start.</summary>
/// <param name="At">Its beginning.</param>
/// <param name="Starts">Runs that start in it.</param>
/// <param name="Jobs">The jobs, in their order.</param>
public sealed record BusyMinute(DateTimeOffset At, int Starts, IReadOnlyList<string> Jobs);

/// <summary>The moment at which most runs are going on.</summary>
/// <param name="At">Its first instant.</param>
/// <param name="Runs">How many.</param>
/// <param name="Jobs">Their jobs, each named once, in their order.</param>
public sealed record Peak(DateTimeOffset At, int Runs, IReadOnlyList<string> Jobs);
