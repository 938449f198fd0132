using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Packs;

/// <summary>The JSON Schema (2020-12) of a file of definitions; a job by itself is its <c>#/$defs/job</c>. Editors complete and check by it.</summary>
/// <remarks>It takes what <see cref="PackReader"/> takes and refuses most of what that refuses; dates, zones and cron fields are the reader's alone.</remarks>
public static class PackSchema
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as indented JSON, ending with a line break; also kept as <c>docs/reference/pontual.schema.json</c>.</summary>
    public static string Text { get; } = File().ToJsonString(Indented) + "\n";

    private static JsonObject File() =>
        new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = "urn:pontual:schema:definitions",
            ["title"] = "Pontual definitions",
            ["type"] = "object",
            ["anyOf"] = new JsonArray(
                Requires("jobs"),
                Requires("server"),
                Requires("calendars"),
                Requires("queues"),
                Requires("gateways")
            ),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["pack"] = Closed(
                    "What the file is.",
                    new()
                    {
                        ["name"] = Words(128),
                        ["description"] = Words(10_000),
                        ["existing"] = Told(
                            "What becomes of jobs that are there already: keep leaves them as they are, for systems that change their jobs while they run; replace, unless said.",
                            Enum(["replace", "keep"])
                        ),
                    }
                ),
                ["server"] = Closed("Settings of the server that reads this file at its start.", Server()),
                ["defaults"] = Closed("Keys that every job of this file has unless it gives them itself.", Defaults()),
                ["calendars"] = new JsonObject { ["type"] = "array", ["items"] = Ref("calendar") },
                ["queues"] = LimitSchema.Queues(),
                ["gateways"] = GatewaySchema.Gateways(),
                ["jobs"] = new JsonObject { ["type"] = "array", ["items"] = Ref("job") },
            },
            ["$defs"] = new JsonObject
            {
                ["job"] = Job(),
                ["schedule"] = PackScheduleSchema.Schedule(),
                ["calendar"] = CalendarSchema.Calendar(),
                ["target"] = Target(),
                ["retry"] = Retry(),
                ["limit"] = LimitSchema.OfJob(),
                ["name"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[a-z0-9][a-z0-9._-]{0,127}$" },
                ["duration"] = new JsonObject
                {
                    ["type"] = "string",
                    ["description"] = "500ms, 90s, 5m, 1h30m, 2d, or ISO 8601",
                    ["pattern"] =
                        "^(?:(?=[0-9])(?:[0-9]{1,10}d)?(?:[0-9]{1,10}h)?(?:[0-9]{1,10}m)?(?:[0-9]{1,10}s)?(?:[0-9]{1,10}ms)?|P[0-9TDHMSW.]+)$",
                },
            },
        };

    private static JsonObject Job()
    {
        var job = Closed("A job: what runs, when, and by which rules.", JobKeys());
        job["required"] = new JsonArray("name", "target");
        return job;
    }

    private static JsonObject JobKeys() =>
        new()
        {
            ["name"] = Ref("name"),
            ["description"] = Words(1000),
            ["schedule"] = Ref("schedule"),
            ["target"] = Ref("target"),
            ["timeout"] = Told("Longest time of an attempt, 1s to 7d; 5m unless said.", Ref("duration")),
            ["overlap"] = Told("When it is due while it runs; skip unless said.", Enum(JobWords.Overlaps.Keys)),
            ["catch-up"] = Told("What was missed; latest unless said.", Enum(JobWords.CatchUps.Keys)),
            ["catch-up-window"] = Told("How far back 'catch-up: all' reaches; 1d unless said.", Ref("duration")),
            ["retry"] = Ref("retry"),
            ["critical"] = Told("A stale or failing critical job makes the whole system critical.", new() { ["type"] = "boolean" }),
            ["sla"] = Told(
                "Longest time from due to start; auto goes by the schedule.",
                new() { ["anyOf"] = new JsonArray(new JsonObject { ["const"] = "auto" }, Ref("duration")) }
            ),
            ["queue"] = Ref("name"),
            ["priority"] = Told("10 goes first.", Integer(-10, 10)),
            ["concurrency"] = Told("Most runs at once; only with 'overlap: allow'.", Integer(1, 10_000)),
            ["limit"] = Ref("limit"),
            ["log"] = Told("A log file of the job's own, rotated.", Words(1024)),
        };

    private static JsonObject Defaults()
    {
        var keys = JobKeys();
        keys.Remove("name");
        keys.Remove("schedule");
        keys["zone"] = Told("Zone of schedules that name none.", Words(100));
        return keys;
    }

    private static JsonObject Target() =>
        new()
        {
            ["description"] = "What it runs: one kind with its settings.",
            ["type"] = "object",
            ["minProperties"] = 1,
            ["maxProperties"] = 1,
            ["properties"] = new JsonObject
            {
                ["http"] = Open(
                    "url",
                    "method",
                    "headers",
                    "body",
                    "success",
                    "redirects",
                    "connect-timeout",
                    "max-response",
                    "sign",
                    "outbound",
                    "allow",
                    "ca",
                    "callback"
                ),
                ["process"] = Open(
                    "command",
                    "argv",
                    "shell",
                    "cwd",
                    "env",
                    "user",
                    "stdin",
                    "success-codes",
                    "rotate",
                    "detach",
                    "result"
                ),
                ["handler"] = Open("name", "args"),
                ["sql"] = Open("connection", "statement", "settings"),
                ["worker"] = Closed(
                    "Programs outside claim its runs over HTTP.",
                    new() { ["task"] = Told("What they claim; the job's name unless said.", Ref("name")), ["args"] = true }
                ),
            },
            ["additionalProperties"] = new JsonObject { ["type"] = "object" },
        };

    private static JsonObject Retry()
    {
        var span = "[0-9]{1,10}(?:ms|[smhd])";
        var failures = JobWords.Failures.Keys.Select(word => (JsonNode)word).Append(429);
        return Needing(
            "attempts",
            Closed(
                "Further attempts after a failure.",
                new()
                {
                    ["attempts"] = Told("In all, the first included.", Integer(1, 100)),
                    ["backoff"] = Told(
                        "Shortest and longest wait.",
                        new() { ["type"] = "string", ["pattern"] = $"^(?:{span})+(?:\\.\\.(?:{span})+)?$|^P" }
                    ),
                    ["on"] = new JsonObject
                    {
                        ["type"] = "array",
                        ["minItems"] = 1,
                        ["items"] = new JsonObject { ["enum"] = new JsonArray([.. failures]) },
                    },
                }
            )
        );
    }

    private static JsonObject Server()
    {
        var texts = new JsonObject
        {
            ["anyOf"] = new JsonArray(
                new JsonObject { ["type"] = "string" },
                new JsonObject
                {
                    ["type"] = "array",
                    ["minItems"] = 1,
                    ["items"] = new JsonObject { ["type"] = "string" },
                }
            ),
        };
        return new JsonObject
        {
            ["data"] = Words(4096),
            ["urls"] = texts,
            ["public-url"] = Words(4096),
            ["proxies"] = texts.DeepClone(),
            ["postgres"] = Words(4096),
            ["notifications"] = Enum(["on", "off"]),
            ["role"] = texts.DeepClone(),
            ["packs"] = texts.DeepClone(),
            ["concurrency"] = Integer(1, 10_000),
            ["queues"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = Integer(0, 10_000) },
            ["drain"] = Ref("duration"),
            ["retention"] = Ref("duration"),
            ["stuck-after"] = Ref("duration"),
            ["event-retention"] = Ref("duration"),
            ["webhook-retention"] = Ref("duration"),
            ["failed-webhook-retention"] = Ref("duration"),
            ["message-retention"] = Ref("duration"),
            ["outage-retention"] = Ref("duration"),
            ["trust-retention"] = Ref("duration"),
            ["origins"] = texts.DeepClone(),
            ["route-prefixes"] = texts.DeepClone(),
            ["outbound"] = Enum(["any", "public-only"]),
            ["outbound-rates"] = Told(
                "Most calls of all nodes in a period, by host (with its port where that is not the usual one) or service: 20/1s.",
                new() { ["type"] = "object", ["additionalProperties"] = Words(50) }
            ),
            ["circuits"] = Enum(["on", "off"]),
            ["heartbeat"] = Told(
                "An address of a dead-man's switch elsewhere that is called each minute while somebody watches here.",
                Words(4096)
            ),
            ["rate-limit"] = Told("Most requests of one caller in a period, such as 2000/1s, or off.", Words(40)),
            ["metrics"] = Enum(["token", "open"]),
            ["otlp"] = Words(4096),
            ["run-log"] = Enum(["off", "en", "pt-BR"]),
            ["default-target"] = Target(),
        };
    }

    internal static JsonObject Closed(string description, JsonObject properties) =>
        new()
        {
            ["description"] = description,
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };

    private static JsonObject Open(params string[] keys)
    {
        var properties = new JsonObject();
        foreach (var key in keys)
        {
            properties[key] = true;
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    internal static JsonObject Needing(string key, JsonObject schema)
    {
        schema["required"] = new JsonArray(key);
        return schema;
    }

    internal static JsonObject Told(string description, JsonObject schema)
    {
        schema["description"] = description;
        return schema;
    }

    private static JsonObject Requires(string key) => new() { ["required"] = new JsonArray(key) };

    internal static JsonObject Ref(string name) => new() { ["$ref"] = $"#/$defs/{name}" };

    internal static JsonObject Words(int limit) => new() { ["type"] = "string", ["maxLength"] = limit };

    internal static JsonObject Integer(int least, int most) =>
        new()
        {
            ["type"] = "integer",
            ["minimum"] = least,
            ["maximum"] = most,
        };

    internal static JsonObject Enum(IEnumerable<string> words) =>
        new() { ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) };
}
