using Pontual.Engine.Runs;

namespace Pontual.TestKit.Checking;

/// <summary>Proves promise 6: what the product acknowledged to a client is there in the end, and what it refused is not.</summary>
public static class WritesChecker
{
    /// <summary>How long an acknowledged pause may take to reach what was already on its way, and an unanswered call to have its effect.</summary>
    private static readonly TimeSpan Reach = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(60);

    /// <param name="calls">What the client did.</param>
    /// <param name="rows">Every run, read in the end.</param>
    /// <param name="values">What each job that was written to says in the end.</param>
    /// <param name="starts">What targets saw.</param>
    public static IReadOnlyList<Verdict> Check(
        IReadOnlyList<ClientCall> calls,
        IReadOnlyList<Run> rows,
        IReadOnlyDictionary<string, string?> values,
        IReadOnlyList<SinkStart> starts
    )
    {
        var verdicts = new List<Verdict>();
        var byJob = calls.ToLookup(call => call.Job);
        var rowsByJob = rows.Where(row => row.Trigger is RunTrigger.Manual).ToLookup(row => row.Job.ToString());
        foreach (var job in byJob)
        {
            verdicts.AddRange(JudgeRuns(job.Key, [.. job.Where(call => call.Kind == "run")], [.. rowsByJob[job.Key]]));
            verdicts.AddRange(JudgeValue(job.Key, [.. job.Where(call => call.Kind == "put")], values.GetValueOrDefault(job.Key)));
            verdicts.AddRange(JudgePauses(job.Key, [.. job.Where(call => call.Kind is "pause" or "resume")], starts));
        }

        return verdicts;
    }

    private static IEnumerable<Verdict> JudgeRuns(string job, List<ClientCall> calls, List<Run> rows)
    {
        var known = rows.Select(row => row.Id.ToString()).ToHashSet();
        var given = calls.Where(call => call.End is CallEnd.Ok).ToList();
        foreach (var call in given.Where(call => !known.Contains(call.Value!)))
        {
            yield return new Verdict("acked-lost", job, $"run {call.Value} was acknowledged at {call.Answered:O} and is not there");
        }

        var extra = rows.Count - given.Count(call => known.Contains(call.Value!));
        var unknown = calls.Count(call => call.End is CallEnd.Unknown);
        if (extra > unknown)
        {
            yield return new Verdict("failed-present", job, $"{extra} runs nobody was told of, {unknown} calls without an answer");
        }
    }

    /// <summary>A call without an answer may have its effect late: every such value is allowed, beside the last that was acknowledged.</summary>
    private static IEnumerable<Verdict> JudgeValue(string job, List<ClientCall> calls, string? value)
    {
        if (calls.LastOrDefault(call => call.End is CallEnd.Ok) is not { } last)
        {
            yield break;
        }

        if (value != last.Value && !calls.Exists(call => call.End is CallEnd.Unknown && call.Value == value))
        {
            var refused = calls.Exists(call => call.End is CallEnd.Failed && call.Value == value);
            yield return new Verdict(
                refused ? "failed-present" : "acked-lost",
                job,
                $"'{last.Value}' was acknowledged at {last.Answered:O}, it says '{value}'"
            );
        }
    }

    private static IEnumerable<Verdict> JudgePauses(string job, List<ClientCall> calls, IReadOnlyList<SinkStart> starts)
    {
        for (var i = 0; i < calls.Count; i++)
        {
            if (calls[i] is not { Kind: "pause", End: CallEnd.Ok } pause)
            {
                continue;
            }

            var from = pause.Answered + Reach;
            var until = i + 1 < calls.Count ? calls[i + 1].Invoked : DateTimeOffset.MaxValue;
            if (calls.Exists(call => call.End is CallEnd.Unknown && call.Answered > from - Doubt && call.Invoked < until))
            {
                continue;
            }

            foreach (var start in starts.Where(start => start.Job == job && start.DueAt > from && start.DueAt < until))
            {
                yield return new Verdict(
                    "paused",
                    job,
                    $"run {start.RunId} due {start.DueAt:O} started, the pause from {pause.Answered:O} was acknowledged"
                );
            }
        }
    }
}
