namespace Pontual.TestKit.Checking;

/// <summary>Measures how late first starts were and how long takeovers took, and finds those that no fault explains.</summary>
public static class DelayChecker
{
    // What a dead node had claimed, ahead of its time too, starts once others took it over: within 15 s, and a machine under load is slow.
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(20);

    /// <param name="witness">What was seen; its faults with the time that their effect may last.</param>
    /// <param name="allowance">How late a start may be without any fault: what the load of the machine costs.</param>
    public static DelayReport Check(Witness witness, TimeSpan allowance)
    {
        var exclusive = witness.Jobs.Where(job => job.Exclusive).Select(job => job.Name).ToHashSet();
        var verdicts = new List<Verdict>();
        var delays = new List<TimeSpan>();
        var takeovers = new List<TimeSpan>();
        var ends = witness.Ends.ToLookup(end => (end.RunId, end.Token));
        foreach (var run in witness.Starts.GroupBy(start => start.RunId).Select(run => run.ToList()))
        {
            var first = run[0];
            var delay = first.At - first.DueAt;
            delays.Add(delay);

            // An exclusive job's run may wait for the one before it.
            if (delay > allowance && !exclusive.Contains(first.Job) && !witness.Faults.Any(fault => Reaches(fault, first)))
            {
                verdicts.Add(new Verdict("late", first.Job, $"run {first.RunId} due {first.DueAt:O} started {first.At:O} for no fault"));
            }

            takeovers.AddRange(
                run.Skip(1)
                    .Zip(run)
                    .Select(pair =>
                        (Next: pair.First, Broken: ends[(pair.Second.RunId, pair.Second.Token)].FirstOrDefault(end => end.Broken))
                    )
                    .Where(pair => pair.Broken is not null)
                    .Select(pair => pair.Next.At - pair.Broken!.At)
            );
        }

        return new DelayReport(Figures.Of(delays), Figures.Of(takeovers), verdicts);
    }

    private static bool Reaches(Fault fault, SinkStart start) =>
        fault.What != "clock" && fault.From <= start.At && fault.Until + Takeover >= start.DueAt;
}

/// <summary>How late starts were, how long it took until a broken attempt was followed by another one, and what is wrong.</summary>
public sealed record DelayReport(Figures Delays, Figures Takeovers, IReadOnlyList<Verdict> Verdicts);

/// <summary>A few figures that stand for many.</summary>
public sealed record Figures(int Count, TimeSpan Median, TimeSpan High, TimeSpan Most)
{
    public static Figures Of(List<TimeSpan> all)
    {
        all.Sort();
        return all.Count == 0 ? new Figures(0, default, default, default) : new Figures(all.Count, At(0.5), At(0.99), all[^1]);

        TimeSpan At(double share) => all[(int)Math.Min(all.Count - 1, all.Count * share)];
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Count == 0
            ? "none"
            : FormattableString.Invariant($"{Median.TotalSeconds:0.00}/{High.TotalSeconds:0.00}/{Most.TotalSeconds:0.00} s");
}
