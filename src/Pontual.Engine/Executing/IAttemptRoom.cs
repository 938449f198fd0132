using Pontual.Engine.Runs;

namespace Pontual.Engine.Executing;

/// <summary>The room of a node, as its attempts see it. Thread-safe; must return at once.</summary>
internal interface IAttemptRoom
{
    /// <summary>An armed attempt begins.</summary>
    /// <returns>False when work that was ready meanwhile has taken the last place: it does not begin, and has given up its claim on room.</returns>
    bool TryBegin(LeasedRun leased);

    /// <summary>An attempt takes no room any more.</summary>
    /// <param name="leased">Its run.</param>
    /// <param name="began">False: it was armed and never began.</param>
    void Free(LeasedRun leased, bool began);
}

/// <summary>How armed attempts are started.</summary>
internal sealed record ArmingTerms
{
    /// <summary>As <see cref="Executor.StartsInline"/>; armed ones are started by a timer of the clock, not by a thread.</summary>
    public bool Inline { get; init; }

    /// <summary>One whose start is further away than this was armed under another time: the clock was set back. It is taken back.</summary>
    public TimeSpan Furthest { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>One that would begin later than this was missed: the clock was set forward. It is taken back, and its due time decided anew.</summary>
    public TimeSpan MissedAfter { get; init; } = TimeSpan.FromSeconds(10);
}
