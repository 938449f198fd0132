namespace Pontual.Client;

/// <summary>Which stretch to look at, and with what. What is null has its default.</summary>
public sealed record ForecastWish
{
    /// <summary>A local time of the zone, a day or an instant; now by default.</summary>
    public string? From { get; init; }

    /// <summary>The same, exclusive; 24 hours later by default.</summary>
    public string? To { get; init; }

    /// <summary>Whose clocks the answer shows; America/Sao_Paulo by default.</summary>
    public string? Zone { get; init; }

    /// <summary>The jobs to look at; all by default.</summary>
    public IReadOnlyList<string>? Jobs { get; init; }

    /// <summary>Jobs to reckon with as if they had been applied.</summary>
    public IReadOnlyList<JobDefinition>? Definitions { get; init; }

    /// <summary>Calendars to reckon with as if they had been applied.</summary>
    public IReadOnlyList<CalendarDefinition>? Calendars { get; init; }

    /// <summary>How long runs are expected to take, by job, as durations.</summary>
    public IReadOnlyDictionary<string, string>? Durations { get; init; }

    /// <summary>Most bars of the load, 1 to 2000; 96 by default.</summary>
    public int? Bars { get; init; }
}

/// <summary>What would run.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Zone">Whose clocks the local times are of.</param>
/// <param name="Runs">Runs of all jobs.</param>
/// <param name="Jobs">By name.</param>
/// <param name="SharedMinutes">Minutes in which two or more jobs start.</param>
/// <param name="Busiest">The minutes in which most jobs start together.</param>
/// <param name="Peak">When most runs go on at once, as far as durations are known; null when none is.</param>
/// <param name="Load">Starts over time.</param>
public sealed record Forecast(
    Moment From,
    Moment To,
    string Zone,
    long Runs,
    IReadOnlyList<JobForecast> Jobs,
    int SharedMinutes,
    IReadOnlyList<BusyMinute> Busiest,
    Peak? Peak,
    Load Load
);

/// <summary>An instant, in UTC and on the clocks of the zone.</summary>
/// <param name="At">In UTC.</param>
/// <param name="Local">In the zone.</param>
public sealed record Moment(string At, string Local);

/// <summary>What one job would do.</summary>
/// <param name="Name">The job.</param>
/// <param name="Runs">How many runs start.</param>
/// <param name="First">The first start; null when there is none.</param>
/// <param name="Last">The last start; null when there is none.</param>
/// <param name="LeftOut">What calendars leave out, by reason.</param>
/// <param name="Paused">Due times skipped by its pause.</param>
/// <param name="Overlapped">Due times skipped because the run before goes on.</param>
/// <param name="Waiting">Runs that still wait for the one before at the end.</param>
/// <param name="ExpectedMs">The duration it was reckoned with; null when unknown.</param>
/// <param name="ShortestGapMs">The shortest time between two due times; null when there are not two.</param>
/// <param name="OutlastsItsGap">A run is expected to take longer than that.</param>
public sealed record JobForecast(
    string Name,
    long Runs,
    Moment? First,
    Moment? Last,
    IReadOnlyList<LeftOutCount> LeftOut,
    long Paused,
    long Overlapped,
    long Waiting,
    long? ExpectedMs,
    long? ShortestGapMs,
    bool OutlastsItsGap
);

/// <summary>Due times that one calendar leaves out for one reason.</summary>
/// <param name="Calendar">The calendar.</param>
/// <param name="Name">What it calls that time; null when it has no name for it.</param>
/// <param name="Outside">They are outside of the calendars that the schedule keeps to.</param>
/// <param name="Count">How many.</param>
public sealed record LeftOutCount(string Calendar, string? Name, bool Outside, long Count);

/// <summary>A minute in which several jobs start.</summary>
/// <param name="Minute">Which.</param>
/// <param name="Starts">How many start.</param>
/// <param name="Jobs">Which jobs.</param>
public sealed record BusyMinute(Moment Minute, int Starts, IReadOnlyList<string> Jobs);

/// <summary>When most runs go on at once.</summary>
/// <param name="Moment">When.</param>
/// <param name="Runs">How many.</param>
/// <param name="Jobs">Of which jobs.</param>
public sealed record Peak(Moment Moment, int Runs, IReadOnlyList<string> Jobs);

/// <summary>Starts over time, in bars of equal width.</summary>
/// <param name="WidthSeconds">Of a bar.</param>
/// <param name="Bars">In order.</param>
public sealed record Load(long WidthSeconds, IReadOnlyList<LoadBar> Bars);

/// <summary>All starts of a bar, and those in its busiest minute.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="Starts">All.</param>
/// <param name="InBusiestMinute">Those in its busiest minute.</param>
/// <param name="BusiestMinute">That minute.</param>
public sealed record LoadBar(Moment From, long Starts, int InBusiestMinute, Moment BusiestMinute);
