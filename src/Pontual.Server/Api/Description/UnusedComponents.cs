using System.Text.Json.Nodes;

namespace Pontual.Server.Api.Description;

/// <summary>Takes schemas out that nothing refers to: the framework leaves those of parameters that are described otherwise.</summary>
internal static class UnusedComponents
{
    private const string Prefix = "#/components/schemas/";

    public static void Remove(JsonObject document)
    {
        var schemas = document["components"]!["schemas"]!.AsObject();
        var used = new HashSet<string>(StringComparer.Ordinal);
        Follow(document["paths"], schemas, used);
        foreach (var name in schemas.Select(schema => schema.Key).Where(name => !used.Contains(name)).ToList())
        {
            schemas.Remove(name);
        }
    }

    private static void Follow(JsonNode? node, JsonObject schemas, HashSet<string> used)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Follow(item, schemas, used);
            }
        }
        else if (node is JsonObject part)
        {
            foreach (var (_, value) in part)
            {
                Follow(value, schemas, used);
            }

            if (
                part["$ref"] is JsonValue target
                && target.TryGetValue<string>(out var reference)
                && reference.StartsWith(Prefix, StringComparison.Ordinal)
                && used.Add(reference[Prefix.Length..])
            )
            {
                Follow(schemas[reference[Prefix.Length..]], schemas, used);
            }
        }
    }
}
