using System.Text.Json.Nodes;
using Pontual.Engine.Limits;

namespace Pontual.Server.Packs;

/// <summary>The part of the schema that tells limits.</summary>
internal static class LimitSchema
{
    public static JsonObject OfJob()
    {
        var keys = Bounds();
        keys["key"] = PackSchema.Told(
            "What is limited: a text that jobs may share, or a template over the run: chip-{{parameters.chip}}.",
            PackSchema.Words(JobLimit.LongestKey)
        );
        return PackSchema.Needing("key", Bounded("The limit that all runs of the same key share, over all nodes.", keys));
    }

    public static JsonObject Queues() =>
        new()
        {
            ["description"] = "Limits of queues, over all nodes.",
            ["type"] = "object",
            ["propertyNames"] = PackSchema.Ref("name"),
            ["additionalProperties"] = Bounded("The limit of a queue.", Bounds()),
        };

    private static JsonObject Bounded(string description, JsonObject keys)
    {
        var limit = PackSchema.Closed(description, keys);
        limit["anyOf"] = new JsonArray(
            new JsonObject { ["required"] = new JsonArray("at-once") },
            new JsonObject { ["required"] = new JsonArray("rate") }
        );
        limit["dependentRequired"] = new JsonObject { ["burst"] = new JsonArray("rate") };
        return limit;
    }

    private static JsonObject Bounds() =>
        new()
        {
            ["at-once"] = PackSchema.Told("Most runs active at once.", PackSchema.Integer(1, Limit.MostAtOnce)),
            ["rate"] = PackSchema.Told(
                "Most starts in a period, evenly spread: 20/1m.",
                new()
                {
                    ["type"] = "string",
                    ["pattern"] = "^\\s*[0-9]{1,6}\\s*/\\s*(?:(?:[0-9]{1,10}(?:ms|[smhd]))+|[smhd]|PT?[0-9TDHMSW.]+)\\s*$",
                }
            ),
            ["burst"] = PackSchema.Told(
                "Starts of the rate that may come together; 1 unless said.",
                PackSchema.Integer(1, Rate.MostStarts)
            ),
        };
}
