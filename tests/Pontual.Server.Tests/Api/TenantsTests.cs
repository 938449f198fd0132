using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Pontual.Server.Tests.Api;

/// <summary>X-01: what one tenant's tokens see and change is that tenant's.</summary>
public sealed class TenantsTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string TenantHeader = "X-Pontual-Tenant";

    [Fact]
    public async Task Every_route_of_a_job_or_run_knows_nothing_of_another_tenants()
    {
        await host.DefineAsync("only-ours");
        var run = await host.RunAsync("only-ours");
        await host.EndedAsync(run);
        using var stranger = await ClientOfAsync("strangers", "admin");

        var asked = 0;
        foreach (var (method, path) in RoutesOf("only-ours", run))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var answer = await stranger.SendAsync(request);
            Assert.True(answer.StatusCode is HttpStatusCode.NotFound, $"{method} {path}: {answer.StatusCode}");
            asked++;
        }

        Assert.True(asked >= 9, $"only {asked} routes");
        Assert.Equal("succeeded", (await host.Admin.GetJsonAsync($"/api/v1/runs/{run}")).GetProperty("state").GetString());
    }

    [Fact(DisplayName = "X-01 one name is two jobs in two tenants, over the API")]
    public async Task One_name_is_two_jobs_in_two_tenants()
    {
        using var shop = await ClientOfAsync("shop", "admin");
        using var chat = await ClientOfAsync("chat", "admin");

        await DefineAsync(shop, "sync", "of the shop");
        await DefineAsync(chat, "sync", "of the chat");
        var run = (await chat.PostJsonAsync("/api/v1/jobs/sync/run", "{}")).GetProperty("run_id").GetString();

        Assert.Equal("of the shop", (await shop.GetJsonAsync("/api/v1/jobs/sync")).GetProperty("description").GetString());
        Assert.Equal("sync", (await chat.GetJsonAsync($"/api/v1/runs/{run}")).GetProperty("job").GetString());
        Assert.Empty(Items(await shop.GetJsonAsync("/api/v1/runs")));
        Assert.Single(Items(await chat.GetJsonAsync("/api/v1/runs?job=sync")));
        Assert.Equal(["sync"], Items(await chat.GetJsonAsync("/api/v1/jobs")).Select(job => job.GetProperty("name").GetString()));
        Assert.Contains("of the shop", await shop.GetStringAsync("/api/v1/export"), StringComparison.Ordinal);
        Assert.DoesNotContain("of the chat", await shop.GetStringAsync("/api/v1/export"), StringComparison.Ordinal);
        Assert.Equal(["sync"], (await chat.GetJsonAsync("/health/jobs")).GetProperty("jobs").EnumerateObject().Select(job => job.Name));
    }

    [Fact]
    public async Task A_pruning_apply_removes_nothing_of_others()
    {
        using var left = await ClientOfAsync("left", "admin");
        using var right = await ClientOfAsync("right", "admin");
        await DefineAsync(left, "kept", "stays");
        await DefineAsync(right, "gone", "goes");

        using var file = new StringContent("jobs: []", new MediaTypeHeaderValue("application/yaml"));
        using var answer = await right.PostAsync("/api/v1/apply?prune=1", file);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(Items(await right.GetJsonAsync("/api/v1/jobs")));
        Assert.Single(Items(await left.GetJsonAsync("/api/v1/jobs")));
    }

    [Fact]
    public async Task Tokens_are_made_listed_and_revoked_inside_their_tenant()
    {
        using var first = await ClientOfAsync("first", "admin");
        using var second = await ClientOfAsync("second", "admin");
        var made = (await first.PostJsonAsync("/api/v1/tokens", """{"name":"ci","scope":"read"}""")).GetProperty("id").GetString();

        using var refused = await second.DeleteAsync($"/api/v1/tokens/{made}");
        using var revoked = await first.DeleteAsync($"/api/v1/tokens/{made}");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NoContent), (refused.StatusCode, revoked.StatusCode));
        Assert.DoesNotContain(made!, (await second.GetJsonAsync("/api/v1/tokens")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_a_tenant_cannot_speak_for_another_one()
    {
        using var client = await ClientOfAsync("own", "admin");
        client.DefaultRequestHeaders.Add(TenantHeader, "another");

        using var answer = await client.GetAsync("/api/v1/jobs");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/v1/limits")]
    [InlineData("PUT", "/api/v1/queues/default/limit")]
    [InlineData("DELETE", "/api/v1/queues/default/limit")]
    public async Task What_all_share_is_the_installations(string method, string path)
    {
        using var client = await ClientOfAsync("sharer", "admin");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = ApiHost.Json("""{"at-once": 1}""") };

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("urn:pontual:problem:installation-only", (await answer.JsonAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Limits_of_queues_are_not_applied_in_a_tenant()
    {
        using var client = await ClientOfAsync("limiter", "admin");
        using var file = new StringContent("queues: { default: { at-once: 1 } }", new MediaTypeHeaderValue("application/yaml"));

        using var answer = await client.PostAsync("/api/v1/apply", file);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("shared by all tenants", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task DefineAsync(HttpClient client, string name, string description)
    {
        var job = $$$"""{"name":"{{{name}}}","description":"{{{description}}}","target":{"handler":{"name":"echo"} } }""";
        using var answer = await client.PostAsync("/api/v1/jobs", ApiHost.Json(job));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static List<JsonElement> Items(JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];

    /// <summary>A client with a token of the tenant, which the installation's administrator makes.</summary>
    private Task<HttpClient> ClientOfAsync(string tenant, string scope) => ClientOfAsync(host, tenant, scope);

    /// <summary>A client with a token of a tenant.</summary>
    internal static async Task<HttpClient> ClientOfAsync(ApiHost host, string tenant, string scope)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tokens")
        {
            Content = ApiHost.Json($$"""{"name":"of {{tenant}}","scope":"{{scope}}"}"""),
        };
        request.Headers.Add(TenantHeader, tenant);
        using var answer = await host.Admin.SendAsync(request);
        return host.ClientOf((await answer.JsonAsync()).GetProperty("token").GetString()!);
    }

    /// <summary>From the table of routes, so that a new one is asked too; but PUT, which defines a job of the stranger's own.</summary>
    private IEnumerable<(string Method, string Path)> RoutesOf(string job, string run)
    {
        foreach (var endpoint in host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var route = endpoint.RoutePattern.RawText!;
            var isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            if (
                !isOpen
                && (route.Contains("/jobs/{name}", StringComparison.Ordinal) || route.Contains("/runs/{id}", StringComparison.Ordinal))
            )
            {
                var path = route.Replace("{name}", job, StringComparison.Ordinal).Replace("{id}", run, StringComparison.Ordinal);
                foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Where(method => method != "PUT"))
                {
                    yield return (method, path);
                }
            }
        }
    }
}
