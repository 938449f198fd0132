using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.TestKit;
using Pontual.TestKit.Checking;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>Reads the ledger of the window that has passed, has it checked, and prunes it: years fit into memory only so.</summary>
/// <remarks>A job's last row is left for the next window while it is a skipped stretch that may still grow.</remarks>
internal sealed class HistoryAuditor(TestDatabase database, SimulatedTarget target, SimulatedLimits limits)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(60);

    private readonly Dictionary<string, Followed> _jobs = [];
    private readonly Dictionary<string, Delayed> _delays = [];
    private readonly Dictionary<string, long> _skips = [];

    public long Links => _delays.Values.Sum(delayed => delayed.Chain.Links);

    public long Occurrences { get; private set; }

    public long Starts { get; private set; }

    /// <summary>Starts under limits, and those of them that took the last place.</summary>
    public long Limited { get; private set; }

    public long Full { get; private set; }

    public IReadOnlyDictionary<string, long> Skips => _skips;

    public List<Verdict> Verdicts { get; } = [];

    /// <summary>What a simulated person paused.</summary>
    public List<PausedJob> Pauses { get; } = [];

    /// <summary>The jobs with a schedule of their own, which may be paused and edited.</summary>
    public IReadOnlyCollection<string> Scheduled => _jobs.Keys;

    public void ExpectDelay(JobDefinition job, TimeSpan delay, DateTimeOffset from) =>
        _delays.Add(
            job.Name.ToString(),
            new Delayed(new DelayAuditor(job.Name.ToString(), delay, from), job.Overlap is not Overlap.Allow, job.Retry.MaxAttempts)
            {
                AccountedUntil = from.AddTicks(-1),
            }
        );

    public void Expect(JobDefinition job, OracleSchedule oracle, OracleTerms terms, DateTimeOffset from) =>
        _jobs.Add(
            job.Name.ToString(),
            new Followed(oracle, terms, job.Overlap is not Overlap.Allow, job.Retry.MaxAttempts) { AccountedUntil = from }
        );

    public async Task AuditAsync(DateTimeOffset until, IReadOnlyList<Fault> faults)
    {
        var rows = (await ReadAsync(_jobs.Values.Min(job => job.AccountedUntil) - TimeSpan.FromDays(2))).ToLookup(row =>
            row.Job.ToString()
        );
        var expected = new List<ExpectedJob>();
        var judged = new List<Run>();
        foreach (var (name, job) in _jobs)
        {
            var mine = rows[name].Where(row => row.DueAt > job.AccountedUntil && row.DueAt <= until).OrderBy(row => row.DueAt).ToList();
            if (mine is [.., { State: RunState.Skipped }] && !job.Terms.HaveEnded(until))
            {
                mine.RemoveAt(mine.Count - 1);
            }

            var end = mine is [.., var last] ? last.DueUntil ?? last.DueAt : job.AccountedUntil;
            var open = rows[name].Any(row => row.DueAt > end && row.DueAt <= until);
            var due = job.Terms.DueTimes(job.Oracle, job.AccountedUntil, open || end > until ? end : until).ToList();
            var occurrences = due.ConvertAll(pair => pair.At);
            Verdicts.AddRange(WronglyLeftOut(name, due, mine));
            expected.Add(new ExpectedJob(name, occurrences, job.Exclusive, job.MaxAttempts));
            judged.AddRange(mine);
            Occurrences += occurrences.Count;
            job.AccountedUntil = end;
        }

        FollowDelays(rows, until, expected, judged);
        foreach (var row in judged.Where(row => row.State is RunState.Skipped))
        {
            _skips[row.Reason ?? ""] = _skips.GetValueOrDefault(row.Reason ?? "") + row.Count;
        }

        Judge(expected, judged, until, faults);
        await PruneAsync(until - Kept);
    }

    /// <summary>What calendars leave out never runs, and nothing else is said to be left out.</summary>
    private static IEnumerable<Verdict> WronglyLeftOut(string job, List<(DateTimeOffset At, string? LeftOut)> due, List<Run> rows)
    {
        var position = 0;
        foreach (var row in rows)
        {
            for (; position < due.Count && due[position].At <= (row.DueUntil ?? row.DueAt); position++)
            {
                var (at, leftOut) = due[position];
                var said = row.Reason is RunReason.ExcludedDay or RunReason.Window ? row.Reason : null;
                if (at >= row.DueAt && said != leftOut && row.Reason != RunReason.Paused)
                {
                    yield return new Verdict("calendar", job, $"{at:O} is {row.State} {row.Reason} in place of {leftOut ?? "a run"}");
                }
            }
        }
    }

    private void FollowDelays(ILookup<string, Run> rows, DateTimeOffset until, List<ExpectedJob> expected, List<Run> judged)
    {
        foreach (var (name, job) in _delays)
        {
            var mine = rows[name].Where(row => row.DueAt > job.AccountedUntil && row.DueAt <= until).OrderBy(row => row.DueAt).ToList();
            if (mine is [.., { State: RunState.Skipped }])
            {
                mine.RemoveAt(mine.Count - 1);
            }

            Verdicts.AddRange(job.Chain.Follow(mine.TakeWhile(row => row.FinishedAt is not null).ToList(), until));
            expected.Add(new ExpectedJob(name, [.. job.Chain.DueTimes(mine)], job.Exclusive, job.MaxAttempts));
            judged.AddRange(mine);
            job.AccountedUntil = mine is [.., var last] ? last.DueUntil ?? last.DueAt : job.AccountedUntil;
        }
    }

    private void Judge(List<ExpectedJob> expected, List<Run> rows, DateTimeOffset until, IReadOnlyList<Fault> faults)
    {
        var ids = rows.Select(row => row.Id).ToHashSet();
        bool Judged(SinkStart start) => ids.Contains(start.RunId) || start.DueAt <= Accounted(start.Job);
        DateTimeOffset Accounted(string job) =>
            _jobs.TryGetValue(job, out var followed) ? followed.AccountedUntil : _delays[job].AccountedUntil;
        var witness = new Witness
        {
            Jobs = expected,
            Starts = [.. target.Starts.Where(Judged)],
            Ends = target.Ends,
            Faults = [.. faults.Where(fault => fault.Until > until - TimeSpan.FromDays(40))],
            Pauses = Pauses,
            Limits = limits.Expected,
            Rows = rows,
            JudgedUntil = until,
        };
        Starts += witness.Starts.Count;
        Verdicts.AddRange(LedgerChecker.Check(witness));
        var limited = LimitChecker.Check(witness);
        (Limited, Full) = (Limited + limited.Starts, Full + limited.Full);
        Verdicts.AddRange(limited.Verdicts);
        target.Starts.RemoveAll(Judged);
        var open = target.Starts.Select(start => start.RunId).ToHashSet();
        target.Ends.RemoveAll(end => !open.Contains(end.RunId));
    }

    private async Task<List<Run>> ReadAsync(DateTimeOffset from)
    {
        var rows = new List<Run>();
        Guid? before = null;
        while (true)
        {
            var page = await database.Views.ListAsync(new RunQuery(Before: before, From: from, Limit: 500), CancellationToken.None);
            rows.AddRange(page);
            if (page.Count < 500)
            {
                return rows;
            }

            before = page[^1].Id;
        }
    }

    private async Task PruneAsync(DateTimeOffset before)
    {
        while (await database.Runs.PruneAsync(before, 10_000, CancellationToken.None) == 10_000) { }
    }

    private sealed record Delayed(DelayAuditor Chain, bool Exclusive, int MaxAttempts)
    {
        public DateTimeOffset AccountedUntil { get; set; }
    }

    private sealed record Followed(OracleSchedule Oracle, OracleTerms Terms, bool Exclusive, int MaxAttempts)
    {
        public DateTimeOffset AccountedUntil { get; set; }
    }
}
