using System.Text.Json.Nodes;

namespace Pontual.Server.Packs;

/// <summary>The part of the JSON Schema that is about calendars.</summary>
internal static class CalendarSchema
{
    public static JsonObject Calendar()
    {
        var calendar = PackSchema.Closed("A named set of time that schedules keep to ('only') or out of ('except').", Keys());
        calendar["required"] = new JsonArray("name");
        return calendar;
    }

    /// <summary>A calendar that stands where it is used.</summary>
    public static JsonObject Unnamed()
    {
        var keys = Keys();
        keys.Remove("name");
        keys.Remove("description");
        keys.Remove("ical-file");
        return PackSchema.Closed("A calendar of the job's own.", keys);
    }

    private static JsonObject Keys() =>
        new()
        {
            ["name"] = PackSchema.Ref("name"),
            ["description"] = PackSchema.Words(1000),
            ["zone"] = PackSchema.Told("IANA id; that of the job's schedule unless said.", PackSchema.Words(100)),
            ["holidays"] = Holidays(),
            ["dates"] = Many(
                "2026-12-24, 12-31 (every year), 2026-12-28..2027-01-02, 05-SUN#2 (second Sunday of May), *-FRI#L, or { date, name }.",
                Either(
                    PackSchema.Words(40),
                    Needing("date", "A date with its name.", new() { ["date"] = PackSchema.Words(40), ["name"] = PackSchema.Words(200) })
                )
            ),
            ["weekdays"] = Many("SAT, SUN, MON-FRI.", PackSchema.Words(40)),
            ["hours"] = new JsonObject
            {
                ["description"] = "By days of the week: { mon-fri: \"08:00-12:00, 14:00-18:00\" }; over midnight \"22:00-07:00\".",
                ["type"] = "object",
                ["additionalProperties"] = Many("Stretches of the day.", PackSchema.Words(200)),
            },
            ["windows"] = Many("Stretches of time.", Either(Once(), Repeated())),
            ["ical"] = PackSchema.Told("The text of an iCalendar file.", PackSchema.Words(65_536)),
            ["ical-file"] = PackSchema.Told("In files only: the path of an iCalendar file beside this one.", PackSchema.Words(4096)),
        };

    private static JsonObject Holidays() =>
        Needing(
            "country",
            "National holidays, on wish those of a state and of a capital city, and optional points.",
            new()
            {
                ["country"] = new JsonObject { ["enum"] = new JsonArray("br", "BR") },
                ["state"] = PackSchema.Words(10),
                ["city"] = PackSchema.Words(100),
                ["optional"] = new JsonObject { ["type"] = "boolean" },
            }
        );

    private static JsonObject Once()
    {
        var window = Needing(
            "from",
            "Once; local times, or instants with an offset.",
            new()
            {
                ["from"] = PackSchema.Words(40),
                ["to"] = PackSchema.Words(40),
                ["name"] = PackSchema.Words(200),
            }
        );
        window["required"] = new JsonArray("from", "to");
        return window;
    }

    private static JsonObject Repeated()
    {
        var window = Needing(
            "cron",
            "Again and again.",
            new()
            {
                ["cron"] = PackSchema.Words(256),
                ["for"] = PackSchema.Ref("duration"),
                ["name"] = PackSchema.Words(200),
            }
        );
        window["required"] = new JsonArray("cron", "for");
        return window;
    }

    private static JsonObject Needing(string key, string description, JsonObject properties)
    {
        var schema = PackSchema.Closed(description, properties);
        schema["required"] = new JsonArray(key);
        return schema;
    }

    private static JsonObject Either(JsonObject one, JsonObject other) => new() { ["anyOf"] = new JsonArray(one, other) };

    /// <summary>One, or a list of them.</summary>
    private static JsonObject Many(string description, JsonObject item) =>
        new()
        {
            ["description"] = description,
            ["anyOf"] = new JsonArray(item, new JsonObject { ["type"] = "array", ["items"] = item.DeepClone() }),
        };
}
