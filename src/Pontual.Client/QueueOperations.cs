using System.Text.Json.Serialization;

namespace Pontual.Client;

/// <summary>Queues and limits.</summary>
public sealed class QueueOperations
{
    private readonly Wire _wire;

    internal QueueOperations(Wire wire) => _wire = wire;

    /// <summary>How many runs wait and run now, and the limit of each queue that has one.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListQueues")]
    public Task<Page<Queue>> ListAsync(CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<Queue>>(Call.Get("api/v1/queues"), cancellation);

    /// <summary>Limits a queue over all nodes, from the next claim on.</summary>
    /// <param name="name">The queue.</param>
    /// <param name="limit">Its limit.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("PutQueueLimit")]
    public Task<Limit> PutLimitAsync(string name, Limit limit, CancellationToken cancellation = default) =>
        _wire.SendAsync<Limit>(Call.Put(Of(name), limit), cancellation);

    /// <summary>Takes a queue's limit away. Without one nothing happens.</summary>
    /// <param name="name">The queue.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("DeleteQueueLimit")]
    public Task DeleteLimitAsync(string name, CancellationToken cancellation = default) =>
        _wire.SendAsync(Call.Delete(Of(name)), cancellation);

    /// <summary>A page of limits of queues and keys with their use.</summary>
    /// <param name="scope"><c>queue</c> or <c>key</c>; null for both.</param>
    /// <param name="cursor">Where the page before ended; null for the first page.</param>
    /// <param name="limit">Most limits on it, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListLimits")]
    public Task<Page<LimitUse>> ListLimitsAsync(
        string? scope = null,
        string? cursor = null,
        int? limit = null,
        CancellationToken cancellation = default
    ) => _wire.SendAsync<Page<LimitUse>>(Call.Get("api/v1/limits", ("scope", scope), ("cursor", cursor), ("limit", limit)), cancellation);

    /// <summary>All limits with their use, read page by page.</summary>
    /// <param name="scope"><c>queue</c> or <c>key</c>; null for both.</param>
    /// <param name="limit">Most limits of a page.</param>
    /// <param name="cancellation">Stops.</param>
    [Operation("ListLimits")]
    public IAsyncEnumerable<LimitUse> AllLimitsAsync(string? scope = null, int? limit = null, CancellationToken cancellation = default) =>
        Pages.AllAsync((cursor, stop) => ListLimitsAsync(scope, cursor, limit, stop), cancellation);

    private static string Of(string name) => $"api/v1/queues/{Call.Part(name)}/limit";
}

/// <summary>How many runs of a queue wait and run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Due">Runs that could start.</param>
/// <param name="Waiting">Runs that wait for their time or another run.</param>
/// <param name="Running">Runs that go on.</param>
/// <param name="OldestDue">Since when the oldest could start; null for none.</param>
/// <param name="Limit">Its limit; null for none.</param>
public sealed record Queue(
    [property: JsonPropertyName("queue")] string Name,
    long Due,
    long Waiting,
    long Running,
    DateTimeOffset? OldestDue,
    Limit? Limit
);

/// <summary>A limit: how many runs are active at once, how many start in a period, or both.</summary>
/// <param name="AtOnce">Most runs active at once, 1 to 10000.</param>
/// <param name="Rate">Most starts in a period, evenly spread: <c>20/1m</c>.</param>
/// <param name="Burst">Starts of the rate that may come together; 1 by default.</param>
public sealed record Limit([property: JsonPropertyName("at-once")] int? AtOnce = null, string? Rate = null, int? Burst = null);

/// <summary>The limit that all runs of the same key share.</summary>
/// <param name="Key">A text that jobs may share, or a template over the run: <c>chip-{{parameters.chip}}</c>.</param>
/// <param name="AtOnce">Most runs active at once, 1 to 10000.</param>
/// <param name="Rate">Most starts in a period, evenly spread: <c>20/1m</c>.</param>
/// <param name="Burst">Starts of the rate that may come together; 1 by default.</param>
public sealed record JobLimit(
    string Key,
    [property: JsonPropertyName("at-once")] int? AtOnce = null,
    string? Rate = null,
    int? Burst = null
);

/// <summary>A limit and its use.</summary>
/// <param name="Scope"><c>queue</c> or <c>key</c>.</param>
/// <param name="Name">The queue or key.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Words">The same in words.</param>
/// <param name="Active">Runs that are active.</param>
/// <param name="Waiting">Runs that wait.</param>
/// <param name="NextAt">When its rate lets the next start; null where that is not later than now.</param>
public sealed record LimitUse(string Scope, string Name, Limit Limit, string Words, int Active, long Waiting, DateTimeOffset? NextAt);
