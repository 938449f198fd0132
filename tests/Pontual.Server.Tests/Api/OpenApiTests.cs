using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Pontual.Server.Tests.Api;

public sealed class OpenApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task The_document_is_open_and_describes_every_route()
    {
        var document = await host.Anonymous.GetJsonAsync("/openapi/v1.json");

        var described = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"))
            .Order();
        var mapped = host
            .App.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is not null)
            .Select(endpoint => $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} {endpoint.RoutePattern.RawText}")
            .Order();
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString());
        Assert.Equal(mapped, described);
        Assert.True(described.Count() > 25);
    }

    [Fact]
    public async Task An_operation_names_its_parameters_its_body_and_its_scope()
    {
        var document = await host.Anonymous.GetJsonAsync("/openapi/v1.json");

        var list = document.GetProperty("paths").GetProperty("/api/v1/runs").GetProperty("get");
        var apply = document.GetProperty("paths").GetProperty("/api/v1/apply").GetProperty("post");
        var ping = document.GetProperty("paths").GetProperty("/health/live").GetProperty("get");
        Assert.Equal(
            ["job", "state", "from", "cursor", "limit"],
            list.GetProperty("parameters")
                .EnumerateArray()
                .Where(parameter => parameter.GetProperty("in").GetString() == "query")
                .Select(parameter => parameter.GetProperty("name").GetString())
        );
        Assert.Contains("'admin'", apply.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.True(apply.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/yaml", out _));
        Assert.True(apply.GetProperty("security")[0].TryGetProperty("bearer", out _));
        Assert.Equal(0, ping.GetProperty("security").GetArrayLength());
    }

    [Fact]
    public async Task The_schema_is_open()
    {
        using var answer = await host.Anonymous.GetAsync("/schema/pontual.schema.json");

        Assert.Equal("application/schema+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True((await answer.JsonAsync()).GetProperty("$defs").TryGetProperty("job", out _));
    }

    [Fact]
    public async Task The_pages_are_open_and_load_nothing_from_elsewhere()
    {
        using var page = await host.Anonymous.GetAsync("/docs/index.html");
        var text = await page.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
        Assert.DoesNotContain("//cdn", text, StringComparison.Ordinal);
    }
}
