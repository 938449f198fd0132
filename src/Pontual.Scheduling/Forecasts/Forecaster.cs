using System.Globalization;

namespace Pontual.Scheduling.Forecasts;

/// <summary>Makes a forecast: one walk through all jobs for the numbers, a second for the names of what meets in the busiest moments.</summary>
internal sealed class Forecaster(IReadOnlyList<ForecastJob> jobs, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
{
    private const int DueTimesBetweenLooks = 4096;

    private readonly MinuteLoad _load = new(from, to);
    private readonly List<long> _starts = [];
    private readonly List<long> _ends = [];
    private int[] _jobsPerMinute = [];
    private long _dueTimes;

    public Forecast Make()
    {
        _jobsPerMinute = new int[_load.Minutes];
        List<JobForecast> told = [.. jobs.Select(Walk)];
        var busiest = BusiestMinutes();
        var peak = HighestPeak();
        var names = Name(busiest, peak?.At);
        return new Forecast
        {
            From = from,
            To = to,
            Jobs = told,
            Load = _load,
            Busiest = [.. busiest.Select(minute => new BusyMinute(_load.StartOf(minute), _load[minute], names.ByMinute[minute]))],
            SharedMinutes = _jobsPerMinute.Count(count => count > 1),
            Peak = peak is { } found ? new Peak(found.At, found.Runs, names.AtPeak) : null,
        };
    }

    private JobForecast Walk(ForecastJob job)
    {
        var walk = new JobWalk(job, from, to, Count);
        var (runs, lastMinute) = (0L, -1);
        DateTimeOffset? first = null;
        DateTimeOffset? last = null;
        foreach (var run in walk.Runs())
        {
            runs++;
            first ??= run.Start;
            last = run.Start;
            var minute = _load.Add(run.Start);
            _jobsPerMinute[minute] += minute == lastMinute ? 0 : 1;
            lastMinute = minute;
            if (run.End is { } end)
            {
                _starts.Add(run.Start.UtcTicks);
                _ends.Add(end.UtcTicks);
            }
        }

        return walk.Tell(runs, first, last);
    }

    private void Count()
    {
        if (++_dueTimes > Forecast.MostDueTimes)
        {
            throw new ForecastLimitException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The jobs are due more than {Forecast.MostDueTimes:N0} times in that stretch: choose a nearer end, or fewer jobs."
                )
            );
        }

        if (_dueTimes % DueTimesBetweenLooks == 0)
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private List<int> BusiestMinutes() =>
        [
            .. Enumerable
                .Range(0, _jobsPerMinute.Length)
                .Where(minute => _jobsPerMinute[minute] > 1)
                .OrderByDescending(minute => _jobsPerMinute[minute])
                .ThenByDescending(minute => _load[minute])
                .ThenBy(minute => minute)
                .Take(Forecast.MostBusyMinutes),
        ];

    /// <summary>Starts and ends in the order of time; what ends at an instant makes room for what starts then.</summary>
    private (DateTimeOffset At, int Runs)? HighestPeak()
    {
        _starts.Sort();
        _ends.Sort();
        var (most, at, ended) = (0, 0L, 0);
        for (var started = 0; started < _starts.Count; started++)
        {
            while (_ends[ended] <= _starts[started] && ended < started)
            {
                ended++;
            }

            if (started + 1 - ended > most)
            {
                (most, at) = (started + 1 - ended, _starts[started]);
            }
        }

        return most == 0 ? null : (new DateTimeOffset(at, TimeSpan.Zero), most);
    }

    private (Dictionary<int, List<string>> ByMinute, List<string> AtPeak) Name(List<int> minutes, DateTimeOffset? peak)
    {
        var byMinute = minutes.ToDictionary(minute => minute, _ => new List<string>());
        var atPeak = new List<string>();
        if (minutes.Count == 0 && peak is null)
        {
            return (byMinute, atPeak);
        }

        foreach (var job in jobs)
        {
            foreach (var run in new JobWalk(job, from, to, cancellation.ThrowIfCancellationRequested).Runs())
            {
                if (byMinute.TryGetValue(_load.MinuteOf(run.Start), out var names))
                {
                    AddOnce(names, job.Name);
                }

                if (run.Start <= peak && run.End > peak)
                {
                    AddOnce(atPeak, job.Name);
                }
            }
        }

        return (byMinute, atPeak);
    }

    private static void AddOnce(List<string> names, string name)
    {
        if (names.Count == 0 || names[^1] != name)
        {
            names.Add(name);
        }
    }
}
