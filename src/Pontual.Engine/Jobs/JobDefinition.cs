using Pontual.Engine.Limits;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Jobs;

/// <summary>A job as a person wrote it: target, schedule and policies, all checked. Its JSON and YAML shape is <c>JobDocument</c>'s.</summary>
public sealed record JobDefinition
{
    /// <summary>Attempts end after this long unless the job says otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(300);

    /// <summary>Under <see cref="CatchUp.All"/> occurrences older than this are skipped unless the job says otherwise.</summary>
    public static readonly TimeSpan DefaultCatchUpWindow = TimeSpan.FromDays(1);

    /// <summary>The queue of a job that names none.</summary>
    public const string DefaultQueue = "default";

    /// <summary>Unique in its tenant.</summary>
    public required JobName Name { get; init; }

    /// <summary>One line for people; null when not given.</summary>
    public string? Description { get; init; }

    /// <summary>When it is due.</summary>
    public Schedule Schedule { get; init; } = ManualSchedule.Instance;

    /// <summary>The schedule as it was written (the JSON under <c>schedule</c>), kept so that an export reads as the person wrote it; null for manual.</summary>
    public System.Text.Json.JsonElement? ScheduleDocument { get; init; }

    /// <summary>What it runs.</summary>
    public required Target Target { get; init; }

    /// <summary>Longest time for one attempt, the whole exchange included; 1 s to 7 days.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>When an occurrence meets an active run.</summary>
    public Overlap Overlap { get; init; } = Overlap.Skip;

    /// <summary>When occurrences were missed.</summary>
    public CatchUp CatchUp { get; init; } = CatchUp.Latest;

    /// <summary>How far back <see cref="CatchUp.All"/> reaches.</summary>
    public TimeSpan CatchUpWindow { get; init; } = DefaultCatchUpWindow;

    /// <summary>When an attempt failed.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.None;

    /// <summary>Whether a stale or failing job makes the whole system critical.</summary>
    public bool Critical { get; init; }

    /// <summary>Longest acceptable time from due to start; null means by the schedule's own frequency (S5-06).</summary>
    public TimeSpan? Sla { get; init; }

    /// <summary>The lane its runs wait in; same shape as a job name.</summary>
    public string Queue { get; init; } = DefaultQueue;

    /// <summary>The queue that its runs really wait in: <see cref="Queue"/>, or its task's own where a program outside does them.</summary>
    public string RunsIn => WorkerTask.Of(this) is { } task ? WorkerTask.QueueOf(Name.Tenant, task) : Queue;

    /// <summary>-10 (last) to 10 (first). Each step is worth one minute of waiting, so that nothing starves.</summary>
    public int Priority { get; init; }

    /// <summary>Most runs active at once under <see cref="Overlap.Allow"/>; null means no limit. Every other overlap policy means 1.</summary>
    public int? Concurrency { get; init; }

    /// <summary>The limit that its runs stand under together with all runs of the same key, over all nodes; null for none.</summary>
    public JobLimit? Limit { get; init; }

    /// <summary>A log file of the job's own that output is appended to, rotated; absolute, or relative to the data folder. Null for none.</summary>
    public string? Log { get; init; }

    /// <summary>Runs of this job that may be active at once; null for any number.</summary>
    public int? Slots => Overlap is Overlap.Allow ? Concurrency : 1;

    /// <summary>The same job in another tenant.</summary>
    public JobDefinition In(TenantName tenant) => tenant == Name.Tenant ? this : this with { Name = Name.In(tenant) };
}
