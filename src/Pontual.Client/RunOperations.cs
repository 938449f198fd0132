using System.Runtime.CompilerServices;

namespace Pontual.Client;

/// <summary>Runs and what they printed.</summary>
public sealed class RunOperations
{
    private const string Path = "api/v1/runs";

    private readonly Wire _wire;

    internal RunOperations(Wire wire) => _wire = wire;

    /// <summary>A page of runs, newest first.</summary>
    /// <param name="job">Of this job only; null for all.</param>
    /// <param name="state">In this state only; null for all.</param>
    /// <param name="from">Due then or later; null for any time.</param>
    /// <param name="cursor">Where the page before ended; null for the first page.</param>
    /// <param name="limit">Most runs on it, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListRuns")]
    public Task<Page<Run>> ListAsync(
        string? job = null,
        string? state = null,
        DateTimeOffset? from = null,
        string? cursor = null,
        int? limit = null,
        CancellationToken cancellation = default
    ) =>
        _wire.SendAsync<Page<Run>>(
            Call.Get(Path, ("job", job), ("state", state), ("from", from), ("cursor", cursor), ("limit", limit)),
            cancellation
        );

    /// <summary>All runs, newest first, read page by page.</summary>
    /// <param name="job">Of this job only; null for all.</param>
    /// <param name="state">In this state only; null for all.</param>
    /// <param name="from">Due then or later; null for any time.</param>
    /// <param name="limit">Most runs of a page.</param>
    /// <param name="cancellation">Stops.</param>
    [Operation("ListRuns")]
    public IAsyncEnumerable<Run> AllAsync(
        string? job = null,
        string? state = null,
        DateTimeOffset? from = null,
        int? limit = null,
        CancellationToken cancellation = default
    ) => Pages.AllAsync((cursor, stop) => ListAsync(job, state, from, cursor, limit, stop), cancellation);

    /// <summary>A run with its attempts.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowRun")]
    public Task<Run> GetAsync(Guid id, CancellationToken cancellation = default) => _wire.SendAsync<Run>(Call.Get(Of(id)), cancellation);

    /// <summary>Cancels a waiting run at once; a running one is asked to stop.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("CancelRun")]
    public Task<Cancellation> CancelAsync(Guid id, CancellationToken cancellation = default) =>
        _wire.SendAsync<Cancellation>(Call.Post($"{Of(id)}/cancel"), cancellation);

    /// <summary>Runs an ended run's job again with the same parameters, as a new run.</summary>
    /// <param name="id">The run that ended.</param>
    /// <param name="idempotencyKey">Makes the request safe to send again: the same key gets the same run. Null for none.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("RetryRun")]
    public Task<RunAccepted> RetryAsync(Guid id, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<RunAccepted>(Call.Post($"{Of(id)}/retry") with { IdempotencyKey = idempotencyKey }, cancellation);

    /// <summary>What a run printed so far, in pieces: at most 200 of them.</summary>
    /// <param name="id">The run.</param>
    /// <param name="after">The last piece already read; null for none.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ReadOutput")]
    public Task<Output> OutputAsync(Guid id, long? after = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Output>(Call.Get($"{Of(id)}/output", ("after", after)), cancellation);

    /// <summary>What a run prints, as text, as it comes.</summary>
    /// <param name="id">The run.</param>
    /// <param name="after">The last piece already read; null for none.</param>
    /// <param name="follow">Whether to go on until the run has ended; else it ends with what is there.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>Texts of any length, cut anywhere but inside a character.</returns>
    [Operation("ReadOutput")]
    public async IAsyncEnumerable<string> OutputTextAsync(
        Guid id,
        long? after = null,
        bool? follow = null,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var call = Call.Get($"{Of(id)}/output", ("after", after), ("follow", follow)) with { Accept = "text/plain" };
        using var answer = await _wire.OpenAsync(call, cancellation).ConfigureAwait(false);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
        var letters = new char[4096];
        while (await reader.ReadAsync(letters.AsMemory(), cancellation).ConfigureAwait(false) is var count and > 0)
        {
            yield return new string(letters, 0, count);
        }
    }

    /// <summary>Ends a run whose target answered 202.</summary>
    /// <param name="id">The run.</param>
    /// <param name="callbackToken">What the attempt was sent as <c>X-Pontual-Callback-Token</c>.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("CompleteRun")]
    public Task CompleteAsync(Guid id, string callbackToken, CallbackResult result, CancellationToken cancellation = default) =>
        _wire.SendAsync(Call.Post($"{Of(id)}/complete", result) with { CallbackToken = callbackToken }, cancellation);

    private static string Of(Guid id) => $"{Path}/{id:D}";
}
