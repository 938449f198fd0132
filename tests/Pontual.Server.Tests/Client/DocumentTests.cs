using System.Reflection;
using System.Text.Json;
using Pontual.Client;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Client;

/// <summary>Whether the typed client and the OpenAPI document say the same.</summary>
public sealed class DocumentTests(ApiHost host) : IClassFixture<ApiHost>
{
    /// <summary>Headers that a client has once for all its requests.</summary>
    private static readonly string[] ForAll = ["X-Pontual-Tenant", "X-Pontual-Reason"];

    [Fact]
    public async Task The_client_has_every_operation_of_the_document_and_no_other()
    {
        var document = await host.Anonymous.GetJsonAsync("/openapi/v1.json");

        var described = Operations(document).Select(operation => operation.GetProperty("operationId").GetString()!).Order();
        var written = Methods().Select(method => method.Id).Distinct().Order();

        Assert.Equal(described, written);
    }

    [Fact]
    public async Task Methods_take_the_parameters_of_the_document_and_records_have_its_properties()
    {
        var document = await host.Anonymous.GetJsonAsync("/openapi/v1.json");

        var operations = Operations(document).ToDictionary(operation => operation.GetProperty("operationId").GetString()!);
        var differences = Methods()
            .GroupBy(method => method.Id, method => method.Method)
            .Where(group => operations.ContainsKey(group.Key))
            .SelectMany(group => Compare(group.Key, operations[group.Key], [.. group], new SchemaComparison(document)));

        Assert.Empty(differences);
    }

    [Fact]
    public async Task The_comparison_finds_what_differs()
    {
        var document = await host.Anonymous.GetJsonAsync("/openapi/v1.json");
        var schema = JsonElement.Parse("""{"$ref":"#/components/schemas/TokenView"}""");

        var comparison = new SchemaComparison(document);

        Assert.Empty(comparison.Of(schema, typeof(Token), "token"));
        Assert.Contains("token.last_used_at is missing in Lacking", comparison.Of(schema, typeof(Lacking), "token"));
        Assert.Contains("token.more is not in the document", comparison.Of(schema, typeof(Lacking), "token"));
        Assert.Contains("token.created_at: string (date-time) is no String", comparison.Of(schema, typeof(Lacking), "token"));
        Assert.Contains("token.expires_at may be null", comparison.Of(schema, typeof(Lacking), "token"));
    }

    /// <summary>Routes that speak as the document of another system does: for programs that are written already.</summary>
    public static bool IsForeign(string path) =>
        path.StartsWith("/api/admin/", StringComparison.Ordinal)
        || path
            is "/health/circuits/history"
                or "/health/chips"
                or "/jobs/{job}"
                or "/whatsapp/monitor/start"
                or "/channels/whatsapp/status";

    private static IEnumerable<JsonElement> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        where !IsForeign(path.Name)
        from operation in path.Value.EnumerateObject()
        select operation.Value;

    private static IEnumerable<(string Id, MethodInfo Method)> Methods() =>
        from type in typeof(PontualClient).Assembly.GetExportedTypes()
        from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        let operation = method.GetCustomAttribute<OperationAttribute>()
        where operation is not null
        select (operation.Id, method);

    private static IEnumerable<string> Compare(string id, JsonElement operation, List<MethodInfo> methods, SchemaComparison comparison)
    {
        var parameters = Parameters(operation);
        var taken = methods
            .SelectMany(method => method.GetParameters())
            .ToLookup(parameter => parameter.Name!, StringComparer.OrdinalIgnoreCase);
        var missing = parameters.Keys.Where(name => !taken.Contains(name)).Select(name => $"{id}: no method takes '{name}'");
        return missing.Concat(methods.SelectMany(method => Compare(id, operation, method, parameters, comparison)));
    }

    private static IEnumerable<string> Compare(
        string id,
        JsonElement operation,
        MethodInfo method,
        Dictionary<string, JsonElement> parameters,
        SchemaComparison comparison
    )
    {
        var place = $"{method.DeclaringType!.Name}.{method.Name}";
        if (!Array.Exists(method.GetParameters(), parameter => parameter.ParameterType == typeof(CancellationToken)))
        {
            yield return $"{place} cannot be cancelled";
        }

        var others = method
            .GetParameters()
            .Where(parameter =>
                parameter.ParameterType != typeof(CancellationToken) && !parameters.ContainsKey(parameter.Name!.ToLowerInvariant())
            )
            .ToList();
        foreach (
            var parameter in method.GetParameters().Except(others).Where(parameter => parameter.ParameterType != typeof(CancellationToken))
        )
        {
            foreach (
                var difference in comparison.Of(
                    parameters[parameter.Name!.ToLowerInvariant()],
                    parameter.ParameterType,
                    $"{place}({parameter.Name})",
                    asks: true
                )
            )
            {
                yield return difference;
            }
        }

        foreach (
            var difference in CompareBody(id, place, operation, others, comparison)
                .Concat(CompareAnswer(place, operation, method, comparison))
        )
        {
            yield return difference;
        }
    }

    private static IEnumerable<string> CompareBody(
        string id,
        string place,
        JsonElement operation,
        List<ParameterInfo> others,
        SchemaComparison comparison
    )
    {
        if (!operation.TryGetProperty("requestBody", out var body))
        {
            return others.Select(parameter => $"{place} takes '{parameter.Name}', which {id} has not");
        }

        if (others is not [var only])
        {
            return [$"{place} must take a body and nothing else besides its parameters"];
        }

        var content = body.GetProperty("content");
        return only.ParameterType == typeof(string) && content.TryGetProperty("application/yaml", out _)
            ? []
            : comparison.Of(content.GetProperty("application/json").GetProperty("schema"), only.ParameterType, $"{place} body", asks: true);
    }

    private static IEnumerable<string> CompareAnswer(string place, JsonElement operation, MethodInfo method, SchemaComparison comparison)
    {
        var type = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : typeof(void);
        var answers = operation
            .GetProperty("responses")
            .EnumerateObject()
            .Where(answer => answer.Name[0] == '2' && answer.Value.TryGetProperty("content", out _))
            .SelectMany(answer => answer.Value.GetProperty("content").EnumerateObject())
            .ToList();
        if (answers.Count == 0)
        {
            return type == typeof(void) ? [] : [$"{place} returns {type.Name}, and nothing is answered"];
        }

        if (type == typeof(string))
        {
            return answers.Exists(answer => answer.Name != "application/json") ? [] : [$"{place} returns a text, and JSON is answered"];
        }

        var json = answers
            .Where(answer => answer.Name.EndsWith("json", StringComparison.Ordinal))
            .Select(answer => answer.Value.GetProperty("schema"));
        return method.ReturnType.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)
            ? json.SelectMany(schema => comparison.OfItems(schema, type, place))
            : json.SelectMany(schema => comparison.Of(schema, type, place));
    }

    /// <summary>Names as C# has them, in small letters.</summary>
    private static Dictionary<string, JsonElement> Parameters(JsonElement operation)
    {
        var text = JsonElement.Parse("""{"type":"string"}""");
        var parameters = new Dictionary<string, JsonElement>();
        if (operation.TryGetProperty("parameters", out var list))
        {
            foreach (var parameter in list.EnumerateArray().Where(one => !ForAll.Contains(one.GetProperty("name").GetString())))
            {
                parameters[Plain(parameter.GetProperty("name").GetString()!)] = parameter.GetProperty("schema");
            }
        }

        if (operation.GetProperty("security").EnumerateArray().Any(one => one.TryGetProperty("callback", out _)))
        {
            parameters["callbacktoken"] = text;
        }

        return parameters;
    }

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    private sealed record Lacking(
        string Id,
        string Name,
        string Scope,
        string CreatedAt,
        DateTimeOffset ExpiresAt,
        DateTimeOffset? RevokedAt,
        int More
    );
}
