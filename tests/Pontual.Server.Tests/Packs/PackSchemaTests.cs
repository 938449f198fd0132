using System.Text.Json;
using System.Text.RegularExpressions;
using Pontual.Engine.Jobs;
using Pontual.Server.Packs;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Server.Tests.Packs;

public class PackSchemaTests
{
    private static readonly JsonElement Schema = JsonElement.Parse(PackSchema.Text);

    [Fact]
    public void The_checked_in_schema_is_the_one_that_is_served()
    {
        var file = Repository.Path("docs/reference/pontual.schema.json");
        if (Environment.GetEnvironmentVariable("PONTUAL_WRITE_SCHEMA") == "1")
        {
            File.WriteAllText(file, PackSchema.Text);
        }

        File.ReadAllText(file).ShouldBe(PackSchema.Text, "run this test with PONTUAL_WRITE_SCHEMA=1 to write the file anew");
    }

    /// <summary>Files that the reader takes must pass the schema, and those that break a main rule must fail both.</summary>
    [Theory]
    [InlineData("jobs: []", true)]
    [InlineData("server: { urls: http://127.0.0.1:1, role: all, queues: { slow: 2 }, drain: 0s, outbound: any, run-log: pt-BR }", true)]
    [InlineData("pack: { name: x, description: y }\njobs: []", true)]
    [InlineData("defaults: { zone: UTC, timeout: 1m, retry: { attempts: 2 } }\njobs: []", true)]
    [InlineData("jobs: [{ name: a, target: { http: { url: x } } }]", true)]
    [InlineData("jobs: [{ name: a, target: { custom: {} }, schedule: manual }]", true)]
    [InlineData(
        "jobs: [{ name: a, target: { http: {} }, schedule: { cron: '@daily', zone: UTC, dst: { gap: skip, overlap: both } } }]",
        true
    )]
    [InlineData("jobs: [{ name: a, target: { http: {} }, schedule: { every: 1h30m, from: '2026-01-01T00:00Z' } }]", true)]
    [InlineData("jobs: [{ name: a, target: { http: {} }, schedule: { at: '2026-01-01T00:00', zone: UTC } }]", true)]
    [InlineData(
        "jobs: [{ name: a, target: { http: {} }, timeout: PT5M, sla: auto, critical: true, queue: q, priority: -10, log: l }]",
        true
    )]
    [InlineData(
        "jobs: [{ name: a, target: { http: {} }, overlap: allow, concurrency: 3, catch-up: all, catch-up-window: 2d, sla: 500ms }]",
        false
    )]
    [InlineData(
        "jobs: [{ name: a, target: { http: {} }, overlap: allow, concurrency: 3, catch-up: all, catch-up-window: 2d, sla: 5m }]",
        true
    )]
    [InlineData(
        "jobs: [{ name: a, target: { http: {} }, retry: { attempts: 3, backoff: 5s..1h30m, on: [network, timeout, 5xx, 429, '429', 4xx, exit, error, lease-lost, target] } }]",
        true
    )]
    [InlineData("calendars: [{ name: mine, dates: [2026-12-24, '12-31', { date: 05-SUN#2, name: x }], weekdays: SAT }]", true)]
    [InlineData("calendars: [{ name: mine, hours: { mon-fri: '08:00-12:00', sat: ['08:00-10:00'] }, zone: UTC }]", true)]
    [InlineData(
        "calendars: [{ name: mine, windows: [{ from: '2026-01-01T00:00', to: '2026-01-02T00:00' }, { cron: '@daily', for: 2h }] }]",
        true
    )]
    [InlineData("calendars: [{ name: mine, holidays: { country: br, state: SP, city: São Paulo, optional: true } }]", true)]
    [InlineData("calendars: [{ name: mine, holidays: { state: SP } }]", false)]
    [InlineData("calendars: [{ name: mine, windows: [{ from: '2026-01-01T00:00' }] }]", false)]
    [InlineData("calendars: [{ dates: [2026-12-24] }]", false)]
    [InlineData("calendars: [{ name: mine, day: 1 }]", false)]
    [InlineData("jobs: [{ name: a, target: { http: {} }, schedule: { every: 1h, except: [br, { dates: ['12-24'] }] } }]", true)]
    [InlineData("{}", false)]
    [InlineData("jobs: {}", false)]
    [InlineData("jobs: [], other: 1", false)]
    [InlineData("jobs: [{ name: a }]", false)]
    [InlineData("jobs: [{ target: { http: {} } }]", false)]
    [InlineData("jobs: [{ name: A, target: { http: {} } }]", false)]
    [InlineData("jobs: [{ name: a, target: {} }]", false)]
    [InlineData("jobs: [{ name: a, target: { http: {}, sql: {} } }]", false)]
    [InlineData("jobs: [{ name: a, target: { http: {} }, timeuot: 1s }]", false)]
    [InlineData("jobs: [{ name: a, target: { http: {} }, timeout: 300 }]", false)]
    [InlineData("jobs: [{ name: a, target: { http: {} }, timeout: soon }]", false)]
    [InlineData("jobs: [{ name: a, target: { http: {} }, overlap: maybe }]", false)]
    [InlineData("jobs: [{ name: a, target: { http: {} }, priority: 11 }]", false)]
    [InlineData("jobs: [{ name: a, target: { http: {} }, critical: 'yes' }]", false)]
    [InlineData("jobs: [{ name: a, target: { http: {} }, retry: { on: [network] } }]", false)]
    [InlineData("jobs: [{ name: a, target: { http: {} }, retry: { attempts: 1, on: [] } }]", false)]
    [InlineData("jobs: [{ name: a, target: { http: {} }, schedule: '* * * * *' }]", false)]
    [InlineData("jobs: [{ name: a, target: { http: {} }, schedule: { cron: '* * * * *', every: 5s } }]", false)]
    public void The_schema_agrees_with_the_reader(string text, bool right)
    {
        var yaml = YamlText.Read(new PackFile("a.yaml", text), []);
        var reads = PackReader.Read([new("a.yaml", text)], PackChecks.None).Problems.Count == 0;

        reads.ShouldBe(right);
        if (yaml.Root.ValueKind is not JsonValueKind.Undefined && !text.Contains("500ms", StringComparison.Ordinal))
        {
            Accepts(Schema, yaml.Root).ShouldBe(right);
        }
    }

    [Fact]
    public void The_schema_has_every_key_the_readers_have()
    {
        Keys("$defs", "job", "properties").ShouldBe(JobDocument.Keys);
        Keys("properties", "server", "properties").ShouldBe(ServerSettings.Keys);
        Keys("properties").Order().ShouldBe(PackReader.Keys.Order());

        static IEnumerable<string> Keys(params string[] path) =>
            path.Aggregate(Schema, (inside, key) => inside.GetProperty(key)).EnumerateObject().Select(property => property.Name);
    }

    /// <summary>As much of JSON Schema as ours uses; a keyword it does not know fails the test.</summary>
    private static bool Accepts(JsonElement schema, JsonElement json) =>
        schema.ValueKind is JsonValueKind.True || schema.EnumerateObject().All(keyword => Holds(keyword.Name, keyword.Value, schema, json));

    private static bool Holds(string keyword, JsonElement rule, JsonElement schema, JsonElement json) =>
        keyword switch
        {
            "$schema" or "$id" or "$defs" or "title" or "description" => true,
            "$ref" => Accepts(Schema.GetProperty("$defs").GetProperty(rule.GetString()!.Split('/')[^1]), json),
            "anyOf" => rule.EnumerateArray().Any(one => Accepts(one, json)),
            "oneOf" => rule.EnumerateArray().Count(one => Accepts(one, json)) == 1,
            "const" => JsonElement.DeepEquals(rule, json),
            "enum" => rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, json)),
            "type" => rule.GetString() switch
            {
                "object" => json.ValueKind is JsonValueKind.Object,
                "array" => json.ValueKind is JsonValueKind.Array,
                "string" => json.ValueKind is JsonValueKind.String,
                "integer" => json.ValueKind is JsonValueKind.Number && json.TryGetInt64(out _),
                "boolean" => json.ValueKind is JsonValueKind.True or JsonValueKind.False,
                var other => throw new NotSupportedException(other),
            },
            "required" => json.ValueKind is not JsonValueKind.Object
                || rule.EnumerateArray().All(key => json.TryGetProperty(key.GetString()!, out _)),
            "properties" => json.ValueKind is not JsonValueKind.Object
                || rule.EnumerateObject().All(key => !json.TryGetProperty(key.Name, out var value) || Accepts(key.Value, value)),
            "additionalProperties" => json.ValueKind is not JsonValueKind.Object
                || json.EnumerateObject()
                    .Where(key => !IsNamed(schema, key.Name))
                    .All(key => rule.ValueKind is not JsonValueKind.False && Accepts(rule, key.Value)),
            "items" => json.ValueKind is not JsonValueKind.Array || json.EnumerateArray().All(item => Accepts(rule, item)),
            "minItems" => json.ValueKind is not JsonValueKind.Array || json.GetArrayLength() >= rule.GetInt32(),
            "maxItems" => json.ValueKind is not JsonValueKind.Array || json.GetArrayLength() <= rule.GetInt32(),
            "minProperties" => json.ValueKind is not JsonValueKind.Object || json.GetPropertyCount() >= rule.GetInt32(),
            "maxProperties" => json.ValueKind is not JsonValueKind.Object || json.GetPropertyCount() <= rule.GetInt32(),
            "pattern" => json.ValueKind is not JsonValueKind.String
                || Regex.IsMatch(json.GetString()!, rule.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)),
            "maxLength" => json.ValueKind is not JsonValueKind.String || json.GetString()!.Length <= rule.GetInt32(),
            "minimum" => json.ValueKind is not JsonValueKind.Number || json.GetDouble() >= rule.GetDouble(),
            "maximum" => json.ValueKind is not JsonValueKind.Number || json.GetDouble() <= rule.GetDouble(),
            _ => throw new NotSupportedException(keyword),
        };

    private static bool IsNamed(JsonElement schema, string key) =>
        schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(key, out _);
}
