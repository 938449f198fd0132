using System.Text.Json.Nodes;
using Pontual.Engine.Jobs;
using static Pontual.Server.Packs.PackSchema;

namespace Pontual.Server.Packs;

/// <summary>The part of the schema about schedules.</summary>
internal static class PackScheduleSchema
{
    public static JsonObject Schedule() =>
        new()
        {
            ["description"] = "When it is due; left out, it runs only when asked.",
            ["oneOf"] = new JsonArray(
                new JsonObject { ["const"] = "manual" },
                Kind(
                    "cron",
                    "5 fields, or 6 with a leading second; also @daily and its likes, @every 90s and @reboot (at each start of the system).",
                    Words(256),
                    [
                        (
                            "dst",
                            Closed(
                                "Changes of the clock.",
                                new() { ["gap"] = Enum(JobWords.Gaps.Keys), ["overlap"] = Enum(JobWords.Repeats.Keys) }
                            )
                        ),
                        ("dialect", Told("Whose grammar the expression follows; pontual unless said.", Enum(JobWords.Dialects.Keys))),
                        ("jitter", Jitter()),
                        ("shift", Told("Where a day that is no business day gives its times.", Enum(JobWords.Shifts.Keys))),
                        .. Bounds(),
                    ]
                ),
                Kind("every", "At a fixed rate.", Ref("duration"), [("from", From()), ("jitter", Jitter()), .. Bounds()]),
                Kind("delay", "So long after the end of the run before.", Ref("duration"), Bounds()),
                Kind("at", "Once.", Instant(), [("jitter", Jitter())])
            ),
        };

    private static JsonObject Kind(string key, string description, JsonObject value, IReadOnlyList<(string Key, JsonObject Value)> more)
    {
        var properties = new JsonObject { [key] = value, ["zone"] = Told("IANA id; America/Sao_Paulo unless said.", Words(100)) };
        foreach (var (name, schema) in more)
        {
            properties[name] = schema;
        }

        properties["only"] = Calendars("Calendars outside of which it does not run.");
        properties["except"] = Calendars("Calendars in which it does not run.");
        return Needing(key, Closed(description, properties));
    }

    private static (string Key, JsonObject Value)[] Bounds() =>
        [
            ("start", Told("The first time it may be due: a date, a local time or an instant.", Bound())),
            ("end", Told("The last time it may be due; a date means all of that day.", Bound())),
        ];

    private static JsonObject Jitter() => Told("Spreads due times by up to so much, always the same for the same time.", Ref("duration"));

    private static JsonObject From() =>
        Told(
            "An instant that it is counted from; or last-start, to count from the start of the run before.",
            new() { ["anyOf"] = new JsonArray(Instant(), new JsonObject { ["const"] = "last-start" }) }
        );

    private static JsonObject Instant() => new() { ["type"] = "string", ["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}" };

    private static JsonObject Bound() =>
        new() { ["type"] = "string", ["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}.*)?$" };

    private static JsonObject Calendars(string description) =>
        Told(
            description,
            new()
            {
                ["anyOf"] = new JsonArray(
                    Calendar(),
                    new JsonObject
                    {
                        ["type"] = "array",
                        ["minItems"] = 1,
                        ["maxItems"] = 50,
                        ["items"] = Calendar(),
                    }
                ),
            }
        );

    private static JsonObject Calendar() =>
        Told(
            "A calendar: br, br-SP, weekends, weekdays, one of your own by its name, or one written here.",
            new()
            {
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9._-]{1,128}$" },
                    CalendarSchema.Unnamed()
                ),
            }
        );
}
