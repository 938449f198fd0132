namespace Pontual.Scheduling.Schedules;

/// <summary>What happens to an occurrence that comes due while an earlier run of the same job is active (claimed and not settled).</summary>
public enum Overlap
{
    /// <summary>The new occurrence is recorded as skipped.</summary>
    Skip,

    /// <summary>One waits; further ones are skipped while it waits.</summary>
    BufferOne,

    /// <summary>All wait and run one after the other.</summary>
    BufferAll,

    /// <summary>The active run is cancelled; the new one starts when it has ended.</summary>
    CancelRunning,

    /// <summary>They run side by side, up to the job's concurrency limit if it has one.</summary>
    Allow,
}

/// <summary>What happens to occurrences that came due while nothing was there to plan them.</summary>
public enum CatchUp
{
    /// <summary>All of them are recorded as skipped.</summary>
    None,

    /// <summary>The latest runs, the earlier ones are recorded as skipped.</summary>
    Latest,

    /// <summary>All inside the catch-up window run, oldest first; older ones are recorded as skipped.</summary>
    All,
}
