using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Pontual.Server.Api.Description;

/// <summary>Types in schemas: of parameters, and of values that converters of ours write.</summary>
internal static class SchemaRules
{
    /// <summary>Instants and words are texts, which the framework cannot see behind a converter.</summary>
    public static Task NameTypes(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = context.JsonPropertyInfo?.PropertyType ?? context.JsonTypeInfo.Type;
        var value = Nullable.GetUnderlyingType(type) ?? type;
        if (value == typeof(DateTimeOffset) || (value.IsEnum && schema.Enum is { Count: > 0 }))
        {
            schema.Format = value.IsEnum ? null : "date-time";
            schema.Type = value == type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }

    /// <summary>The schema of a query parameter.</summary>
    public static OpenApiSchema Of(QueryParameter parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ValueType) ?? parameter.ValueType;
        return parameter == Query.AllowOverlap ? Words("allow")
            // Whatever the page before gave.
            : parameter.Name == "cursor" ? Text(null)
            : type == typeof(bool) ? new OpenApiSchema { Type = JsonSchemaType.Boolean }
            : type == typeof(long)
                ? new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Format = "int64",
                    Minimum = "0",
                }
            : type == typeof(int) ? Number(parameter)
            : type == typeof(TimeSpan)
                ? new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Format = "int32",
                    Minimum = "0",
                }
            : type == typeof(Guid) ? Text("uuid")
            : type == typeof(DateTimeOffset) ? Text("date-time")
            : type == typeof(DateOnly) ? Text("date")
            : type.IsEnum ? Words(Enum.GetNames(type))
            : Text(null);
    }

    private static OpenApiSchema Number(QueryParameter parameter) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Format = "int32",
            Minimum = parameter == Query.Limit ? "1" : null,
            Maximum = parameter == Query.Limit ? "500" : null,
        };

    private static OpenApiSchema Text(string? format) => new() { Type = JsonSchemaType.String, Format = format };

    private static OpenApiSchema Words(params string[] words) =>
        new()
        {
            Type = JsonSchemaType.String,
            Enum = [.. words.Select(word => System.Text.Json.Nodes.JsonValue.Create(word.ToLowerInvariant())!)],
        };
}
