using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.CloudApi;

namespace Pontual.Messaging.Tests.Channels.Gateways;

/// <summary>Where webhooks go in tests: keeps what came, in order, and answers as it is told.</summary>
internal sealed class HookSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<WebhookRequest> _came = [];

    private HookSink(WebApplication app) => _app = app;

    public string Url => $"{_app.Urls.First()}/hook";

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = 200;

    public IReadOnlyList<WebhookRequest> Came
    {
        get
        {
            lock (_gate)
            {
                return [.. _came];
            }
        }
    }

    public IReadOnlyList<string> Bodies => [.. Came.Select(webhook => Encoding.UTF8.GetString(webhook.Body.Span))];

    public IReadOnlyList<string?> Events =>
        [.. Came.Select(webhook => JsonElement.Parse(webhook.Body.Span).GetProperty("event").GetString())];

    public static async Task<HookSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new HookSink(builder.Build());
        sink._app.MapPost("/hook/{**rest}", sink.TakeAsync);
        sink._app.MapGet("/hook/{**rest}", Challenged);
        await sink._app.StartAsync();
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Answers Meta's question whether this address wants its webhooks, as the last part of the address is the token.</summary>
    private static IResult Challenged(HttpRequest request) =>
        CloudApiHandshake.Answer(
            request.Query["hub.mode"],
            request.Query["hub.verify_token"],
            request.Query["hub.challenge"],
            CloudApiHandshake.TokenOf(request.Path.Value!.Split('/')[^1])
        )
            is { } challenge
            ? Results.Text(challenge)
            : Results.StatusCode(StatusCodes.Status403Forbidden);

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var headers = request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        lock (_gate)
        {
            _came.Add(new WebhookRequest(headers, body.ToArray()));
        }

        return Results.StatusCode(Status);
    }
}
