using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pontual.EndToEnd.Tests.Alerts;

/// <summary>Where alerts are told to, and targets that are well or not: below <c>/route/NAME</c> it takes notices, below <c>/target/NAME</c> calls of jobs.</summary>
internal sealed class AlertSink : IAsyncDisposable
{
    private readonly ConcurrentQueue<Told> _told = new();
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private readonly WebApplication _app;

    private AlertSink(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>How long it takes to answer a notice.</summary>
    public TimeSpan Slowness { get; set; }

    /// <summary>All notices that came, in order; also those that were refused.</summary>
    public IReadOnlyList<Told> All => [.. _told];

    public static async Task<AlertSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new AlertSink(builder.Build());
        sink._app.MapPost("/route/{name}", sink.TakeAsync);
        sink._app.Map("/target/{name}", (string name) => Results.StatusCode(sink.AnswerOf($"target/{name}")));
        await sink._app.StartAsync();
        return sink;
    }

    /// <summary>What it answers below a path from now on.</summary>
    public void Answer(string path, int status) => _answers[path] = status;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private int AnswerOf(string path) => _answers.GetValueOrDefault(path, StatusCodes.Status200OK);

    private async Task<IResult> TakeAsync(string name, HttpRequest request)
    {
        var at = TimeProvider.System.GetUtcNow();
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(request.Body);
        await Task.Delay(Slowness, TimeProvider.System, request.HttpContext.RequestAborted);
        var status = AnswerOf($"route/{name}");
        var alert = body.GetProperty("alert");
        _told.Enqueue(
            new Told(
                at,
                name,
                body.GetProperty("id").GetGuid(),
                body.GetProperty("kind").GetString()!,
                alert.ValueKind is JsonValueKind.Object ? alert.GetProperty("rule").GetString()! : "",
                alert.ValueKind is JsonValueKind.Object ? alert.GetProperty("subject").GetString()! : "",
                body.GetProperty("text").GetString()!,
                status < 300
            )
        );
        return Results.StatusCode(status);
    }
}

/// <summary>A notice that came.</summary>
internal sealed record Told(DateTimeOffset At, string Route, Guid Id, string Kind, string Rule, string Subject, string Text, bool Taken);
