using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Planning;

/// <summary>One decision being made: takes the owed occurrences in their order and gathers the plan.</summary>
internal sealed class PlanRound
{
    private readonly DueJob _due;
    private readonly Owed _owed;
    private readonly DateTimeOffset _now;
    private readonly TimeSpan _missedAfter;
    private readonly int _mostRuns;
    private readonly IRandomBytes _random;
    private readonly bool _onlyNewest;
    private readonly bool _oneByOne;
    private readonly List<PlannedRun> _runs = [];
    private readonly List<SkippedStretch> _skips = [];
    private Others _others;
    private OpenStretch? _stretch;
    private bool _extends = true;
    private DateTimeOffset _first;
    private DateTimeOffset _last;
    private long _count;
    private DateTimeOffset _mark;

    public PlanRound(DueJob due, Owed owed, DateTimeOffset now, TimeSpan missedAfter, int mostRuns, IRandomBytes random)
    {
        _due = due;
        _owed = owed;
        _now = now;
        _missedAfter = missedAfter;
        _mostRuns = mostRuns;
        _random = random;
        _mark = due.Job.Mark;
        _stretch = due.Stretch;
        _others = Others.Of(due.Hot);
        _onlyNewest = _others.OnlyNewestCounts(Definition);
        _oneByOne = DueTimes.AreOneByOne(Definition.Schedule);
    }

    private JobDefinition Definition => _due.Job.Definition;

    /// <returns>False when the plan is full: this occurrence and those after it are for the next round.</returns>
    public bool TryAdd(DateTimeOffset at)
    {
        if (_runs.Count == (_oneByOne ? 1 : _mostRuns))
        {
            return false;
        }

        if (_due.Job.Paused?.HoldsAt(at) is true)
        {
            Skip(at, RunReason.Paused);
        }
        else if (Definition.Schedule.LeftOut(at) is { } exclusion)
        {
            Skip(at, RunReason.Of(exclusion), exclusion.Detail);
        }
        else if (Unwanted(at) is { } reason)
        {
            Skip(at, reason);
        }
        else
        {
            Run(at);
        }

        _mark = at;
        return true;
    }

    public JobPlan ToPlan()
    {
        CloseStretch();
        var replaces = _runs.Count > 0 && _onlyNewest;
        return new JobPlan
        {
            Mark = _mark,
            NextDue = NextDue(),
            Runs = _runs,
            Skips = _skips,
            Supersede = replaces ? [.. _due.Hot.Where(NeverStarted).Select(run => run.Id)] : [],
            Cancel = replaces ? [.. _due.Hot.Where(run => run.State is RunState.Running).Select(run => run.Id)] : [],
            Stretch = _stretch,
        };
    }

    // Only the schedule's own runs give way to newer ones; what a person asked for stays.
    private static bool NeverStarted(HotRun run) => run is { State: RunState.Pending, Attempt: 0, Trigger: RunTrigger.Schedule };

    // After a run of a job whose due times come one by one, its end decides about the next.
    private DateTimeOffset? NextDue() =>
        !_oneByOne ? Definition.Schedule.NextDue(_mark)
        : _runs.Count > 0 ? null
        : DueTimes.After(_due.Job).SkipWhile(at => at <= _mark).Select(at => (DateTimeOffset?)at).FirstOrDefault();

    private string? Unwanted(DateTimeOffset at)
    {
        var missed = _now - at > _missedAfter;
        var caughtUp = Definition.CatchUp switch
        {
            CatchUp.None => !missed,
            CatchUp.Latest => _oneByOne || !_owed.AnyMissed || at == _owed.LastWanted,
            _ => !missed || _now - at <= Definition.CatchUpWindow,
        };
        if (!caughtUp)
        {
            return RunReason.CatchUp;
        }

        if (_onlyNewest && !_oneByOne && at != _owed.LastWanted)
        {
            return RunReason.Superseded;
        }

        return Refused() ? RunReason.Overlap : null;
    }

    private bool Refused() =>
        _others.Active > 0 && (Definition.Overlap is Overlap.Skip || (Definition.Overlap is Overlap.BufferOne && _others.Held > 0));

    private bool MustWait()
    {
        if (Definition.Overlap is Overlap.Allow)
        {
            return _others.Active + _others.Ready >= (Definition.Slots ?? int.MaxValue);
        }

        return _others.Active > 0 || (!_onlyNewest && _others.Held + _others.Ready > 0);
    }

    private void Run(DateTimeOffset at)
    {
        var held = MustWait();
        _runs.Add(new PlannedRun(RunId.New(at, _random), at, held));
        if (held)
        {
            _others.Held++;
        }
        else
        {
            _others.Ready++;
        }

        CloseStretch();
        _stretch = null;
    }

    // Fields, not rows, while a stretch grows: a job that was paused for a year owes millions of occurrences.
    private void Skip(DateTimeOffset at, string reason, string? detail = null)
    {
        if (_stretch?.Reason != reason || _stretch.Detail != detail)
        {
            CloseStretch();
            _stretch = new OpenStretch(RunId.New(at, _random), reason, detail);
            _extends = false;
        }

        if (_count++ == 0)
        {
            _first = at;
        }

        _last = at;
    }

    private void CloseStretch()
    {
        if (_count > 0)
        {
            _skips.Add(new SkippedStretch(_stretch!.Id, _extends, _stretch.Reason, _first, _last, _count, _stretch.Detail));
        }

        _count = 0;
    }
}
