using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Nodes;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Explaining;

/// <summary>All that an explanation is made from, as it was read at one moment.</summary>
public sealed record WhyFacts
{
    /// <summary>The job's name.</summary>
    public required JobName Name { get; init; }

    /// <summary>The job as it stands; null when it was removed.</summary>
    public required Job? Job { get; init; }

    /// <summary>The instant it is by the schedules.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The instant that is asked about, by the schedules; null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Its runs about that instant, newest due first: those that may stand for it, those before it, and those that have not ended.</summary>
    public IReadOnlyList<Run> Runs { get; init; } = [];

    /// <summary>Its next run by schedule that is due after that instant and has begun; null for none.</summary>
    public Run? Next { get; init; }

    /// <summary>What was changed of it, newest first.</summary>
    public IReadOnlyList<AuditEntry> Changes { get; init; } = [];

    /// <summary>The nodes that were seen in the last day.</summary>
    public IReadOnlyList<NodeRecord> Nodes { get; init; } = [];

    /// <summary>How full its queue is; null when nothing waits or runs there.</summary>
    public QueueDepth? Queue { get; init; }

    /// <summary>How long ended runs are kept.</summary>
    public TimeSpan KeepHistory { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The real instant at one of the schedules'.</summary>
    public Func<DateTimeOffset, DateTimeOffset> RealOf { get; init; } = instant => instant;

    /// <summary>The limit that a run waits for; null for none.</summary>
    public static LimitWait? LimitOf(Run run) => run.State is RunState.Pending ? run.WaitsFor : null;
}
