using System.Globalization;
using Pontual.Scheduling.Forecasts;
using Pontual.Scheduling.Zones;

namespace Pontual.Server.Api;

/// <summary>A forecast on the wire.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Zone">Whose clocks the local times are of.</param>
/// <param name="Runs">Runs of all jobs.</param>
/// <param name="Jobs">By name.</param>
/// <param name="SharedMinutes">Minutes in which two or more jobs start.</param>
/// <param name="Busiest">The minutes in which most jobs start together.</param>
/// <param name="Peak">When most runs go on at once, as far as durations are known; null when none is.</param>
/// <param name="Load">Starts over time.</param>
internal sealed record ForecastView(
    MomentView From,
    MomentView To,
    string Zone,
    long Runs,
    IReadOnlyList<JobForecastView> Jobs,
    int SharedMinutes,
    IReadOnlyList<BusyMinuteView> Busiest,
    PeakView? Peak,
    LoadView Load
)
{
    public static ForecastView Of(Forecast forecast, ForecastRequest request)
    {
        var zone = request.Zone;
        var bars = forecast.Load.Bars(request.Bars);
        return new ForecastView(
            MomentView.Of(forecast.From, zone),
            MomentView.Of(forecast.To, zone),
            zone.Id,
            forecast.Runs,
            [.. forecast.Jobs.Select(job => JobForecastView.Of(job, zone))],
            forecast.SharedMinutes,
            [.. forecast.Busiest.Select(minute => new BusyMinuteView(MomentView.Of(minute.At, zone), minute.Starts, minute.Jobs))],
            forecast.Peak is { } peak ? new PeakView(MomentView.Of(peak.At, zone), peak.Runs, peak.Jobs) : null,
            new LoadView((long)bars.Width.TotalSeconds, [.. bars.All.Select(bar => LoadBarView.Of(bar, zone))])
        );
    }

    /// <summary>What stands above its chart.</summary>
    public static string TitleOf(Forecast forecast, Zone zone)
    {
        var jobs = forecast.Jobs.Count == 1 ? forecast.Jobs[0].Name : $"{forecast.Jobs.Count} jobs";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Load of {jobs}, {zone.ToLocal(forecast.From):yyyy-MM-dd HH:mm} to {zone.ToLocal(forecast.To):yyyy-MM-dd HH:mm}"
        );
    }
}

/// <summary>An instant, in UTC and on the clocks of the zone.</summary>
internal sealed record MomentView(string At, string Local)
{
    public static MomentView Of(DateTimeOffset at, Zone zone) => new(Instants.FormatShort(at), Instants.FormatLocal(zone.ToLocal(at)));
}

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
internal sealed record JobForecastView(
    string Name,
    long Runs,
    MomentView? First,
    MomentView? Last,
    IReadOnlyList<LeftOutCount> LeftOut,
    long Paused,
    long Overlapped,
    long Waiting,
    long? ExpectedMs,
    long? ShortestGapMs,
    bool OutlastsItsGap
)
{
    public static JobForecastView Of(JobForecast job, Zone zone) =>
        new(
            job.Name,
            job.Runs,
            job.First is { } first ? MomentView.Of(first, zone) : null,
            job.Last is { } last ? MomentView.Of(last, zone) : null,
            job.LeftOut,
            job.Paused,
            job.Overlapped,
            job.Waiting,
            (long?)job.Expected?.TotalMilliseconds,
            (long?)job.ShortestGap?.TotalMilliseconds,
            job.OutlastsItsGap
        );
}

/// <summary>A minute in which several jobs start.</summary>
internal sealed record BusyMinuteView(MomentView Minute, int Starts, IReadOnlyList<string> Jobs);

/// <summary>When most runs go on at once.</summary>
internal sealed record PeakView(MomentView Moment, int Runs, IReadOnlyList<string> Jobs);

/// <summary>Starts over time, in bars of equal width.</summary>
internal sealed record LoadView(long WidthSeconds, IReadOnlyList<LoadBarView> Bars);

/// <summary>One bar: all starts in it, and those in its busiest minute.</summary>
internal sealed record LoadBarView(MomentView From, long Starts, int InBusiestMinute, MomentView BusiestMinute)
{
    public static LoadBarView Of(LoadBar bar, Zone zone) =>
        new(MomentView.Of(bar.From, zone), bar.Starts, bar.InBusiestMinute, MomentView.Of(bar.BusiestMinute, zone));
}
