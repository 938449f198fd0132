namespace Pontual.Scheduling.Schedules;

/// <summary>What becomes of local times that a change of the clock leaves out.</summary>
public enum GapRule
{
    /// <summary>One run at the first instant after the gap, however many times it swallowed.</summary>
    RunAtEnd,

    /// <summary>Each as far into the day as if the clock had not changed: 02:30 runs at 03:30.</summary>
    RunShifted,

    /// <summary>No run.</summary>
    Skip,
}

/// <summary>What becomes of local times that a change of the clock repeats.</summary>
public enum OverlapRule
{
    /// <summary>One run, at the first pass.</summary>
    First,

    /// <summary>One run, at the second pass.</summary>
    Second,

    /// <summary>A run at each pass.</summary>
    Both,
}

/// <summary>A job's own choice for changes of the clock, in place of what its expression implies.</summary>
/// <param name="Gap">Null: <see cref="GapRule.RunAtEnd"/> for fixed times, <see cref="GapRule.Skip"/> for interval-like expressions.</param>
/// <param name="Overlap">Null: <see cref="OverlapRule.First"/> for fixed times, <see cref="OverlapRule.Both"/> for interval-like expressions.</param>
public sealed record DstRules(GapRule? Gap = null, OverlapRule? Overlap = null);
