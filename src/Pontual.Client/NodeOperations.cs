namespace Pontual.Client;

/// <summary>Nodes: the processes that plan and run.</summary>
public sealed class NodeOperations
{
    private readonly Wire _wire;

    internal NodeOperations(Wire wire) => _wire = wire;

    /// <summary>Nodes seen in the last day.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListNodes")]
    public Task<Page<Node>> ListAsync(CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<Node>>(Call.Get("api/v1/nodes"), cancellation);
}

/// <summary>A process that plans or runs.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Host">Its machine.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Version">Pontual's version.</param>
/// <param name="Roles">What it does.</param>
/// <param name="State"><c>alive</c>, <c>draining</c>, <c>left</c> or <c>lost</c>.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="SeenAt">Its last renewal; null before the first.</param>
/// <param name="LeaseUntil">Until when it may work without renewing.</param>
/// <param name="LeftAt">When it stopped by itself; null when it did not.</param>
/// <param name="ActiveAttempts">Attempts that go on.</param>
/// <param name="RefusedWrites">Results that were not recorded, because it no longer held the run.</param>
/// <param name="ClockOffsetMs">Its wall clock less the database's, in milliseconds; null on SQLite.</param>
public sealed record Node(
    string Id,
    string Host,
    int Pid,
    string Version,
    IReadOnlyList<string> Roles,
    string State,
    DateTimeOffset StartedAt,
    DateTimeOffset? SeenAt,
    DateTimeOffset LeaseUntil,
    DateTimeOffset? LeftAt,
    int ActiveAttempts,
    long RefusedWrites,
    long? ClockOffsetMs
);
