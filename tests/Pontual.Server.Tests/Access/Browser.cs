using System.Net;
using System.Text.Json;
using Pontual.Server.Tests.Api;

namespace Pontual.Server.Tests.Access;

/// <summary>A browser as far as access goes: keeps cookies, says where its pages are from, shows the antiforgery value.</summary>
internal sealed class Browser : IDisposable
{
    public const string Password = "correct horse battery";
    private const string Antiforgery = "X-Pontual-Antiforgery";

    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };

    public Browser(Uri url)
    {
        Http = new HttpClient(_handler) { BaseAddress = url };
        Http.DefaultRequestHeaders.Add("Origin", url.GetLeftPart(UriPartial.Authority));
    }

    public HttpClient Http { get; }

    /// <summary>Shows the value with every request from now on.</summary>
    public void Show(string? antiforgery)
    {
        Http.DefaultRequestHeaders.Remove(Antiforgery);
        if (antiforgery is not null)
        {
            Http.DefaultRequestHeaders.Add(Antiforgery, antiforgery);
        }
    }

    /// <summary>Says that its pages are from elsewhere; null to say nothing.</summary>
    public void ComeFrom(string? origin)
    {
        Http.DefaultRequestHeaders.Remove("Origin");
        if (origin is not null)
        {
            Http.DefaultRequestHeaders.Add("Origin", origin);
        }
    }

    public string? Cookie => _handler.CookieContainer.GetAllCookies().FirstOrDefault(cookie => cookie.Name == "pontual")?.Value;

    /// <summary>Takes a cookie over from elsewhere.</summary>
    public void Take(string value) => _handler.CookieContainer.Add(new Cookie("pontual", value, "/", Http.BaseAddress!.Host));

    public async Task<HttpResponseMessage> TryAsync(string name, string password, string? code = null) =>
        await Http.PostAsync(
            "/api/v1/session",
            ApiHost.Json(
                JsonSerializer.Serialize(
                    code is null
                        ? new { name, password }
                        : (object)
                            new
                            {
                                name,
                                password,
                                code,
                            }
                )
            )
        );

    /// <summary>Logs in and shows the antiforgery value from then on.</summary>
    public async Task<JsonElement> LogInAsync(string name, string password = Password, string? code = null)
    {
        using var answer = await TryAsync(name, password, code);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var session = JsonElement.Parse(text);
        Show(session.GetProperty("antiforgery").GetString());
        return session;
    }

    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }
}

/// <summary>Users of a test's server.</summary>
internal static class TestUsers
{
    /// <summary>Makes a user with <see cref="Browser.Password"/>, in a tenant when one is named.</summary>
    public static async Task UserAsync(this ApiHost host, string name, string role, string? tenant = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/users")
        {
            Content = ApiHost.Json($$"""{"name":"{{name}}","role":"{{role}}","password":"{{Browser.Password}}"}"""),
        };
        if (tenant is not null)
        {
            request.Headers.Add("X-Pontual-Tenant", tenant);
        }

        using var answer = await host.Admin.SendAsync(request);
        Assert.True(answer.StatusCode is HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A browser in which a fresh user of that role is logged in.</summary>
    public static async Task<Browser> BrowserAsync(this ApiHost host, string name, string role, string? tenant = null)
    {
        await host.UserAsync(name, role, tenant);
        var browser = new Browser(host.Url);
        await browser.LogInAsync(tenant is null ? name : $"{tenant}/{name}");
        return browser;
    }

    public static async Task<string> TypeAsync(this HttpResponseMessage answer)
    {
        var problem = await answer.JsonAsync();
        return problem.ValueKind is JsonValueKind.Object && problem.TryGetProperty("type", out var type)
            ? type.GetString()!.Replace("urn:pontual:problem:", "", StringComparison.Ordinal)
            : "";
    }
}
