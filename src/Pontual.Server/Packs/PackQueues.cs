using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;

namespace Pontual.Server.Packs;

/// <summary>Reads <c>queues: { whatsapp: { at-once: 10, rate: 100/1m } }</c> of a file of definitions.</summary>
internal static class PackQueues
{
    /// <summary>The queues with their limits; those with problems are not among them.</summary>
    public static IEnumerable<(string Queue, Limit Bound)> Read(JsonElement root, ICollection<DocumentProblem> problems)
    {
        if (
            root.ValueKind is not JsonValueKind.Object
            || !root.TryGetProperty("queues", out var json)
            || json.ValueKind is JsonValueKind.Null
            || DocumentObject.Open(json, "/queues", problems) is not { } queues
        )
        {
            yield break;
        }

        foreach (var queue in queues.Keys)
        {
            if (!JobName.TryParse(queue, out _))
            {
                queues.Report(queue, "name", $"{DocumentText.Quote(queue)} is not the name of a queue", JobName.Rule);
            }
            else if (
                DocumentObject.Open(queues.Get(queue)!.Value, queues.PathOf(queue), problems, LimitDocument.Keys) is { } document
                && LimitDocument.Read(document, problems) is { } bound
            )
            {
                yield return (queue, bound);
            }
        }
    }
}
