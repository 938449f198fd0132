namespace Pontual.TestKit.Checking;

/// <summary>Proves that limits hold over all nodes: at no time more attempts of a key or queue than it allows, and in no window as long as a rate's period
/// more starts.</summary>
public static class LimitChecker
{
    // A start counts from its claim; what was claimed ahead begins up to a second later, and so may come closer to the next.
    private static readonly TimeSpan ClaimToStart = TimeSpan.FromSeconds(2);

    /// <param name="witness">What was seen, with the limits that held.</param>
    public static LimitReport Check(Witness witness)
    {
        var ends = witness.Ends.GroupBy(end => (end.RunId, end.Token)).ToDictionary(end => end.Key, end => end.First().At);
        var verdicts = new List<Verdict>();
        var (seen, full) = (0L, 0L);
        foreach (var limit in witness.Limits)
        {
            var starts = witness.Starts.Where(start => limit.Jobs.Contains(start.Job)).OrderBy(start => start.At).ToList();
            seen += starts.Count;
            if (limit.AtOnce is { } most)
            {
                full += CountFull(limit.Name, starts, ends, most, verdicts);
            }

            if (limit.Rate is { } rate)
            {
                verdicts.AddRange(FindTooMany(limit.Name, starts, rate, witness.Faults));
            }
        }

        return new LimitReport(seen, full, verdicts);
    }

    /// <summary>No fault explains more at once than are allowed: what a dead node ran has ended before others may take its place.</summary>
    /// <returns>How many starts took the last place.</returns>
    private static long CountFull(
        string limit,
        List<SinkStart> starts,
        Dictionary<(Guid, long), DateTimeOffset> ends,
        int most,
        List<Verdict> verdicts
    )
    {
        var full = 0L;
        var open = new PriorityQueue<SinkStart, DateTimeOffset>();
        foreach (var start in starts)
        {
            while (open.TryPeek(out _, out var end) && end <= start.At)
            {
                open.Dequeue();
            }

            open.Enqueue(start, ends.GetValueOrDefault((start.RunId, start.Token), DateTimeOffset.MaxValue));
            full += open.Count == most ? 1 : 0;
            if (open.Count > most)
            {
                verdicts.Add(
                    new Verdict(
                        "over-limit",
                        start.Job,
                        $"run {start.RunId} started {start.At:O} as number {open.Count} of {limit}, which allows {most} at once"
                    )
                );
            }
        }

        return full;
    }

    /// <summary>Rates go by the product's clock. A fault may lie between the claim and the start that it was made for.</summary>
    private static IEnumerable<Verdict> FindTooMany(string limit, List<SinkStart> starts, ExpectedRate rate, IReadOnlyList<Fault> faults)
    {
        var most = rate.Count + rate.Burst - 1;
        for (var i = most; i < starts.Count; i++)
        {
            var (first, last) = (starts[i - most], starts[i]);
            var span = last.At + last.Skew - (first.At + first.Skew);
            if (span < rate.Period - ClaimToStart && !faults.Any(fault => fault.From <= last.At && fault.Until >= first.At))
            {
                yield return new Verdict(
                    "over-limit",
                    last.Job,
                    $"run {last.RunId} started {last.At:O}, number {most + 1} of {limit} in {span}: {rate.Count} in {rate.Period}, burst {rate.Burst}"
                );
            }
        }
    }
}

/// <summary>How far limits were used, and where they did not hold.</summary>
/// <param name="Starts">Starts under a limit, counted for each limit they stood under.</param>
/// <param name="Full">Of them, those that took the last place of a limit.</param>
/// <param name="Verdicts">What is wrong.</param>
public sealed record LimitReport(long Starts, long Full, IReadOnlyList<Verdict> Verdicts);
