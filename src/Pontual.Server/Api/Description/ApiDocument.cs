using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Pontual.Server.Api.Description;

/// <summary>The OpenAPI document as it is served: what the framework finds of the routes, and what it cannot see. Made once.</summary>
internal sealed class ApiDocument([FromKeyedServices(ApiDocument.Name)] IOpenApiDocumentProvider provider)
{
    /// <summary>The document's name.</summary>
    public const string Name = "v1";

    private string? _text;

    /// <summary>The document. Who asks at the same moment may make it twice, with one result.</summary>
    public async Task<string> TextAsync() => _text ??= await MakeAsync();

    private async Task<string> MakeAsync()
    {
        // Not for one caller: the next one gets what was begun.
        var found = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        var json = JsonNode.Parse(await found.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None))!.AsObject();
        return new DocumentFinish(json).Finish().ToJsonString();
    }
}
