using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Server.Compat;

/// <summary>Runs the work of a documented job at once, for whoever asks for it by HTTP (S5-02). One at a time of each tenant's, on all nodes.</summary>
/// <remarks>A call that goes on holds a key in the store, as a request with an <c>Idempotency-Key</c> does, and gives it back when it ends. What a node holds
/// that died is free after a minute. Where work takes longer than that, another node may begin it again meanwhile: each of these handlers may be repeated at
/// any time, and the check of sessions has a turn of its own besides.</remarks>
internal sealed class DocumentedJobs(
    IEnumerable<IRunner> runners,
    IJobStore jobs,
    IEndedRuns ended,
    IIdempotencyStore keys,
    IRandomBytes random,
    TimeProvider time,
    ILogger<DocumentedJobs> logger
)
{
    private const string Node = "api";

    /// <summary>The handlers that do the work, by the jobs' names.</summary>
    public static readonly FrozenDictionary<string, string> Handlers = new Dictionary<string, string>
    {
        ["verificar_whatsapp"] = "check-sessions",
        ["sincronizar_chips"] = "sync-channels",
        ["atualizar_trust_scores"] = "score-channels",
        ["snapshot_chips_diario"] = "snapshot-channels",
        ["resetar_contadores_chips"] = "reset-channel-counters",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The key that a call holds while it goes on. No caller of the API is called so.</summary>
    internal static IdempotencyKey KeyOf(JobName name) => new(name.Tenant, "jobs", name.Text);

    private readonly IRunner _runner = runners.First(runner => runner.Kind == "handler");
    private readonly ConcurrentDictionary<JobName, bool> _active = new();

    /// <summary>Does a job's work.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="text">The job's name, one of <see cref="Handlers"/>.</param>
    /// <param name="isByHand">It is recorded as a run of the tenant's job of that name, where there is one; else the caller's own run is the record.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>What it came to, and what it printed; null when it goes on already, so that nothing was done.</returns>
    public async Task<JobWork?> RunAsync(TenantName tenant, string text, bool isByHand, CancellationToken cancellation)
    {
        var name = JobName.Parse(text).In(tenant);
        if (!_active.TryAdd(name, true))
        {
            return null;
        }

        try
        {
            return await OnceAsync(name, isByHand, cancellation);
        }
        finally
        {
            _active.TryRemove(name, out _);
        }
    }

    private async Task<JobWork?> OnceAsync(JobName name, bool isByHand, CancellationToken cancellation)
    {
        var key = KeyOf(name);
        if (await keys.TakeAsync(key, ReadOnlyMemory<byte>.Empty, time.GetUtcNow(), cancellation) is not KeyState.Taken)
        {
            return null;
        }

        try
        {
            return await WorkAsync(name, isByHand, cancellation);
        }
        finally
        {
            await keys.ReleaseAsync(key, CancellationToken.None);
        }
    }

    private async Task<JobWork?> WorkAsync(JobName name, bool isByHand, CancellationToken cancellation)
    {
        var (began, known) = (time.GetUtcNow(), await jobs.FindAsync(name, cancellation));
        var run = RunOf(name, known, began);
        var output = new ShortOutput();
        var outcome = await OutcomeAsync(run, output, cancellation);
        if (outcome is Outcome.Success success && SaysThatItGoesOn(success.Result))
        {
            return null;
        }

        var done = Ended(run, outcome, time.GetUtcNow());
        if (outcome is not Outcome.Success)
        {
            logger.JobRouteFailed(name, done.Error ?? "it was stopped");
        }

        if (isByHand && known is not null)
        {
            await ended.AddAsync(done, CancellationToken.None);
        }

        cancellation.ThrowIfCancellationRequested();
        return new JobWork(outcome, output.Lines);
    }

    private async Task<Outcome> OutcomeAsync(Run run, ShortOutput output, CancellationToken cancellation)
    {
        var settings = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["name"] = Handlers[run.Job.Text] });
        var job = new Job
        {
            Id = run.JobId,
            Definition = new JobDefinition { Name = run.Job, Target = new Target("handler", settings) },
            Revision = 1,
            Mark = run.DueAt,
        };
        var attempt = new AttemptContext
        {
            Leased = new LeasedRun(run, job, 0, run.DueAt),
            Output = output,
            StartedAt = run.DueAt,
            Time = time,
            Cancellation = cancellation,
        };
        try
        {
            return await _runner.RunAsync(attempt, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new Outcome.Cancelled(RunReason.Requested);
        }
    }

    private Run RunOf(JobName name, Job? known, DateTimeOffset now) =>
        new()
        {
            Id = RunId.New(now, random),
            JobId = known?.Id ?? 0,
            Job = name,
            Trigger = RunTrigger.Manual,
            DueAt = now,
            State = RunState.Running,
            Attempt = 1,
            Queue = known?.Definition.Queue ?? JobDefinition.DefaultQueue,
            Priority = known?.Definition.Priority ?? 0,
            StartedAt = now,
            Node = Node,
        };

    private static Run Ended(Run run, Outcome outcome, DateTimeOffset now) =>
        outcome switch
        {
            Outcome.Success success => run with
            {
                State = RunState.Succeeded,
                FinishedAt = now,
                Result = success.Result,
                ItemsProcessed = success.ItemsProcessed,
            },
            Outcome.Failure failure => run with
            {
                State = RunState.Failed,
                Reason = RunReason.Error,
                FinishedAt = now,
                Error = failure.Message,
            },
            _ => run with { State = RunState.Cancelled, Reason = RunReason.Requested, FinishedAt = now },
        };

    /// <summary>A handler whose work goes on elsewhere, on another node or by another way in, says so in its result.</summary>
    private static bool SaysThatItGoesOn(string? result) =>
        result is not null
        && JsonElement.Parse(result) is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty("already_running", out var said)
        && said.ValueKind is JsonValueKind.True;
}

/// <summary>What a job's work came to.</summary>
/// <param name="Outcome">A success or a failure.</param>
/// <param name="Lines">What it printed.</param>
internal sealed record JobWork(Outcome Outcome, IReadOnlyList<string> Lines);
