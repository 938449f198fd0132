using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Inbox;
using Pontual.Server.Composition;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Pontual.TestKit.Faults;
using Shouldly;

namespace Pontual.Messaging.Tests.Inbox;

/// <summary>A real server on loopback that knows one gateway, <c>main</c>, by the key <c>key-of-main</c>.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-webhooks-").FullName;
    private readonly WebApplication _app;
    private readonly TestDatabase? _database;
    private readonly HttpClient _admin = new();

    private WebhookServer(TestDatabase? database, string? way)
    {
        _database = database;
        var configuration = new ServerConfiguration
        {
            DataFolder = _folder,
            Urls = ["http://127.0.0.1:0"],
            PostgreSql = way ?? database?.Options.PostgreSql,
        };
        _app = PontualServer.Build(
            configuration,
            services =>
            {
                services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
                services.RemoveAll<IGatewayConnector>();
                services.AddSingleton<IGatewayConnector, PlainConnector>();
                services.AddSingleton<IGatewayDirectory, OneGateway>();
            }
        );
    }

    /// <summary>Sends what a gateway sends.</summary>
    public HttpClient Gateway { get; } = new();

    public PontualDatabase Database => _app.Services.GetRequiredService<PontualDatabase>();

    /// <summary>On a file of SQLite, or on the tests' PostgreSQL.</summary>
    public static async Task<WebhookServer> StartAsync(Dialect dialect) =>
        await StartAsync(new WebhookServer(dialect is Dialect.Sqlite ? null : await TestDatabase.CreateAsync(dialect), null));

    /// <summary>On the tests' PostgreSQL, through a proxy.</summary>
    public static async Task<(WebhookServer Server, FaultProxy Proxy)> StartBehindProxyAsync()
    {
        var database = await TestDatabase.CreateAsync(Dialect.PostgreSql);
        var proxy = FaultProxy.InFrontOf(database.Options.PostgreSql!);
        return (await StartAsync(new WebhookServer(database, proxy.ConnectionString)), proxy);
    }

    private static async Task<WebhookServer> StartAsync(WebhookServer server)
    {
        await PontualServer.StartAsync(server._app, CancellationToken.None);
        server.Gateway.BaseAddress = PontualServer.UrlOf(server._app);
        server._admin.BaseAddress = PontualServer.UrlOf(server._app);
        server._admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            DiscoveryFile.Read(server._folder)!.Token
        );
        return server;
    }

    public async Task<HttpResponseMessage> SendAsync(string path, byte[] body, string secret = InboxRig.Secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Webhook-Secret", secret);
        // What is too large is refused before it is sent.
        request.Headers.ExpectContinue = body.Length > 1 << 20;
        return await Gateway.SendAsync(request);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _admin.GetAsync(path);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }

    public async Task<string> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _admin.PostAsync(path, content);
        return await answer.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        Gateway.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Knows one gateway by one key.</summary>
    private sealed class OneGateway : IGatewayDirectory
    {
        public ValueTask<GatewayEntry?> FindByKeyAsync(string key, CancellationToken cancellation) =>
            ValueTask.FromResult(key == "key-of-main" ? InboxRig.Gateway : null);
    }
}
