using System.Diagnostics;
using System.Text.Json;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Api;

/// <summary>Whether the document is right and whole: by validators of others, and by what we promise of every operation.</summary>
public sealed class OpenApiDocumentTests(ApiHost host) : IClassFixture<ApiHost>
{
    [ValidatorFact(DisplayName = "X-01 the OpenAPI 3.1 document is valid by validators that are not ours")]
    public async Task The_document_is_valid_by_validators_that_are_not_ours()
    {
        var file = Path.Combine(host.Folder, "v1.json");
        await File.WriteAllTextAsync(file, await host.Anonymous.GetStringAsync("/openapi/v1.json"));

        var start = new ProcessStartInfo("node", [Path.Combine(ValidatorFactAttribute.Folder, "check.mjs"), file])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var found = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();

        Assert.True(node.ExitCode == 0, found + await errors);
        Assert.Equal("0 found", found.Trim());
    }

    [Fact]
    public async Task Every_operation_says_all_that_a_caller_must_know()
    {
        var document = await host.Anonymous.GetJsonAsync("/openapi/v1.json");

        var lacking =
            from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            from lack in Lacks(path.Name, operation.Value)
            select $"{operation.Name} {path.Name} lacks {lack}";

        // What the framework cannot see of an operation is written in src/Pontual.Server/Api/Description/described.json.
        Assert.Empty(lacking);
    }

    private static IEnumerable<string> Lacks(string path, JsonElement operation)
    {
        if (!operation.TryGetProperty("summary", out _))
        {
            yield return "a summary";
        }

        if (!operation.TryGetProperty("security", out _))
        {
            yield return "who may call it";
        }

        foreach (var parameter in Items(operation, "parameters"))
        {
            if (!parameter.TryGetProperty("description", out _) || !parameter.TryGetProperty("schema", out _))
            {
                yield return $"words or a schema for '{parameter.GetProperty("name")}'";
            }
        }

        if (operation.TryGetProperty("requestBody", out var body))
        {
            foreach (var media in body.GetProperty("content").EnumerateObject())
            {
                if (!media.Value.TryGetProperty("schema", out _) || !media.Value.TryGetProperty("example", out _))
                {
                    yield return $"a schema or an example of its body as {media.Name}";
                }
            }
        }

        var answers = operation.GetProperty("responses").EnumerateObject().ToList();
        foreach (var answer in answers.Where(answer => answer.Name is not ("204" or "101" or "304")))
        {
            if (
                !answer.Value.TryGetProperty("content", out var content)
                || content.EnumerateObject().Any(media => !media.Value.TryGetProperty("schema", out _))
            )
            {
                yield return $"a schema of its answer {answer.Name}";
            }
        }

        string[] needed = path.StartsWith("/api/", StringComparison.Ordinal) ? ["400", "429", "503"] : [];
        foreach (var status in needed.Where(status => answers.TrueForAll(answer => answer.Name != status)))
        {
            yield return $"an answer {status}";
        }
    }

    private static IEnumerable<JsonElement> Items(JsonElement of, string name) =>
        of.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];
}

/// <summary>Runs where <c>./test</c> has installed the validators.</summary>
internal sealed class ValidatorFactAttribute : FactAttribute
{
    public ValidatorFactAttribute()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            Skip = "The validators are not installed: ./test does that, with node and npm.";
        }
    }

    public static string Folder { get; } = Repository.Path("artifacts/openapi");
}
