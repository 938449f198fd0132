using System.Text.Json;

namespace Pontual.Client;

/// <summary>Doing runs in a program of one's own: claim them, hold them while they go on, and say what they came to.</summary>
public sealed class WorkerOperations
{
    private readonly Wire _wire;

    internal WorkerOperations(Wire wire) => _wire = wire;

    /// <summary>Takes runs of jobs with a worker target, and waits for the first one if asked to.</summary>
    /// <param name="wish">Who takes what.</param>
    /// <param name="cancellation">Stops waiting. Runs that were taken in that moment are given back.</param>
    [Operation("ClaimRuns")]
    public Task<Claim> ClaimAsync(ClaimWish wish, CancellationToken cancellation = default) =>
        _wire.SendAsync<Claim>(Call.Post("api/v1/worker/claim", wish), cancellation);

    /// <summary>Renews the leases of runs; the answer says of each whether to go on or to stop.</summary>
    /// <param name="wish">Who holds what.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("HoldRuns")]
    public Task<Held> HoldAsync(HoldWish wish, CancellationToken cancellation = default) =>
        _wire.SendAsync<Held>(Call.Post("api/v1/worker/heartbeat", wish), cancellation);

    /// <summary>Records that a worker did a run.</summary>
    /// <param name="run">The run, and what it came to.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("CompleteWorkerRun")]
    public Task CompleteAsync(CompletedRun run, CancellationToken cancellation = default) =>
        _wire.SendAsync(Call.Post("api/v1/worker/complete", run), cancellation);

    /// <summary>Records that a worker's attempt failed; the job's retry policy decides what follows.</summary>
    /// <param name="run">The run, and what went wrong.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("FailWorkerRun")]
    public Task FailAsync(FailedRun run, CancellationToken cancellation = default) =>
        _wire.SendAsync(Call.Post("api/v1/worker/fail", run), cancellation);
}

/// <summary>A worker's wish for runs.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="Tasks">What it can do; 1 to 50.</param>
/// <param name="Limit">Most runs, 1 to 1000; 1 by default.</param>
/// <param name="Wait">Seconds to wait for the first one, 0 to 25; 0 by default.</param>
/// <param name="LeaseSeconds">How long it may be silent about a run, 3 to 600; 30 by default.</param>
public sealed record ClaimWish(string Worker, IReadOnlyList<string> Tasks, int? Limit = null, int? Wait = null, int? LeaseSeconds = null);

/// <summary>What a worker took. It must name each run in a heartbeat within <paramref name="LeaseSeconds"/>, or end it.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="LeaseSeconds">How long it may be silent.</param>
/// <param name="Runs">What it took; empty for nothing.</param>
public sealed record Claim(string Worker, double LeaseSeconds, IReadOnlyList<ClaimedRun> Runs);

/// <summary>A run that a worker took.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Token">To be sent with every word about the run.</param>
/// <param name="Job">Its job.</param>
/// <param name="Task">What to do.</param>
/// <param name="Args">As the job's target gives them; null for none.</param>
/// <param name="Parameters">As whoever asked for the run gave them; null for none.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="ScheduledFor">When it was due.</param>
/// <param name="TimeoutSeconds">How long the attempt may take in all.</param>
public sealed record ClaimedRun(
    Guid RunId,
    long Token,
    string Job,
    string Task,
    JsonElement? Args,
    JsonElement? Parameters,
    int Attempt,
    DateTimeOffset ScheduledFor,
    double TimeoutSeconds
);

/// <summary>A worker's sign of life.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="Runs">The runs that it holds; at most 1000.</param>
/// <param name="LeaseSeconds">How long it may be silent from now on, 3 to 600; 30 by default.</param>
public sealed record HoldWish(string Worker, IReadOnlyList<HeldRun>? Runs = null, int? LeaseSeconds = null);

/// <summary>A run that a worker holds.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Token">As it came with the claim.</param>
/// <param name="Output">What it printed since the last call.</param>
public sealed record HeldRun(Guid RunId, long Token, string? Output = null);

/// <summary>The answer to a heartbeat.</summary>
/// <param name="Runs">One for each run, in order.</param>
public sealed record Held(IReadOnlyList<Verdict> Runs);

/// <summary>What a worker is to do with a run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Token">As it came with the claim.</param>
/// <param name="Next"><c>go_on</c>, or <c>stop</c>: it was cancelled, its time is over, or it is not this worker's any more.</param>
public sealed record Verdict(Guid RunId, long Token, string Next);

/// <summary>A run that a worker did.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="RunId">The run.</param>
/// <param name="Token">As it came with the claim.</param>
/// <param name="Output">What it printed since the last call.</param>
/// <param name="Result">Any JSON.</param>
/// <param name="ItemsProcessed">What was counted.</param>
public sealed record CompletedRun(
    string Worker,
    Guid RunId,
    long Token,
    string? Output = null,
    JsonElement? Result = null,
    int? ItemsProcessed = null
);

/// <summary>A run that failed in a worker.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="RunId">The run.</param>
/// <param name="Token">As it came with the claim.</param>
/// <param name="Error">What went wrong; at most 10000 characters.</param>
/// <param name="Output">What it printed since the last call.</param>
/// <param name="Retry">False when another attempt is of no use; true by default.</param>
/// <param name="Result">Any JSON.</param>
public sealed record FailedRun(
    string Worker,
    Guid RunId,
    long Token,
    string Error,
    string? Output = null,
    bool? Retry = null,
    JsonElement? Result = null
);
