using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Pontual.Client;

namespace Pontual.Server.Tests.Client;

/// <summary>Compares schemas of the document with types of the client.</summary>
internal sealed class SchemaComparison(JsonElement document)
{
    private readonly HashSet<(string, Type, bool)> _compared = [];
    private readonly DefaultJsonTypeInfoResolver _resolver = new();

    /// <summary>What differs, each in a sentence.</summary>
    /// <param name="schema">Of the document.</param>
    /// <param name="type">Of the client.</param>
    /// <param name="place">Where they stand.</param>
    /// <param name="asks">It is sent: what is left out in the schema may be demanded by the client.</param>
    public IReadOnlyList<string> Of(JsonElement schema, Type type, string place, bool asks = false)
    {
        _compared.Clear();
        return [.. Compare(schema, type, place, asks)];
    }

    /// <summary>The same for what stands in a page.</summary>
    public IReadOnlyList<string> OfItems(JsonElement page, Type type, string place) =>
        Of(Resolve(page).GetProperty("properties").GetProperty("items").GetProperty("items"), type, place);

    private IEnumerable<string> Compare(JsonElement schema, Type type, string place, bool asks)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        schema = Resolve(schema);
        if (type == typeof(JsonElement) || type == typeof(JsonNode) || IsAny(schema))
        {
            return type == typeof(JsonElement) || IsAny(schema) && schema.ValueKind == JsonValueKind.True
                ? []
                : [$"{place}: any JSON is no {type.Name}"];
        }

        if (Alternatives(schema) is { } alternatives)
        {
            return CompareAlternatives(alternatives, type, place, asks);
        }

        return KindOf(schema) switch
        {
            "object" => CompareObject(schema, type, place, asks),
            "array" => type.IsAssignableTo(typeof(IEnumerable)) && type.IsGenericType
                ? Compare(schema.GetProperty("items"), type.GetGenericArguments()[0], $"{place}[]", asks)
                : [$"{place}: a list is no {type.Name}"],
            var kind => IsValue(kind, Text(schema, "format"), type)
                ? []
                : [$"{place}: {kind} ({Text(schema, "format") ?? "plain"}) is no {type.Name}"],
        };
    }

    /// <summary>One record may stand for several shapes when it has the properties of all of them.</summary>
    private IEnumerable<string> CompareAlternatives(List<JsonElement> alternatives, Type type, string place, bool asks)
    {
        var objects = alternatives.Where(one => KindOf(one) == "object" && one.TryGetProperty("properties", out _)).ToList();
        if (objects.Count > 1 && PropertiesOf(type) is { } properties)
        {
            var known = objects.SelectMany(one => one.GetProperty("properties").EnumerateObject()).DistinctBy(one => one.Name).ToList();
            return CompareProperties(known, [], properties, type, place, asks);
        }

        var tries = alternatives.Select(one => Compare(one, type, place, asks).ToList()).ToList();
        return tries.Exists(one => one.Count == 0) ? [] : tries[0];
    }

    private IEnumerable<string> CompareObject(JsonElement schema, Type type, string place, bool asks)
    {
        if (type == typeof(JsonObject))
        {
            return schema.TryGetProperty("properties", out _) ? [$"{place}: the properties are known, and {type.Name} has none"] : [];
        }

        if (!schema.TryGetProperty("properties", out var known))
        {
            return
                schema.TryGetProperty("additionalProperties", out var values)
                && type.IsGenericType
                && type.GetGenericArguments().Length == 2
                ? Compare(values, type.GetGenericArguments()[1], $"{place}{{}}", asks)
                : [$"{place}: an object without known properties is no {type.Name}"];
        }

        if (PropertiesOf(type) is not { } properties)
        {
            return [$"{place}: an object is no {type.Name}"];
        }

        // What refers to itself was looked at already.
        return _compared.Add((known.GetRawText(), type, asks))
            ? CompareProperties([.. known.EnumerateObject()], Required(schema), properties, type, place, asks)
            : [];
    }

    private IEnumerable<string> CompareProperties(
        List<JsonProperty> known,
        HashSet<string> required,
        Dictionary<string, JsonPropertyInfo> properties,
        Type type,
        string place,
        bool asks
    )
    {
        foreach (var property in known)
        {
            // What only answers say is not sent.
            if (asks && property.Value is { ValueKind: JsonValueKind.Object } && property.Value.TryGetProperty("readOnly", out _))
            {
                continue;
            }

            if (!properties.TryGetValue(property.Name, out var info))
            {
                yield return $"{place}.{property.Name} is missing in {type.Name}";
                continue;
            }

            // A schema that takes anything leaves all to the page of that target.
            if (
                property.Value.ValueKind != JsonValueKind.True
                && !asks
                && (!required.Contains(property.Name) || MayBeNull(property.Value))
                && !IsNullable(info)
            )
            {
                yield return $"{place}.{property.Name} may be null";
            }

            if (asks && required.Contains(property.Name) && IsNullable(info))
            {
                yield return $"{place}.{property.Name} must be given";
            }

            foreach (var difference in Compare(property.Value, info.PropertyType, $"{place}.{property.Name}", asks))
            {
                yield return difference;
            }
        }

        foreach (var name in properties.Keys.Where(name => !known.Exists(property => property.Name == name)))
        {
            yield return $"{place}.{name} is not in the document";
        }
    }

    private Dictionary<string, JsonPropertyInfo>? PropertiesOf(Type type)
    {
        var info = _resolver.GetTypeInfo(type, Wire.Json);
        return info.Kind == JsonTypeInfoKind.Object && type != typeof(object)
            ? info.Properties.Where(property => !property.IsExtensionData && !IsIgnored(property)).ToDictionary(property => property.Name)
            : null;
    }

    private static bool IsIgnored(JsonPropertyInfo property) =>
        property.AttributeProvider?.IsDefined(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute), inherit: true) == true;

    private static bool IsNullable(JsonPropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (
            !property.PropertyType.IsValueType
            && property.AttributeProvider is PropertyInfo written
            && new NullabilityInfoContext().Create(written).ReadState == NullabilityState.Nullable
        );

    private bool MayBeNull(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && (
            (
                schema.TryGetProperty("type", out var type)
                && type.ValueKind == JsonValueKind.Array
                && type.EnumerateArray().Any(one => one.ValueEquals("null"))
            ) || (schema.TryGetProperty("oneOf", out var all) && all.EnumerateArray().Any(one => KindOf(one) == "null"))
        );

    private JsonElement Resolve(JsonElement schema)
    {
        while (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference))
        {
            schema = reference.GetString()!.Split('/').Skip(1).Aggregate(document, (part, key) => part.GetProperty(key));
        }

        if (Alternatives(schema) is [var only])
        {
            return Resolve(only);
        }

        return schema;
    }

    /// <summary>What is not null of it; null where there is no choice.</summary>
    private List<JsonElement>? Alternatives(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || KindOfPlain(schema) is not null)
        {
            return null;
        }

        return schema.TryGetProperty("oneOf", out var list) || schema.TryGetProperty("anyOf", out list)
            ? [.. list.EnumerateArray().Where(one => KindOf(one) != "null").Select(Resolve)]
            : null;
    }

    private static bool IsAny(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.True
        || (
            schema.ValueKind == JsonValueKind.Object
            && !schema.EnumerateObject().Any(key => key.Name is "type" or "enum" or "const" or "oneOf" or "anyOf" or "properties" or "$ref")
        );

    private static string? KindOf(JsonElement schema) =>
        KindOfPlain(schema)
        ?? (schema.TryGetProperty("enum", out var words) ? KindOf(words) : null)
        ?? (schema.TryGetProperty("const", out _) ? "string" : null);

    private static string? KindOfWords(JsonElement words) =>
        words.EnumerateArray().All(word => word.ValueKind == JsonValueKind.String) ? "string" : "mixed";

    private static string? KindOfPlain(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Array ? KindOfWords(schema)
        : schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type) ? null
        : type.ValueKind == JsonValueKind.String ? type.GetString()
        : type.EnumerateArray().Select(one => one.GetString()).FirstOrDefault(one => one != "null");

    private static bool IsValue(string? kind, string? format, Type type) =>
        (kind, format) switch
        {
            ("string", "date-time") => type == typeof(DateTimeOffset),
            ("string", "date") => type == typeof(DateOnly),
            ("string", "uuid") => type == typeof(Guid),
            ("string", _) => type == typeof(string),
            ("boolean", _) => type == typeof(bool),
            ("integer", "int64") => type == typeof(long),
            ("integer", _) => type == typeof(int),
            ("number", _) => type == typeof(double),
            _ => false,
        };

    private static HashSet<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var list) ? [.. list.EnumerateArray().Select(name => name.GetString()!)] : [];

    private static string? Text(JsonElement schema, string key) => schema.TryGetProperty(key, out var value) ? value.GetString() : null;
}
