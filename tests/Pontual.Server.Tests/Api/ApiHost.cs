using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pontual.Runners.Handler;
using Pontual.Server.Composition;

namespace Pontual.Server.Tests.Api;

/// <summary>A real server on a free port of loopback, with a data folder of its own that goes when the test ends.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;

    /// <summary>Adds or replaces services of this server.</summary>
    public Action<IServiceCollection>? More { get; init; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("pontual-api-").FullName;

    /// <summary>Sends the local admin token with every request.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Sends no token.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    /// <summary>What this server is told besides; null for nothing.</summary>
    public Func<ServerConfiguration, ServerConfiguration>? Change { get; init; }

    public WebApplication App => _app!;

    public Uri Url => PontualServer.UrlOf(App);

    /// <summary>Lets runs of the handler <c>wait</c> end.</summary>
    public void OpenGate() => _gate.TrySetResult();

    public async Task InitializeAsync()
    {
        var configuration = new ServerConfiguration { DataFolder = Path.Combine(Folder, "data"), Urls = ["http://127.0.0.1:0"] };
        _app = PontualServer.Build(Change?.Invoke(configuration) ?? configuration, AddTestServices);
        await PontualServer.StartAsync(_app, CancellationToken.None);
        Anonymous = new HttpClient { BaseAddress = Url };
        Admin = ClientOf(DiscoveryFile.Read(configuration.DataFolder)!.Token);
    }

    public async Task DisposeAsync()
    {
        _gate.TrySetResult();
        Admin.Dispose();
        Anonymous.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public HttpClient ClientOf(string token)
    {
        var client = new HttpClient { BaseAddress = Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client whose token has just this scope.</summary>
    public async Task<HttpClient> ClientWithAsync(string scope)
    {
        var made = await Admin.PostJsonAsync("/api/v1/tokens", $$"""{"name":"a {{scope}} token","scope":"{{scope}}"}""");
        return ClientOf(made.GetProperty("token").GetString()!);
    }

    /// <summary>Defines a job of the handler <c>echo</c>, <c>fail</c> or <c>wait</c>.</summary>
    public async Task DefineAsync(string name, string handler = "echo", string more = "")
    {
        var job = $$$"""{"name":"{{{name}}}","target":{"handler":{"name":"{{{handler}}}"}}{{{more}}}}""";
        using var answer = await Admin.PutAsync($"/api/v1/jobs/{name}", Json(job));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Runs a job now.</summary>
    /// <returns>The run's id.</returns>
    public async Task<string> RunAsync(string name) =>
        (await Admin.PostJsonAsync($"/api/v1/jobs/{name}/run", "{}")).GetProperty("run_id").GetString()!;

    /// <summary>The run once it is in one of these states.</summary>
    public async Task<JsonElement> WaitAsync(string run, params string[] states)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            var found = await Admin.GetJsonAsync($"/api/v1/runs/{run}");
            if (states.Contains(found.GetProperty("state").GetString()))
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    public Task<JsonElement> EndedAsync(string run) => WaitAsync(run, "succeeded", "failed", "cancelled", "skipped");

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private void AddTestServices(IServiceCollection services)
    {
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
        services.AddJobHandler(
            "echo",
            (context, _) =>
            {
                context.WriteLine("olá, wörld ✓");
                return Task.FromResult(HandlerResult.Ok(new { Greeting = "olá" }, itemsProcessed: 3));
            }
        );
        services.AddJobHandler("fail", (_, _) => throw new InvalidOperationException(new string('x', 2_000)));
        services.AddJobHandler(
            "wait",
            async (context, cancellation) =>
            {
                context.WriteLine("waiting");
                await _gate.Task.WaitAsync(cancellation);
                context.WriteLine("went on");
                return HandlerResult.Ok();
            }
        );
        More?.Invoke(services);
    }
}

/// <summary>A server that one test has for itself.</summary>
/// <param name="change">How it is told other things than usual; null for as usual.</param>
internal sealed class ApiHostOfItsOwn(Func<ServerConfiguration, ServerConfiguration>? change = null) : IAsyncDisposable
{
    public ApiHost Host { get; } = new() { Change = change };

    public Task InitializeAsync() => Host.InitializeAsync();

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();
}

/// <summary>JSON over HTTP, in one line.</summary>
internal static class JsonCalls
{
    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return await answer.JsonAsync();
    }

    public static async Task<JsonElement> PostJsonAsync(this HttpClient client, string path, string body)
    {
        using var content = ApiHost.Json(body);
        using var answer = await client.PostAsync(path, content);
        return await answer.JsonAsync();
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }
}
