using Pontual.Engine.Limits;

namespace Pontual.Server.Packs;

/// <summary>What becomes of one queue's limit.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Fields">Keys that differ, in the documented order; empty for unchanged and removed limits.</param>
public sealed record QueueDiff(string Queue, JobDiffKind Kind, IReadOnlyList<FieldDiff> Fields)
{
    /// <summary>Compares what is there with what is wished.</summary>
    public static IReadOnlyList<QueueDiff> Compute(
        IReadOnlyDictionary<string, Limit> current,
        IReadOnlyDictionary<string, Limit> desired,
        bool prune
    ) =>
        [
            .. desired.Select(queue => Between(queue.Key, current.GetValueOrDefault(queue.Key), queue.Value)),
            .. current
                .Keys.Where(name => prune && !desired.ContainsKey(name))
                .Order(StringComparer.Ordinal)
                .Select(name => new QueueDiff(name, JobDiffKind.Remove, [])),
        ];

    private static QueueDiff Between(string queue, Limit? before, Limit after)
    {
        var fields = LimitDocument
            .Keys.Select(key => new FieldDiff(key, Shown(before, key), Shown(after, key)))
            .Where(field => field.Before != field.After)
            .ToList();
        var kind =
            before is null ? JobDiffKind.Create
            : fields.Count > 0 ? JobDiffKind.Update
            : JobDiffKind.Unchanged;
        return new QueueDiff(queue, kind, fields);
    }

    private static string? Shown(Limit? bound, string key) =>
        bound is not null && LimitDocument.Write(bound)[key] is { } value ? FieldDiff.Shown(value) : null;
}
