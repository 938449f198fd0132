namespace Pontual.Engine.Planning;

/// <summary>How due times become runs. Section <c>Pontual:Planner</c>.</summary>
public sealed class PlannerOptions
{
    /// <summary>The longest <see cref="LookAhead"/>.</summary>
    public static readonly TimeSpan MostLookAhead = TimeSpan.FromSeconds(10);

    /// <summary>An occurrence planned later than this after its time counts as missed, and the catch-up policy rules it; 1 s to 1 h. Default 10 s.</summary>
    public TimeSpan MissedAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long before its due time a run is planned where nothing can change the decision until then; 0 (never) to 10 s. Default 2 s.</summary>
    public TimeSpan LookAhead { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Most jobs planned in one transaction, 1 to 10,000. Default 1,000.</summary>
    public int BatchSize { get; set; } = 1_000;

    /// <summary>Most runs one decision makes for one job, 1 to 10,000; the rest follow in the next round. Default 1,000.</summary>
    public int MostRuns { get; set; } = 1_000;

    /// <summary>Most occurrences one decision looks at for one job; the rest follow in the next round. Default 100,000.</summary>
    public int MostOccurrences { get; set; } = 100_000;
}
