using Pontual.Engine.Runs;

namespace Pontual.TestKit.Checking;

/// <summary>
/// Proves promises 1 (every occurrence is accounted for, once) and 3 (no overlap unless asked), and that what the ledger says of a run
/// is what its target saw. Knows nothing of how the product works.
/// </summary>
public static class LedgerChecker
{
    private static readonly TimeSpan EarlyAllowance = TimeSpan.FromMilliseconds(50);

    // How long after its end an attempt's result may still be on its way to the ledger: until then the death of its node explains another attempt.
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(5);

    // A process that began just before its node died is stopped within 2 s of it, and its target may hear of it until then.
    private static readonly TimeSpan Afterlife = TimeSpan.FromSeconds(2);

    /// <returns>Everything that is wrong; empty means the history is good.</returns>
    public static IReadOnlyList<Verdict> Check(Witness witness)
    {
        var verdicts = new List<Verdict>();
        var rows = witness.Rows.ToLookup(row => row.Job.ToString());
        var starts = witness.Starts.ToLookup(start => start.Job);
        var ends = witness.Ends.GroupBy(end => (end.RunId, end.Token)).ToDictionary(group => group.Key, group => group.First());

        var pauses = witness.Pauses.ToLookup(pause => pause.Job);
        foreach (var job in witness.Jobs)
        {
            verdicts.AddRange(
                FindPaused(job, [.. pauses[job.Name]], rows[job.Name], starts[job.Name].ToLookup(start => start.RunId), witness)
            );
            var scheduled = rows[job.Name].Where(row => row.Trigger is RunTrigger.Schedule).OrderBy(row => row.DueAt).ToList();
            verdicts.AddRange(Account(job, scheduled, witness.JudgedUntil));
            verdicts.AddRange(HoldAgainstSink(job, [.. rows[job.Name]], [.. starts[job.Name]], ends, witness));
            if (job.Exclusive)
            {
                verdicts.AddRange(FindOverlaps(job, starts[job.Name], ends));
            }
        }

        return verdicts;
    }

    /// <summary>Every judged occurrence is in exactly one row, and no row speaks of anything else.</summary>
    private static IEnumerable<Verdict> Account(ExpectedJob job, List<Run> rows, DateTimeOffset judgedUntil)
    {
        var position = 0;
        foreach (var row in rows)
        {
            var last = row.DueUntil ?? row.DueAt;
            while (position < job.Occurrences.Count && job.Occurrences[position] < row.DueAt)
            {
                if (job.Occurrences[position] <= judgedUntil)
                {
                    yield return new Verdict("lost", job.Name, $"no row for {job.Occurrences[position]:O}");
                }

                position++;
            }

            var first = position;
            while (position < job.Occurrences.Count && job.Occurrences[position] <= last)
            {
                position++;
            }

            var covered = position - first;
            if (covered == 0)
            {
                var seen = job.Occurrences.Contains(row.DueAt);
                yield return new Verdict(seen ? "double" : "phantom", job.Name, $"row {row.Id} for {row.DueAt:O}..{last:O}");
            }
            else if (job.Occurrences[first] != row.DueAt || job.Occurrences[position - 1] != last)
            {
                yield return new Verdict("phantom", job.Name, $"row {row.Id} begins or ends off an occurrence: {row.DueAt:O}..{last:O}");
            }
            else if (covered != row.Count)
            {
                yield return new Verdict(
                    "miscounted",
                    job.Name,
                    $"row {row.Id} says {row.Count}, {covered} came due in {row.DueAt:O}..{last:O}"
                );
            }
        }

        for (; position < job.Occurrences.Count && job.Occurrences[position] <= judgedUntil; position++)
        {
            yield return new Verdict("lost", job.Name, $"no row for {job.Occurrences[position]:O}");
        }
    }

    /// <summary>Nothing starts that came due while its job was paused, though it was planned before.</summary>
    private static IEnumerable<Verdict> FindPaused(
        ExpectedJob job,
        List<PausedJob> pauses,
        IEnumerable<Run> rows,
        ILookup<Guid, SinkStart> starts,
        Witness witness
    )
    {
        foreach (var row in rows.Where(row => row.Trigger is RunTrigger.Schedule && row.Reason != RunReason.Paused))
        {
            // A node that a fault kept from hearing of it may have begun, and so may one in the very instant of the pause.
            var pause = pauses.Find(pause => pause.From <= row.DueAt && row.DueAt < pause.Until);
            var unheard = pause is not null && witness.Faults.Any(fault => fault.From <= pause.SetAt && fault.Until >= pause.SetAt);
            if (pause is not null && !unheard && starts[row.Id].Any(start => start.At > pause.SetAt))
            {
                yield return new Verdict(
                    "paused",
                    job.Name,
                    $"run {row.Id} of {row.DueAt:O} started, its job was paused from {pause.From:O}"
                );
            }
        }
    }

    /// <summary>What the ledger says of each run is what its target saw.</summary>
    private static IEnumerable<Verdict> HoldAgainstSink(
        ExpectedJob job,
        IReadOnlyList<Run> rows,
        IReadOnlyList<SinkStart> starts,
        Dictionary<(Guid, long), SinkEnd> ends,
        Witness witness
    )
    {
        var startsByRun = starts.ToLookup(start => start.RunId);
        var rowsById = rows.GroupBy(row => row.Id).ToDictionary(group => group.Key, group => group.First());
        foreach (var row in rows)
        {
            foreach (var verdict in JudgeRow(job, row, [.. startsByRun[row.Id]], ends, witness))
            {
                yield return verdict;
            }
        }

        foreach (var run in startsByRun)
        {
            if (!rowsById.ContainsKey(run.Key))
            {
                yield return new Verdict("silent", job.Name, $"run {run.Key} started at {run.First().At:O} and has no row");
            }

            foreach (var verdict in JudgeStarts(job, [.. run], ends, witness))
            {
                yield return verdict;
            }
        }
    }

    private static IEnumerable<Verdict> JudgeRow(
        ExpectedJob job,
        Run row,
        IReadOnlyList<SinkStart> starts,
        Dictionary<(Guid, long), SinkEnd> ends,
        Witness witness
    )
    {
        var succeeded = starts.Any(start => ends.TryGetValue((start.RunId, start.Token), out var end) && end.Succeeded);
        switch (row.State)
        {
            case RunState.Succeeded when !succeeded:
                yield return new Verdict("ghost", job.Name, $"run {row.Id} of {row.DueAt:O} says succeeded, its target saw no end of it");
                break;
            case RunState.Skipped when starts.Count > 0 && row.Attempt == 0:
                yield return new Verdict("ghost", job.Name, $"run {row.Id} of {row.DueAt:O} says skipped, its target saw it start");
                break;
            case RunState.Skipped when row.Reason is null:
                yield return new Verdict("malformed", job.Name, $"run {row.Id} of {row.DueAt:O} was skipped without a reason");
                break;
            case RunState.Pending or RunState.Running when (row.DueUntil ?? row.DueAt) <= witness.JudgedUntil:
                yield return new Verdict("stuck", job.Name, $"run {row.Id} of {row.DueAt:O} is still {row.State}");
                break;
            default:
                break;
        }

        var ended = row.State is RunState.Succeeded or RunState.Failed;
        if (ended && (row.StartedAt is null || row.FinishedAt is null || row.FinishedAt < row.StartedAt))
        {
            yield return new Verdict("malformed", job.Name, $"run {row.Id} {row.State} from {row.StartedAt:O} to {row.FinishedAt:O}");
        }

        if (row.DueUntil is not null && row.State is not RunState.Skipped)
        {
            yield return new Verdict("malformed", job.Name, $"run {row.Id} is a stretch and says {row.State}");
        }
    }

    /// <summary>Tokens rise, nothing starts early, and every start beyond the first has a failed attempt or a fault behind it.</summary>
    private static IEnumerable<Verdict> JudgeStarts(
        ExpectedJob job,
        IReadOnlyList<SinkStart> starts,
        Dictionary<(Guid, long), SinkEnd> ends,
        Witness witness
    )
    {
        for (var i = 0; i < starts.Count; i++)
        {
            var start = starts[i];
            // A clock set back between a claim and its start explains an early one; nothing else does.
            var clockSet = witness.Faults.Any(fault => fault.What == "clock" && fault.From <= start.At && fault.Until >= start.At);
            if (start.At + start.Skew < start.DueAt - EarlyAllowance && !clockSet)
            {
                yield return new Verdict("early", job.Name, $"run {start.RunId} due {start.DueAt:O} started {start.At:O}");
            }

            if (i == 0)
            {
                continue;
            }

            var before = starts[i - 1];
            if (start.Token <= before.Token)
            {
                yield return new Verdict("token", job.Name, $"run {start.RunId} started with token {start.Token} after {before.Token}");
            }

            var end = ends.GetValueOrDefault((before.RunId, before.Token));
            var failed = end is { Succeeded: false, Broken: false } && job.MaxAttempts > 1;
            if (!failed && !witness.Faults.Any(fault => Hit(fault, before, end, start)))
            {
                yield return new Verdict(
                    "unexplained",
                    job.Name,
                    $"run {start.RunId} started again at {start.At:O} without failure or fault"
                );
            }
        }
    }

    /// <summary>Whether a fault can be why an attempt was followed by another one.</summary>
    private static bool Hit(Fault fault, SinkStart before, SinkEnd? end, SinkStart next)
    {
        if (fault.Node is null)
        {
            return fault.From <= next.At && fault.Until >= before.At;
        }

        return fault.Node == before.Node
            && fault.From <= next.At
            && fault.Until + Afterlife >= before.At
            && (end is null || fault.From <= end.At + SettleTime);
    }

    private static IEnumerable<Verdict> FindOverlaps(ExpectedJob job, IEnumerable<SinkStart> starts, Dictionary<(Guid, long), SinkEnd> ends)
    {
        SinkStart? open = null;
        var openUntil = DateTimeOffset.MinValue;
        foreach (var start in starts.OrderBy(start => start.At))
        {
            if (open is not null && start.At < openUntil)
            {
                yield return new Verdict(
                    "overlap",
                    job.Name,
                    $"run {start.RunId} started {start.At:O} while {open.RunId} ran until {openUntil:O}"
                );
            }

            var until = ends.TryGetValue((start.RunId, start.Token), out var end) ? end.At : DateTimeOffset.MaxValue;
            if (open is null || until >= openUntil)
            {
                (open, openUntil) = (start, until);
            }
        }
    }
}
