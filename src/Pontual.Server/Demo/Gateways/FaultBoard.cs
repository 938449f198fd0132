namespace Pontual.Server.Demo.Gateways;

/// <summary>The faults that hold for a session, or for all of a gateway. Used under the world's gate.</summary>
internal sealed class FaultBoard(TimeProvider time)
{
    private readonly Dictionary<FaultKind, Entry> _entries = [];

    public void Put(Fault fault) =>
        _entries[fault.Kind] = new Entry(fault, fault.For is { } span ? time.GetUtcNow() + span : null, fault.Times);

    public bool Remove(FaultKind kind) => _entries.Remove(kind);

    public bool Has(FaultKind kind) => Find(kind) is not null;

    public Fault? Find(FaultKind kind) => Live(kind)?.Fault;

    /// <summary>Until when it holds; null when it does not, or has no end.</summary>
    public DateTimeOffset? EndOf(FaultKind kind) => Live(kind)?.Until;

    /// <summary>Whether it holds; counts one off from a fault that hits only so often.</summary>
    public bool Take(FaultKind kind)
    {
        if (Live(kind) is not { } entry)
        {
            return false;
        }

        if (entry.Left is { } left)
        {
            _entries[kind] = entry with { Left = left - 1 };
        }

        return true;
    }

    public IReadOnlyList<FaultKind> All() => [.. _entries.Keys.Where(Has)];

    /// <summary>Ends what such a step cures.</summary>
    public void Cure(Recovery by)
    {
        foreach (var kind in new[] { FaultKind.Drop, FaultKind.Zombie, FaultKind.Deaf })
        {
            if (Find(kind) is { Recovery: not Recovery.Itself } fault && fault.Recovery <= by)
            {
                _entries.Remove(kind);
            }
        }
    }

    private Entry? Live(FaultKind kind) =>
        _entries.TryGetValue(kind, out var entry) && (entry.Until is null || time.GetUtcNow() < entry.Until) && entry.Left is null or > 0
            ? entry
            : null;

    private sealed record Entry(Fault Fault, DateTimeOffset? Until, int? Left);
}
