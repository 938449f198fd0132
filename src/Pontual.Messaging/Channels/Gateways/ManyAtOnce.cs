using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways;

/// <summary>Asks a gateway about each of its sessions, a few at a time: most tell what matters of one session only when asked for that one.</summary>
internal static class ManyAtOnce
{
    private const int Most = 8;

    /// <summary>What is known of each, in their order.</summary>
    public static async Task<IReadOnlyList<SessionFacts>> LookAsync<T>(
        IReadOnlyList<T> all,
        Func<T, CancellationToken, Task<SessionFacts>> look,
        CancellationToken cancellation
    )
    {
        var facts = new SessionFacts[all.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, all.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Most, CancellationToken = cancellation },
            async (at, token) => facts[at] = await look(all[at], token)
        );
        return facts;
    }

    /// <summary>The rows of a list that have a name: one without is no session.</summary>
    public static IReadOnlyList<JsonElement> Named(this JsonElement rows) =>
        [.. rows.EnumerateArray().Where(row => row.Text("name") is not null)];
}
