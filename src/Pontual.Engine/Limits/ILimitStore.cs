using Pontual.Engine.Audit;

namespace Pontual.Engine.Limits;

/// <summary>Keeps the limits of queues, and tells how far all limits are used. Limits by key come with the runs of the jobs that name them.</summary>
public interface ILimitStore
{
    /// <summary>Limits a queue over all nodes, or, with a null <paramref name="bound"/>, not any more. Holds from the next claim on.</summary>
    /// <param name="queue">Which.</param>
    /// <param name="bound">The limit, or null.</param>
    /// <param name="by">Who changes it, for the audit log.</param>
    /// <param name="now">The instant of the change.</param>
    /// <param name="cancellation">Stops waiting; the change may still happen.</param>
    /// <returns>Whether this changed anything.</returns>
    Task<bool> SetQueueAsync(string queue, Limit? bound, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The queues that have limits, by name.</summary>
    Task<IReadOnlyDictionary<string, Limit>> QueuesAsync(CancellationToken cancellation);

    /// <summary>Limits and their use: queues first, then keys, each in the order of names.</summary>
    /// <param name="scope">Of this kind only; null for both.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="limit">1 to 500.</param>
    /// <param name="now">The instant of judgement.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<LimitStatus>> ListAsync(
        LimitScope? scope,
        (LimitScope Scope, string Name)? after,
        int limit,
        DateTimeOffset now,
        CancellationToken cancellation
    );
}

/// <summary>What a limit is of.</summary>
public enum LimitScope
{
    /// <summary>All runs of a queue.</summary>
    Queue,

    /// <summary>All runs whose jobs give them the same key.</summary>
    Key,
}

/// <summary>A limit and its use.</summary>
/// <param name="Scope">Of a queue or of a key.</param>
/// <param name="Name">Which.</param>
/// <param name="Bound">How much.</param>
/// <param name="Active">Runs that are claimed.</param>
/// <param name="Waiting">Runs that could start but for the limit (of a queue: all that are due).</param>
/// <param name="Opens">When its rate lets the next start, where that is later than now.</param>
public sealed record LimitStatus(LimitScope Scope, string Name, Limit Bound, int Active, long Waiting, DateTimeOffset? Opens);
