using System.Text.Json.Nodes;

namespace Pontual.Server.Api.Description;

/// <summary>What people wrote about operations: <c>described.json</c>. A test asks for a schema of every body.</summary>
internal static class Described
{
    public static JsonObject Read()
    {
        using var file = typeof(Described).Assembly.GetManifestResourceStream("described.json")!;
        return JsonNode.Parse(file)!.AsObject();
    }
}
