namespace Pontual.Client;

/// <summary>Circuits: whether hosts and services outside are called.</summary>
public sealed class CircuitOperations
{
    private readonly Wire _wire;

    internal CircuitOperations(Wire wire) => _wire = wire;

    /// <summary>Hosts and services that failed or asked for a wait (429) within the last 30 days.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListCircuits")]
    public Task<Page<Circuit>> ListAsync(CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<Circuit>>(Call.Get("api/v1/circuits"), cancellation);

    /// <summary>Changes of circuits within the last 30 days, the latest first.</summary>
    /// <param name="circuitName">Of which circuit; null for all.</param>
    /// <param name="from">Then or later; null for all.</param>
    /// <param name="limit">Most of them, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListCircuitChanges")]
    public Task<Page<CircuitChange>> HistoryAsync(
        string? circuitName = null,
        DateTimeOffset? from = null,
        int? limit = null,
        CancellationToken cancellation = default
    ) =>
        _wire.SendAsync<Page<CircuitChange>>(
            Call.Get("api/v1/circuits/history", ("circuit_name", circuitName), ("from", from), ("limit", limit)),
            cancellation
        );

    /// <summary>Closes a circuit by hand, and ends the wait that an answer of 429 asked for. All nodes follow within 2 s.</summary>
    /// <param name="circuitName">Its name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ResetCircuit")]
    public Task ResetAsync(string circuitName, CancellationToken cancellation = default) =>
        _wire.SendAsync(Call.Post($"api/v1/circuits/reset?circuit_name={Uri.EscapeDataString(circuitName)}"), cancellation);
}

/// <summary>Whether a host or service outside is called.</summary>
/// <param name="Name">Its origin (<c>https://api.example.com</c>) or name.</param>
/// <param name="Kind"><c>host</c> or <c>service</c>.</param>
/// <param name="State"><c>closed</c> (it is called), <c>open</c> (calls are refused) or <c>half-open</c> (one call finds out).</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">Open: from when on one call finds out; null while it is closed.</param>
/// <param name="Node">The node that opened it, or finds out; null while it is closed.</param>
/// <param name="Reason">What went wrong; null while it is closed.</param>
/// <param name="HeldUntil">It answered 429: nobody calls before; null where nothing holds calls up.</param>
public sealed record Circuit(
    string Name,
    string Kind,
    string State,
    DateTimeOffset Since,
    DateTimeOffset? Until,
    string? Node,
    string? Reason,
    DateTimeOffset? HeldUntil
);

/// <summary>A change of a circuit.</summary>
/// <param name="Circuit">Its name.</param>
/// <param name="At">When.</param>
/// <param name="Before">The state it had.</param>
/// <param name="After">The state it got.</param>
/// <param name="By">The node, or the person, who changed it.</param>
/// <param name="Reason">Why; null when there is nothing to say.</param>
public sealed record CircuitChange(string Circuit, DateTimeOffset At, string Before, string After, string? By, string? Reason);
