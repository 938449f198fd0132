using System.Text.Json.Nodes;

namespace Pontual.Server.Api.Description;

/// <summary>Adds to the framework's document what it cannot see: bodies that are read by hand, documents in answers, refusals that every route shares.</summary>
internal sealed class DocumentFinish(JsonObject document)
{
    private const string ProblemType = "application/problem+json";

    private readonly JsonObject _described = Described.Read();

    public JsonObject Finish()
    {
        // Where a server is reached is not the document's to say.
        document.Remove("servers");
        AddTags();
        AddComponents();
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject())
            {
                Finish(path, method, operation!.AsObject());
            }
        }

        UnusedComponents.Remove(document);
        return document;
    }

    private void AddTags()
    {
        foreach (var tag in document["tags"]?.AsArray() ?? [])
        {
            var name = (string)tag!["name"]!;
            tag["description"] = (string?)_described["tags"]![name] ?? $"{name}.";
        }
    }

    private void AddComponents()
    {
        var schemas = document["components"]!["schemas"]!.AsObject();
        foreach (var (name, schema) in DefinitionSchemas.All().Concat(_described["schemas"]!.AsObject()))
        {
            schemas[name] = schema?.DeepClone();
        }

        foreach (var name in new[] { "Job", "Calendar" })
        {
            schemas[$"PageOf{name}"] = PageOf(schemas, name);
        }

        // The limit in an answer is a document too.
        schemas["QueueView"]
            ?["properties"]?["limit"]?.ReplaceWith(
                new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "null" }, Ref("Limit")) }
            );
        schemas["CheckView"]?["properties"]?["schedule"]?.ReplaceWith(Ref("Schedule"));
        schemas["LimitView"]?["properties"]?["limit"]?.ReplaceWith(Ref("Limit"));
        document["components"]!["securitySchemes"]!["callback"] = new JsonObject
        {
            ["type"] = "apiKey",
            ["in"] = "header",
            ["name"] = "X-Pontual-Callback-Token",
            ["description"] = "What an attempt was sent to say what came of it.",
        };
    }

    private static JsonNode? PageOf(JsonObject schemas, string name)
    {
        var page = schemas["PageOfJsonObject"]?.DeepClone();
        if (page is not null)
        {
            page["properties"]!["items"]!["items"] = Ref(name);
        }

        return page;
    }

    private void Finish(string path, string method, JsonObject operation)
    {
        var id = (string)operation["operationId"]!;
        var secured = operation["security"] is JsonArray;
        AddParameters(path, method, operation, secured);
        AddBody(id, operation);
        AddAnswers(id, operation);
        if (path.StartsWith("/api/", StringComparison.Ordinal))
        {
            AddRefusals(operation, secured);
        }

        operation["security"] ??= id switch
        {
            "CompleteRun" => new JsonArray(new JsonObject { ["callback"] = new JsonArray() }),
            "Health" => new JsonArray(new JsonObject(), new JsonObject { ["bearer"] = new JsonArray() }),
            _ => new JsonArray(),
        };
    }

    private void AddParameters(string path, string method, JsonObject operation, bool secured)
    {
        var parameters = operation["parameters"]?.AsArray() ?? [];
        var segments = path.Split('/');
        foreach (var parameter in parameters.Where(parameter => (string?)parameter!["in"] == "path"))
        {
            var name = (string)parameter!["name"]!;
            var at = Array.IndexOf(segments, $"{{{name}}}");
            parameter["description"] ??= (string?)_described["paths"]![segments[at - 1]] ?? $"The {name}.";
            if (name == RouteValues.JobName)
            {
                parameter["schema"] = Ref("Name");
            }
        }

        if (operation["responses"]!["412"] is not null)
        {
            parameters.Add(Header("If-Match", "The ETag of what the change is based on, or *; anything unless said."));
        }

        if (secured)
        {
            parameters.Add(
                Header("X-Pontual-Tenant", "Whose: for tokens of whoever runs the installation. The token's own tenant unless said.")
            );
        }

        if (secured && method != "get")
        {
            parameters.Add(Header("X-Pontual-Reason", "Why: kept in the audit log."));
        }

        if (parameters.Count > 0 && parameters.Parent is null)
        {
            operation["parameters"] = parameters;
        }
    }

    private void AddBody(string id, JsonObject operation)
    {
        if (operation["requestBody"]?["content"] is JsonObject content && _described["bodies"]![id] is { } body)
        {
            foreach (var (_, media) in content)
            {
                media!["schema"] = Ref((string)body["schema"]!);
                media["example"] = body["example"]?.DeepClone();
            }
        }
    }

    private void AddAnswers(string id, JsonObject operation)
    {
        var responses = operation["responses"]!.AsObject();
        foreach (var (status, types) in _described["answers"]![id]?.AsObject() ?? [])
        {
            var content = (responses[status] ??= new JsonObject { ["description"] = "OK" })["content"] ??= new JsonObject();
            foreach (var (type, schema) in types!.AsObject())
            {
                content[type] = new JsonObject { ["schema"] = Ref((string)schema!) };
            }
        }

        foreach (var (status, response) in responses)
        {
            if (response!["content"] is JsonObject content && content.ContainsKey(ProblemType))
            {
                content[ProblemType] = new JsonObject { ["schema"] = Ref("Problem") };
            }

            var schema = (string?)response["content"]?["application/json"]?["schema"]?["$ref"];
            if (
                status is "200" or "201"
                && (schema is "#/components/schemas/Job" or "#/components/schemas/Calendar" || operation["responses"]!["412"] is not null)
            )
            {
                response["headers"] = new JsonObject { ["ETag"] = TextHeader("The revision, for If-Match.") };
            }
        }
    }

    private static void AddRefusals(JsonObject operation, bool secured)
    {
        var responses = operation["responses"]!.AsObject();
        Add("400", "The request has mistakes; the answer names them.");
        if (secured)
        {
            Add("401", "A token is needed, or the one sent was refused.");
            Add("403", "The token may not do this.");
        }

        if (operation["requestBody"] is not null)
        {
            Add("413", "The body is too large.");
            Add("415", "The body has the wrong type.");
        }

        Add("429", "Too many requests: Retry-After says when to ask again.");
        responses["429"]!["headers"] = new JsonObject { ["Retry-After"] = TextHeader("Seconds to wait.") };
        Add("503", "The server or its database cannot answer now. Ask again later.");

        void Add(string status, string words) =>
            responses[status] ??= new JsonObject
            {
                ["description"] = words,
                ["content"] = new JsonObject { [ProblemType] = new JsonObject { ["schema"] = Ref("Problem") } },
            };
    }

    private static JsonObject Header(string name, string words) =>
        new()
        {
            ["name"] = name,
            ["in"] = "header",
            ["description"] = words,
            ["schema"] = new JsonObject { ["type"] = "string" },
        };

    private static JsonObject TextHeader(string words) =>
        new()
        {
            ["description"] = words,
            ["schema"] = new JsonObject { ["type"] = "string" },
        };

    private static JsonObject Ref(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };
}
