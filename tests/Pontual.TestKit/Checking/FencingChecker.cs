using Pontual.Engine.Runs;

namespace Pontual.TestKit.Checking;

/// <summary>Proves promise 2: no owner that was replaced wrote a result, no run ended without having begun, and none went back once it was final.</summary>
/// <remarks>Targets answer with the token of their attempt as <c>items_processed</c>, so that the ledger says whose result it took.</remarks>
public static class FencingChecker
{
    /// <param name="witness">What was seen.</param>
    /// <param name="before">The rows as they were read some seconds before those of the witness.</param>
    public static IReadOnlyList<Verdict> Check(Witness witness, IReadOnlyList<Run> before)
    {
        var verdicts = new List<Verdict>();
        var starts = witness.Starts.ToLookup(start => start.RunId);
        var ends = witness.Ends.ToLookup(end => end.RunId);
        foreach (var row in witness.Rows)
        {
            verdicts.AddRange(JudgeResult(row, [.. starts[row.Id]], [.. ends[row.Id]]));
        }

        verdicts.AddRange(JudgeSteps(before, witness.Rows.ToDictionary(row => row.Id)));
        return verdicts;
    }

    private static IEnumerable<Verdict> JudgeResult(Run row, List<SinkStart> starts, List<SinkEnd> ends)
    {
        var job = row.Job.ToString();
        if (row.State is RunState.Failed && starts.Count == 0)
        {
            yield return new Verdict("unstarted", job, $"run {row.Id} of {row.DueAt:O} failed ({row.Reason}), its target never saw it");
        }

        if (row.State is not RunState.Succeeded)
        {
            yield break;
        }

        var newest = starts.Count == 0 ? 0 : starts.Max(start => start.Token);
        if (row.ItemsProcessed is not { } accepted)
        {
            yield return new Verdict("ghost", job, $"run {row.Id} of {row.DueAt:O} says succeeded without what its target answered");
        }
        else if (accepted < newest)
        {
            yield return new Verdict(
                "stale",
                job,
                $"run {row.Id} of {row.DueAt:O}: the result of token {accepted} was taken after {newest} had begun"
            );
        }
        else if (!ends.Exists(end => end.Token == accepted && end.Succeeded))
        {
            yield return new Verdict("ghost", job, $"run {row.Id} of {row.DueAt:O}: the result of token {accepted} was never given");
        }
    }

    private static IEnumerable<Verdict> JudgeSteps(IReadOnlyList<Run> before, Dictionary<Guid, Run> after)
    {
        foreach (var old in before.Where(row => row.State is not (RunState.Pending or RunState.Running)))
        {
            if (!after.TryGetValue(old.Id, out var now))
            {
                continue;
            }

            var stretched = old.State is RunState.Skipped && old.Reason == now.Reason && now.Count >= old.Count;
            if (now.State != old.State || now.Attempt != old.Attempt || (now.Reason != old.Reason && !stretched))
            {
                yield return new Verdict("transition", old.Job.ToString(), $"run {old.Id} went from {old.State} to {now.State}");
            }
        }
    }
}
