using System.Text.Json.Nodes;

namespace Pontual.Messaging.Compat;

/// <summary>What taking over customers came to, in the document's words (S2-10).</summary>
internal static class SyncResult
{
    /// <param name="providers">How many were configured.</param>
    /// <param name="done">What they brought together.</param>
    /// <param name="errors">Those that failed, and why.</param>
    public static JsonObject Of(int providers, SyncCounts done, IEnumerable<(string Provider, string Error)> errors) =>
        new()
        {
            ["total_provedores"] = providers,
            ["total_novos"] = done.Added,
            ["total_atualizados"] = done.Updated,
            ["items_processed"] = done.Read,
            ["erros"] = new JsonArray([
                .. errors.Select(error => (JsonNode)new JsonObject { ["provedor"] = error.Provider, ["erro"] = error.Error }),
            ]),
        };
}

/// <summary>How many customers were read, and how many of them were new or had changed.</summary>
internal readonly record struct SyncCounts(int Read, int Added, int Updated)
{
    public static SyncCounts operator +(SyncCounts one, SyncCounts other) =>
        new(one.Read + other.Read, one.Added + other.Added, one.Updated + other.Updated);
}
