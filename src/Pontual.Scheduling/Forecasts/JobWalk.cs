using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Forecasts;

/// <summary>Walks one job through a stretch of time: its due times one by one, and what its pause, calendars and overlap make of them.</summary>
internal sealed class JobWalk(ForecastJob job, DateTimeOffset from, DateTimeOffset to, Action count)
{
    private readonly Dictionary<(string Calendar, string? Name, bool Outside), long> _leftOut = [];
    private DateTimeOffset _busyUntil = DateTimeOffset.MinValue;
    private DateTimeOffset? _lastDue;
    private long _paused;
    private long _overlapped;
    private long _waiting;
    private TimeSpan? _shortestGap;

    /// <summary>The runs that start in the stretch, in rising order of their starts; to be read once.</summary>
    public IEnumerable<ForecastRun> Runs()
    {
        ForecastRun? held = null; // Under cancel-running the next start ends the run before.
        var after = job.Schedule is DelaySchedule || from.UtcTicks == 0 ? from : from.AddTicks(-1); // A run before is taken to end now.
        while (job.Schedule.NextDue(after) is { } due && due < to)
        {
            count();
            after = due;
            if (StartOf(due) is not { } start)
            {
                continue;
            }

            if (held is { } before)
            {
                yield return before with
                {
                    End = before.End < start ? before.End : start,
                };
            }

            var run = new ForecastRun(start, job.Expected is { } length ? Later(start, length) : null);
            _busyUntil = run.End ?? start;
            after =
                job.Schedule is not DelaySchedule delay ? due
                : delay.FromStart ? EndOrBefore(due, delay.Delay)
                : _busyUntil;
            held = job.Overlap == Overlap.CancelRunning && run.End is not null ? run : null;
            if (held is null)
            {
                yield return run;
            }
        }

        if (held is { } last)
        {
            yield return last;
        }
    }

    /// <summary>The job's line of the answer, once its runs were walked.</summary>
    public JobForecast Tell(long runs, DateTimeOffset? first, DateTimeOffset? last) =>
        new()
        {
            Name = job.Name,
            Runs = runs,
            First = first,
            Last = last,
            LeftOut =
            [
                .. _leftOut
                    .Select(entry => new LeftOutCount(entry.Key.Calendar, entry.Key.Name, entry.Key.Outside, entry.Value))
                    .OrderByDescending(entry => entry.Count)
                    .ThenBy(entry => entry.Calendar, StringComparer.Ordinal)
                    .ThenBy(entry => entry.Name, StringComparer.Ordinal),
            ],
            Paused = _paused,
            Overlapped = _overlapped,
            Waiting = _waiting,
            Expected = job.Expected,
            ShortestGap = _shortestGap,
            OutlastsItsGap = job.Schedule is not DelaySchedule && job.Expected > _shortestGap,
        };

    /// <summary>When the run of a due time starts; null when there is none in the stretch, which is counted by its reason.</summary>
    private DateTimeOffset? StartOf(DateTimeOffset due)
    {
        if (due < job.PausedUntil)
        {
            _paused++;
            return null;
        }

        if (job.Schedule.LeftOut(due) is { } why)
        {
            var reason = (why.Calendar, why.Name, why.IsOutside);
            _leftOut[reason] = _leftOut.GetValueOrDefault(reason) + 1;
            return null;
        }

        var gap = due - _lastDue;
        _shortestGap = gap is { } length && !(length >= _shortestGap) ? length : _shortestGap;
        _lastDue = due;
        return due >= _busyUntil || job.Overlap is Overlap.Allow or Overlap.CancelRunning ? due : Behind(due);
    }

    /// <summary>The start of a run that is due while the one before goes on (or while one waits for it).</summary>
    private DateTimeOffset? Behind(DateTimeOffset due)
    {
        var oneWaits = _busyUntil - due > job.Expected; // The last run put into the line has not begun itself.
        if (job.Overlap == Overlap.Skip || (job.Overlap == Overlap.BufferOne && oneWaits))
        {
            _overlapped++;
            return null;
        }

        if (_busyUntil < to)
        {
            return _busyUntil;
        }

        _waiting++;
        return null;
    }

    // Counted from its start, the next is not due before it has ended either.
    private DateTimeOffset EndOrBefore(DateTimeOffset due, TimeSpan delay) => _busyUntil - due > delay ? _busyUntil - delay : due;

    private static DateTimeOffset Later(DateTimeOffset at, TimeSpan length) =>
        length > DateTimeOffset.MaxValue - at ? DateTimeOffset.MaxValue : at + length;
}

/// <summary>A run that is expected.</summary>
/// <param name="Start">When it starts.</param>
/// <param name="End">When it ends; null when its length is unknown.</param>
internal readonly record struct ForecastRun(DateTimeOffset Start, DateTimeOffset? End);
