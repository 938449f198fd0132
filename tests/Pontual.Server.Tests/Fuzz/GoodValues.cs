using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pontual.Server.Tests.Fuzz;

/// <summary>Values that schemas of the document allow, so that a request gets past the first check.</summary>
internal sealed class GoodValues(JsonElement document, IReadOnlyDictionary<string, string[]> known, Random random)
{
    private const int Deepest = 7;

    private static readonly string[] Texts =
    [
        "a text",
        "known-1",
        "UTC",
        "0 9 * * MON",
        "2030-01-31",
        "2030-01-31T09:00:00Z",
        "12-24",
        "20/1m",
        "br",
    ];

    /// <summary>A parameter's value.</summary>
    public string Text(string name, JsonElement schema)
    {
        var value = JsonElement.Parse(Json(name, schema, 0));
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
    }

    /// <summary>A header's value.</summary>
    public string Header(string name) =>
        name switch
        {
            "If-Match" => random.Next(3) == 0 ? "*" : $"\"{random.Next(1, 4)}\"",
            "X-Pontual-Tenant" => random.Next(3) == 0 ? "other" : "default",
            _ => $"value-{random.Next(20)}",
        };

    /// <summary>JSON that a schema allows, mostly.</summary>
    public string Json(string key, JsonElement schema, int depth)
    {
        // Nothing may wait for what never comes: no run ends on a server without workers.
        if (key is "wait" or "follow" or "timeout_ms")
        {
            return key == "follow" ? "false" : "0";
        }

        if (key is "name" or "job" && random.Next(2) == 0)
        {
            return JsonSerializer.Serialize(Known("jobs"));
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            return JsonSerializer.Serialize(Texts[random.Next(Texts.Length)]);
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            var target = reference.GetString()!.Split('/').Skip(1).Aggregate(document, (part, step) => part.GetProperty(step));
            return reference.GetString()!.EndsWith("/Duration", StringComparison.Ordinal) ? "\"5m\"" : Json(key, target, depth);
        }

        foreach (var choice in new[] { "oneOf", "anyOf" })
        {
            if (schema.TryGetProperty(choice, out var list) && !schema.TryGetProperty("type", out _))
            {
                return Json(key, Pick(list), depth);
            }
        }

        return schema.TryGetProperty("enum", out var words) ? Pick(words).GetRawText()
            : schema.TryGetProperty("const", out var only) ? only.GetRawText()
            : Typed(key, schema, depth);
    }

    private string Typed(string key, JsonElement schema, int depth)
    {
        var type =
            !schema.TryGetProperty("type", out var named) ? ""
            : named.ValueKind == JsonValueKind.String ? named.GetString()
            : Pick(named).GetString();
        return type switch
        {
            "null" => "null",
            "boolean" => random.Next(2) == 0 ? "true" : "false",
            "integer" or "number" => Number(schema),
            "array" =>
                $"[{string.Join(',', Enumerable.Range(0, depth > Deepest ? 0 : random.Next(3)).Select(_ => Json("", schema.GetProperty("items"), depth + 1)))}]",
            "object" => Object(schema, depth),
            "string" => JsonSerializer.Serialize(String(key, schema)),
            _ => JsonSerializer.Serialize(Texts[random.Next(Texts.Length)]),
        };
    }

    private string Object(JsonElement schema, int depth)
    {
        var text = new StringBuilder("{");
        var required = schema.TryGetProperty("required", out var list)
            ? list.EnumerateArray().Select(name => name.GetString()!).ToHashSet()
            : [];
        var only = schema.TryGetProperty("maxProperties", out var most) ? most.GetInt32() : int.MaxValue;
        if (schema.TryGetProperty("properties", out var properties))
        {
            var chosen = properties
                .EnumerateObject()
                .Where(property => required.Contains(property.Name) || (depth < Deepest && random.Next(3) == 0))
                .Take(only);
            foreach (var property in chosen)
            {
                text.Append(text.Length == 1 ? "" : ",").Append(JsonSerializer.Serialize(property.Name)).Append(':');
                text.Append(Json(property.Name, property.Value, depth + 1));
            }
        }

        return text.Append('}').ToString();
    }

    private string Number(JsonElement schema)
    {
        var least = schema.TryGetProperty("minimum", out var minimum) ? minimum.GetDouble() : 0;
        var most = schema.TryGetProperty("maximum", out var maximum) ? maximum.GetDouble() : least + 20;
        return ((long)(least + (random.NextDouble() * (most - least)))).ToString(CultureInfo.InvariantCulture);
    }

    private string String(string key, JsonElement schema)
    {
        var format = schema.TryGetProperty("format", out var named) ? named.GetString() : "";
        return format switch
        {
            "uuid" => Known("runs"),
            "date-time" => "2030-01-31T09:00:00Z",
            "date" => "2030-01-31",
            _ => key switch
            {
                "zone" => "America/Sao_Paulo",
                "worker" => "worker-1",
                "password" or "current" => "correct horse battery",
                "rate" => "20/1m",
                "backoff" => "5s..1m",
                "cursor" => Known("jobs"),
                _ when schema.TryGetProperty("pattern", out _) => Known("jobs"),
                _ => Texts[random.Next(Texts.Length)],
            },
        };
    }

    private JsonElement Pick(JsonElement list) => list[random.Next(list.GetArrayLength())];

    private string Known(string kind) => known[kind][random.Next(known[kind].Length)];
}
