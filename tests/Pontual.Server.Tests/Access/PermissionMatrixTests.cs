using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Access;

/// <summary>Every route of the table × who asks, by token and by session. A route that no rule below knows fails.</summary>
public sealed class PermissionMatrixTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Nobody = "01900000-0000-7000-8000-000000000000";

    /// <summary>What each route is for: <c>open</c>, <c>form</c> (open to forms of our own pages), a scope, <c>oneself</c> (one's own, or admin's), and what is the installation's: <c>+installation</c>.</summary>
    private static readonly Dictionary<string, string> Rules = Routes(
        """
        open      GET /health
        open      GET /health/live
        open      GET /health/ready
        read      GET /health/jobs
        read+installation  GET /metrics
        read      GET /health/alerts
        read      GET /health/score
        read      GET /health/fila
        read      GET /health/grupos
        read      GET /health/chips
        read      GET /health/circuits
        read      GET /health/circuits/history
        read      GET /health/rate-limit
        read      GET /api/v1/circuits
        read      GET /api/v1/circuits/history
        operate   POST /api/v1/circuits/reset
        open      GET /openapi/v1.json
        open      GET /schema/pontual.schema.json
        callback  POST /api/v1/runs/{id}/complete
        read      POST /api/v1/schedules/preview
        read      GET /api/v1/jobs
        admin     POST /api/v1/jobs
        read      GET /api/v1/jobs/{name}
        admin     PUT /api/v1/jobs/{name}
        admin     DELETE /api/v1/jobs/{name}
        operate   POST /api/v1/jobs/{name}/run
        operate   POST /api/v1/jobs/{name}/pause
        operate   POST /api/v1/jobs/{name}/resume
        operate   POST /api/v1/jobs/{name}/reset
        read      GET /api/v1/jobs/{name}/why
        read      GET /api/v1/calendars
        read      GET /api/v1/calendars/{calendar}
        admin     PUT /api/v1/calendars/{calendar}
        admin     DELETE /api/v1/calendars/{calendar}
        read      GET /api/v1/calendars/{calendar}/days
        read      GET /api/v1/alerts
        read      GET /api/v1/alerts/{alert}
        operate   POST /api/v1/alerts/{alert}/acknowledge
        operate   POST /api/v1/alerts/{alert}/snooze
        admin     GET /api/v1/alert-settings
        admin     PUT /api/v1/alert-settings
        admin     POST /api/v1/alert-routes/{name}/test
        read      GET /api/v1/silences
        operate   POST /api/v1/silences
        operate   DELETE /api/v1/silences/{silence}
        read      GET /api/v1/checks
        admin     POST /api/v1/checks
        read      GET /api/v1/checks/{name}
        admin     PUT /api/v1/checks/{name}
        admin     DELETE /api/v1/checks/{name}
        operate   POST /api/v1/checks/{name}/pause
        operate   POST /api/v1/checks/{name}/resume
        admin     POST /api/v1/checks/{name}/rotate
        read      GET /api/v1/checks/{name}/pings
        read      GET /api/v1/checks/{name}/body
        open      GET /ping/{key}
        open      POST /ping/{key}
        open      HEAD /ping/{key}
        open      GET /ping/{key}/{signal}
        open      POST /ping/{key}/{signal}
        open      HEAD /ping/{key}/{signal}
        open      GET /badge/{file}
        admin     GET /api/v1/gateways
        admin     GET /api/v1/gateways/{gateway}
        admin     PUT /api/v1/gateways/{gateway}
        admin     DELETE /api/v1/gateways/{gateway}
        admin     POST /api/v1/gateways/{gateway}/test
        read      GET /api/v1/channels
        read      GET /api/v1/channels/{channel}
        read      GET /api/v1/channels/{channel}/outages
        read      GET /api/v1/channels/{channel}/outages/{outage}/attempts
        admin     PUT /api/v1/channels/{channel}/settings
        operate   POST /api/v1/channels/{channel}/pause
        operate   POST /api/v1/channels/{channel}/resume
        read      GET /api/v1/channels/{channel}/trust
        read      GET /api/v1/channels/{channel}/days
        operate   POST /api/v1/session-check
        read      GET /api/v1/session-check
        operate   POST /api/v1/channels/{channel}/cure
        admin     POST /api/v1/channels/{channel}/logout
        operate   GET /api/v1/channels/{channel}/pairing
        operate   GET /api/v1/channels/{channel}/qr
        read      GET /api/v1/webhooks
        operate   GET /api/v1/webhooks/{webhook}
        operate   POST /api/v1/webhooks/replay
        open      GET /webhooks/{key}
        open      POST /webhooks/{key}
        open      POST /webhooks/{key}/{**rest}
        read      GET /api/v1/runs
        read      GET /api/v1/runs/{id}
        read      GET /api/v1/runs/{id}/output
        operate   POST /api/v1/runs/{id}/cancel
        operate   POST /api/v1/runs/{id}/retry
        read      GET /api/v1/export
        admin     POST /api/v1/apply
        read      POST /api/v1/schedules/forecast
        read      POST /api/v1/schedules/forecast.svg
        read      GET /api/v1/nodes
        read      GET /api/v1/events
        read      GET /events
        read      GET /ws
        read      GET /api/v1/queues
        admin+installation PUT /api/v1/queues/{name}/limit
        admin+installation DELETE /api/v1/queues/{name}/limit
        read+installation  GET /api/v1/limits
        read      GET /api/admin/sync-cron
        operate   POST /jobs/{job}
        operate   POST /whatsapp/monitor/start
        read      POST /channels/whatsapp/status
        operate   POST /rendizy-server/whatsapp/monitor/start
        read      POST /rendizy-server/channels/whatsapp/status
        operate   POST /functions/v1/rendizy-server/whatsapp/monitor/start
        read      POST /functions/v1/rendizy-server/channels/whatsapp/status
        operate   POST /api/admin/sync-cron
        operate   POST /api/v1/worker/claim
        operate   POST /api/v1/worker/heartbeat
        operate   POST /api/v1/worker/complete
        operate   POST /api/v1/worker/fail
        admin     GET /api/v1/audit
        admin     GET /api/v1/tokens
        admin     POST /api/v1/tokens
        admin     DELETE /api/v1/tokens/{token}
        admin     GET /api/v1/users
        admin     POST /api/v1/users
        oneself   GET /api/v1/users/{user}
        admin     PUT /api/v1/users/{user}
        admin     DELETE /api/v1/users/{user}
        oneself   POST /api/v1/users/{user}/password
        oneself   POST /api/v1/users/{user}/totp
        oneself   DELETE /api/v1/users/{user}/totp
        open      POST /api/v1/session
        open      GET /login
        form      POST /login
        open      GET /first-admin
        form      POST /first-admin
        read      GET /api/v1/session
        read      DELETE /api/v1/session
        """
    );

    [Fact]
    public void Every_route_has_a_rule_and_every_rule_a_route()
    {
        var routes = Table().Keys;

        Assert.True(!routes.Except(Rules.Keys).Any(), $"Say above who may ask: {string.Join(", ", routes.Except(Rules.Keys))}");
        Assert.Empty(Rules.Keys.Except(routes));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("viewer")]
    [InlineData("operator")]
    [InlineData("admin")]
    [InlineData("other")]
    public async Task By_token(string who)
    {
        using var client = who switch
        {
            "none" => new HttpClient { BaseAddress = host.Url },
            "other" => await TokenAsync("admin", "others"),
            _ => await TokenAsync(ScopeOf(who), null),
        };

        await CheckAsync(client, who);
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("operator")]
    [InlineData("admin")]
    [InlineData("other")]
    public async Task By_session(string who)
    {
        using var browser =
            who == "other" ? await host.BrowserAsync("matrix", "admin", "others") : await host.BrowserAsync($"matrix-{who}", who);

        await CheckAsync(browser.Http, who);
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("admin")]
    public async Task A_users_own_routes_are_the_users(string role)
    {
        var name = $"own-{role}";
        using var browser = await host.BrowserAsync(name, role);

        foreach (var (key, endpoint) in Table().Where(route => Rules.GetValueOrDefault(route.Key) == "oneself"))
        {
            using var answer = await SendAsync(browser.Http, key, PathOf(endpoint, user: name));
            Assert.False(IsRefusal(answer.StatusCode), $"{role} {key}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Another_tenants_users_and_tokens_are_not_there()
    {
        await host.UserAsync("ours", "viewer");
        var made = await host.Admin.PostJsonAsync("/api/v1/tokens", """{"name":"ours","scope":"read"}""");
        using var other = await TokenAsync("admin", "neighbours");

        foreach (var (key, endpoint) in Table().Where(route => IsAboutOne(route.Key)))
        {
            var body =
                key.EndsWith("/password", StringComparison.Ordinal) ? """{"password":"another long password"}"""
                : key.StartsWith("PUT", StringComparison.Ordinal) ? """{"role":"admin"}"""
                : "{}";
            using var answer = await SendAsync(other, key, PathOf(endpoint, "ours", made.GetProperty("id").GetString()!), body);
            Assert.True(answer.StatusCode is HttpStatusCode.NotFound, $"{key}: {answer.StatusCode}");
        }

        using var browser = new Browser(host.Url);
        await browser.LogInAsync("ours");
    }

    [Theory]
    [InlineData(null, "own", "application/json")]
    [InlineData("wrong", "own", "application/json")]
    [InlineData("right", "https://evil.example", "application/json")]
    [InlineData("right", "null", "application/json")]
    [InlineData("right", "own", "text/plain")]
    [InlineData("right", "own", "application/x-www-form-urlencoded")]
    public async Task No_route_that_changes_something_takes_a_session_from_elsewhere(string? shown, string origin, string type)
    {
        using var browser = await host.BrowserAsync($"forged-{shown}-{origin.Length}-{type.Length}", "admin");
        if (shown is not "right")
        {
            browser.Show(shown);
        }

        if (origin != "own")
        {
            browser.ComeFrom(origin);
        }

        var asked = 0;
        // The status of sessions changes nothing: pages of ours ask for it by POST, as WhatsAppMonitorTests has it.
        foreach (var (key, endpoint) in Table().Where(route => !route.Key.StartsWith("GET", StringComparison.Ordinal)))
        {
            if (
                Rules.GetValueOrDefault(key, "no rule") is "open" or "form" or "callback"
                || key.EndsWith("/channels/whatsapp/status", StringComparison.Ordinal)
            )
            {
                continue;
            }

            using var request = new HttpRequestMessage(new HttpMethod(key.Split(' ')[0]), PathOf(endpoint));
            request.Content = new StringContent("{}", Encoding.UTF8, type);
            using var answer = await browser.Http.SendAsync(request);
            Assert.True(
                await answer.TypeAsync() is "antiforgery-missing" or "foreign-origin" or "unsupported-media-type",
                $"{key}: {answer.StatusCode}"
            );
            asked++;
        }

        Assert.InRange(asked, 25, 1_000);
    }

    private async Task CheckAsync(HttpClient client, string who)
    {
        // Logging out comes last: it is what it says.
        foreach (var (key, endpoint) in Table().OrderBy(route => route.Key.StartsWith("DELETE /api/v1/session", StringComparison.Ordinal)))
        {
            using var answer = await SendAsync(client, key, PathOf(endpoint));
            var expected = Expected(Rules.GetValueOrDefault(key, "no rule"), who);
            var actual =
                answer.StatusCode is HttpStatusCode.Forbidden && answer.Content.Headers.ContentType?.MediaType == "text/html" ? ""
                : answer.StatusCode is HttpStatusCode.Forbidden ? await answer.TypeAsync()
                : answer.StatusCode is HttpStatusCode.Unauthorized ? "401"
                : "in";
            Assert.True(expected == actual, $"{who} {key}: {actual} ({answer.StatusCode}) where the rule says {expected}");
        }
    }

    /// <summary>What becomes of a request: <c>in</c>, 401, or the type of the 403.</summary>
    private static string Expected(string rule, string who)
    {
        var need = rule.Split('+')[0];
        if (need == "open")
        {
            // Nobody's name and password are in the empty body: it is refused as a document, not as a caller.
            return "in";
        }

        if (need == "form")
        {
            return "";
        }

        if (need == "callback" || who == "none")
        {
            return "401";
        }

        var had = Array.IndexOf(["viewer", "operator", "admin"], who is "other" ? "admin" : who);
        var needed = Array.IndexOf(["read", "operate", "admin"], need is "oneself" ? "admin" : need);
        return had < needed ? "scope-missing"
            : who == "other" && rule.EndsWith("+installation", StringComparison.Ordinal) ? "installation-only"
            : "in";
    }

    private Dictionary<string, RouteEndpoint> Table() =>
        host
            .App.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method =>
                    (Key: $"{method} {endpoint.RoutePattern.RawText}", endpoint)
                )
            )
            .ToDictionary(route => route.Key, route => route.endpoint);

    private static bool IsAboutOne(string key) =>
        key.Contains("{user}", StringComparison.Ordinal) || key.Contains("{token}", StringComparison.Ordinal);

    private static bool IsRefusal(HttpStatusCode status) => status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string key, string path, string body = "{}")
    {
        var method = new HttpMethod(key.Split(' ')[0]);
        using var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get)
        {
            request.Content = ApiHost.Json(body);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<HttpClient> TokenAsync(string scope, string? tenant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tokens")
        {
            Content = ApiHost.Json($$"""{"name":"matrix","scope":"{{scope}}"}"""),
        };
        if (tenant is not null)
        {
            request.Headers.Add("X-Pontual-Tenant", tenant);
        }

        using var answer = await host.Admin.SendAsync(request);
        return host.ClientOf((await answer.JsonAsync()).GetProperty("token").GetString()!);
    }

    private static string ScopeOf(string role) =>
        role switch
        {
            "viewer" => "read",
            "operator" => "operate",
            _ => "admin",
        };

    /// <summary>A path of nobody's: what a rule lets in finds nothing and changes nothing.</summary>
    private static string PathOf(RouteEndpoint endpoint, string user = "nobody", string token = "nobody") =>
        string.Join(
            '/',
            endpoint
                .RoutePattern.RawText!.Split('/')
                .Select(part =>
                    part switch
                    {
                        "{id}" => Nobody,
                        "{user}" => user,
                        "{token}" => token,
                        "{documentName}.json" => "v1.json",
                        _ when part.StartsWith('{') => "nobody",
                        _ => part,
                    }
                )
        );

    private static Dictionary<string, string> Routes(string table) =>
        table
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
            .ToDictionary(parts => parts[1], parts => parts[0]);
}
