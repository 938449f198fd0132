using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pontual.Messaging.Tests.Channels.Gateways;

/// <summary>Answers everything in the same way, and keeps what it was asked.</summary>
internal sealed class AnsweringServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<Request> _requests = [];

    private AnsweringServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public IReadOnlyList<Request> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static async Task<AnsweringServer> StartAsync(int status, string body, string mediaType = "application/json")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new AnsweringServer(builder.Build());
        server._app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var came = new Request(context.Request.Method, context.Request.Path, await reader.ReadToEndAsync());
            lock (server._requests)
            {
                server._requests.Add(came);
            }

            context.Response.StatusCode = status;
            context.Response.ContentType = mediaType;
            await context.Response.WriteAsync(body);
        });
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed record Request(string Method, string Path, string Body);
}
