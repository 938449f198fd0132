using System.Text.Json.Nodes;

namespace Pontual.Client;

/// <summary>Jobs: what runs, when, and by which rules.</summary>
public sealed class JobOperations
{
    private const string Path = "api/v1/jobs";

    private readonly Wire _wire;

    internal JobOperations(Wire wire) => _wire = wire;

    /// <summary>A page of jobs in the order of their names.</summary>
    /// <param name="cursor">Where the page before ended; null for the first page.</param>
    /// <param name="limit">Most jobs on it, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListJobs")]
    public Task<Page<Job>> ListAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<Job>>(Call.Get(Path, ("cursor", cursor), ("limit", limit)), cancellation);

    /// <summary>All jobs in the order of their names, read page by page.</summary>
    /// <param name="limit">Most jobs of a page.</param>
    /// <param name="cancellation">Stops.</param>
    [Operation("ListJobs")]
    public IAsyncEnumerable<Job> AllAsync(int? limit = null, CancellationToken cancellation = default) =>
        Pages.AllAsync((cursor, stop) => ListAsync(cursor, limit, stop), cancellation);

    /// <summary>A job, and where it stands.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowJob")]
    public Task<Job> GetAsync(string name, CancellationToken cancellation = default) =>
        _wire.SendAsync<Job>(Call.Get(Of(name)), cancellation);

    /// <summary>Defines a job; one of its name is a problem, <c>job-exists</c>.</summary>
    /// <param name="job">The definition.</param>
    /// <param name="idempotencyKey">Makes the request safe to send again: the same key gets the first answer. Null for none.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("CreateJob")]
    public Task<Job> CreateAsync(JobDefinition job, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Job>(Call.Post(Path, job) with { IdempotencyKey = idempotencyKey }, cancellation);

    /// <summary>Defines or replaces a job. A <see cref="Job"/> that was read may be handed back, changed.</summary>
    /// <param name="name">Its name, the same as in the definition.</param>
    /// <param name="job">The definition.</param>
    /// <param name="ifMatch">The <see cref="Job.ETag"/> the change is based on; null for whatever stands.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("PutJob")]
    public Task<Job> PutAsync(string name, JobDefinition job, string? ifMatch = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Job>(Call.Put(Of(name), job) with { IfMatch = ifMatch }, cancellation);

    /// <summary>Removes a job and cancels its waiting runs. Its history stays.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("DeleteJob")]
    public Task DeleteAsync(string name, CancellationToken cancellation = default) => _wire.SendAsync(Call.Delete(Of(name)), cancellation);

    /// <summary>Runs a job now, whatever its schedule says.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="run">What goes to the target; null for nothing.</param>
    /// <param name="overlap"><c>allow</c> to run it beside a run that goes on; needs the scope admin.</param>
    /// <param name="idempotencyKey">Makes the request safe to send again: the same key gets the same run. Null for none.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("RunJob")]
    public Task<RunAccepted> RunAsync(
        string name,
        RunWish? run = null,
        string? overlap = null,
        string? idempotencyKey = null,
        CancellationToken cancellation = default
    ) =>
        _wire.SendAsync<RunAccepted>(
            Call.Post($"{Of(name)}/run", run) with
            {
                Query = [("overlap", overlap)],
                IdempotencyKey = idempotencyKey,
            },
            cancellation
        );

    /// <summary>Pauses a job: due times are recorded as skipped.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="pause">Why, and how long; null for no reason, until it is resumed.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("PauseJob")]
    public Task<Job> PauseAsync(string name, PauseWish? pause = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Job>(Call.Post($"{Of(name)}/pause", pause), cancellation);

    /// <summary>Ends a pause.</summary>
    /// <param name="name">The job's name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ResumeJob")]
    public Task<Job> ResumeAsync(string name, CancellationToken cancellation = default) =>
        _wire.SendAsync<Job>(Call.Post($"{Of(name)}/resume"), cancellation);

    /// <summary>Ends a pause, clears the failure streak, and fails an active run whose end nobody waits for any more.</summary>
    /// <param name="name">The job's name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ResetJob")]
    public Task<Job> ResetAsync(string name, CancellationToken cancellation = default) =>
        _wire.SendAsync<Job>(Call.Post($"{Of(name)}/reset"), cancellation);

    /// <summary>Why the job ran, did not run or waits: one sentence, and what it rests on.</summary>
    /// <param name="name">Its name; of one that was removed too.</param>
    /// <param name="at">The due time in question: an instant, or a local time of the job's zone, <c>2026-12-01T09:00</c>; null for now.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ExplainJob")]
    public Task<Explanation> WhyAsync(string name, string? at = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Explanation>(Call.Get($"{Of(name)}/why", ("at", at)), cancellation);

    private static string Of(string name) => $"{Path}/{Call.Part(name)}";
}

/// <summary>A wish for a run.</summary>
/// <param name="Parameters">What goes to the target; null for nothing.</param>
public sealed record RunWish(JsonObject? Parameters = null);

/// <summary>A run that was accepted: it runs at once, or when its turn comes.</summary>
/// <param name="RunId">The run.</param>
public sealed record RunAccepted(Guid RunId);
