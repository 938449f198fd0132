using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pontual.Server.Access;
using Pontual.Server.Composition;
using Pontual.Server.Tests.Api;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Access;

/// <summary>Passwords, tokens, cookies, links, secrets of codes and recovery codes: shown once where they are made, found nowhere else.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private const string First = "canary-first-password";
    private const string Second = "canary-second-password";

    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-canary-").FullName;
    private readonly LogBook _lines = new();
    private Microsoft.AspNetCore.Builder.WebApplication _app = null!;
    private HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        var configuration = new ServerConfiguration { DataFolder = Path.Combine(_folder, "data"), Urls = ["http://127.0.0.1:0"] };
        _app = PontualServer.Build(
            configuration,
            services =>
                services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddFilter(null, LogLevel.Trace).AddProvider(_lines))
        );
        await PontualServer.StartAsync(_app, CancellationToken.None);
        _admin = new HttpClient { BaseAddress = PontualServer.UrlOf(_app) };
        _admin.DefaultRequestHeaders.Authorization = new("Bearer", DiscoveryFile.Read(configuration.DataFolder)!.Token);
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Secrets_are_found_nowhere_but_where_they_were_made()
    {
        using var browser = new Browser(_admin.BaseAddress!);
        using var made = await _admin.PostAsync(
            "/api/v1/users",
            ApiHost.Json($$"""{"name":"ana","role":"admin","password":"{{First}}"}""")
        );
        await browser.LogInAsync("ana", First);
        var offered = await browser.Http.PostJsonAsync("/api/v1/users/ana/totp", "{}");
        var totp = offered.GetProperty("secret").GetString()!;
        var code = Totp.CodeOf(UsersApiTests.FromBase32(totp), Totp.StepOf(TimeProvider.System.GetUtcNow()));
        var confirmed = await browser.Http.PostJsonAsync("/api/v1/users/ana/totp", $$"""{"code":"{{code}}"}""");
        var recovery = confirmed.GetProperty("recovery_codes")[0].GetString()!;
        var token = (await browser.Http.PostJsonAsync("/api/v1/tokens", """{"name":"ci","scope":"read"}"""))
            .GetProperty("token")
            .GetString()!;
        string[] canaries = [First, Second, totp, recovery, token, browser.Cookie!];

        var answers = new StringBuilder();
        answers.Append(await made.Content.ReadAsStringAsync());
        string[] wrong =
        [
            $$"""{"password":"{{Second}}","current":"{{First}}-wrong"}""",
            $$"""{"password":["{{Second}}"],"current":"{{First}}"}""",
            $"\"{Second}",
        ];
        foreach (var body in wrong)
        {
            using var refused = await browser.Http.PostAsync("/api/v1/users/ana/password", ApiHost.Json(body));
            answers.Append(await refused.Content.ReadAsStringAsync());
        }

        using var changed = await browser.Http.PostAsync(
            "/api/v1/users/ana/password",
            ApiHost.Json($$"""{"password":"{{Second}}","current":"{{First}}"}""")
        );
        Assert.True(changed.IsSuccessStatusCode);
        using var failed = await browser.TryAsync(Second, First, recovery);
        answers.Append(await failed.Content.ReadAsStringAsync());
        foreach (var path in (string[])["users", "users/ana", "tokens", "audit", "export", "session", "jobs", "nodes"])
        {
            answers.Append(await _admin.GetStringAsync($"/api/v1/{path}"));
        }

        answers.Append(await _admin.GetStringAsync("/health")).Append(_lines);
        Assert.All(canaries, canary => Assert.DoesNotContain(canary, answers.ToString(), StringComparison.Ordinal));
        Assert.All(canaries, canary => Assert.False(IsOnDisk(canary), $"{canary} is in the data folder"));
        Assert.Contains("Migrator", _lines.ToString(), StringComparison.Ordinal);
    }

    private bool IsOnDisk(string canary) =>
        Directory
            .EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
            .Any(file =>
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                var all = bytes.ToArray();
                return all.AsSpan().IndexOf(Encoding.UTF8.GetBytes(canary)) >= 0;
            });
}
