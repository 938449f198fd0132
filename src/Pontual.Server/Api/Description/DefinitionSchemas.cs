using System.Text.Json.Nodes;
using Pontual.Server.Packs;

namespace Pontual.Server.Api.Description;

/// <summary>The schemas of jobs, calendars and limits, as files of definitions have them, under the names of the API.</summary>
internal static class DefinitionSchemas
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["job"] = "JobDefinition",
        ["schedule"] = "Schedule",
        ["calendar"] = "CalendarDefinition",
        ["target"] = "Target",
        ["retry"] = "Retry",
        ["limit"] = "JobLimit",
        ["name"] = "Name",
        ["duration"] = "Duration",
    };

    private const string ReadOnlyOfJob = """
        {
          "next_run": { "type": ["string", "null"], "format": "date-time", "description": "When it is due next; null when that is not known." },
          "last_run": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/LastRun" }] },
          "paused": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Pause" }] },
          "revision": { "type": "integer", "format": "int32", "description": "Grows with each change." },
          "runs": { "type": "integer", "format": "int64", "description": "Ended runs." },
          "failure_streak": { "type": "integer", "format": "int32", "description": "Failed runs since the last that succeeded." },
          "created_at": { "type": "string", "format": "date-time" },
          "updated_at": { "type": "string", "format": "date-time" }
        }
        """;

    private const string ReadOnlyOfCalendar = """
        {
          "revision": { "type": "integer", "format": "int32", "description": "Grows with each change." },
          "updated_at": { "type": "string", "format": "date-time" },
          "built_in": { "type": "boolean", "description": "True for one that is not kept: it has nothing but its name." }
        }
        """;

    public static IEnumerable<KeyValuePair<string, JsonNode?>> All()
    {
        var file = JsonNode.Parse(PackSchema.Text)!.AsObject();
        Rename(file);
        var definitions = file["$defs"]!.AsObject();
        foreach (var (name, schema) in definitions)
        {
            yield return new(Names[name], schema);
        }

        yield return new("Limit", file["properties"]!["queues"]!["additionalProperties"]!.DeepClone());
        yield return new("Job", Answer(definitions["job"]!, ReadOnlyOfJob, [.. JobView.ReadOnlyKeys]));
        yield return new("JobUpdate", Update(definitions["job"]!, ReadOnlyOfJob));
        yield return new("Calendar", Answer(definitions["calendar"]!, ReadOnlyOfCalendar, []));
        var calendar = Update(definitions["calendar"]!, ReadOnlyOfCalendar);
        calendar.Remove("required");
        yield return new("CalendarUpdate", calendar);
        foreach (var key in new[] { "$schema", "$id", "$defs" })
        {
            file.Remove(key);
        }

        yield return new("Definitions", file);
    }

    /// <summary>What was defined, and where it stands. Answers may have more keys one day.</summary>
    private static JsonObject Answer(JsonNode definition, string more, IReadOnlyList<string> always)
    {
        var answer = definition.DeepClone().AsObject();
        answer.Remove("additionalProperties");
        foreach (var (key, schema) in JsonNode.Parse(more)!.AsObject())
        {
            answer["properties"]![key] = schema!.DeepClone();
        }

        foreach (var key in always)
        {
            answer["required"]!.AsArray().Add(key);
        }

        return answer;
    }

    /// <summary>What was defined; what only answers say may be handed back and is ignored.</summary>
    private static JsonObject Update(JsonNode definition, string more)
    {
        var update = definition.DeepClone().AsObject();
        foreach (var (key, schema) in JsonNode.Parse(more)!.AsObject())
        {
            update["properties"]![key] = schema!.DeepClone();
            update["properties"]![key]!["readOnly"] = true;
        }

        return update;
    }

    private static void Rename(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Rename(item);
            }
        }
        else if (node is JsonObject schema)
        {
            foreach (var (_, value) in schema)
            {
                Rename(value);
            }

            if (schema["$ref"] is JsonValue reference && ((string)reference!).StartsWith("#/$defs/", StringComparison.Ordinal))
            {
                schema["$ref"] = $"#/components/schemas/{Names[((string)reference!)["#/$defs/".Length..]]}";
            }
        }
    }
}
