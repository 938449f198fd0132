using System.Globalization;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pontual.Server.Demo;

/// <summary>The services that the jobs of <c>packs/demo.yaml</c> call: a small web server on a free port of this machine, in this process.</summary>
public sealed class DemoTarget : IAsyncDisposable
{
    /// <summary>Where the pack's <c>${env:…}</c> finds this target.</summary>
    public const string Variable = "PONTUAL_DEMO_TARGET";

    private static readonly TimeSpan SlowFor = TimeSpan.FromSeconds(14);
    private static readonly TimeSpan AcceptedFor = TimeSpan.FromSeconds(4);

    private readonly WebApplication _app;
    private readonly HttpClient _callbacks = new();
    private readonly TimeProvider _time;

    private DemoTarget(WebApplication app, TimeProvider time)
    {
        _app = app;
        _time = time;
    }

    /// <summary>Starts it and tells the pack where it is.</summary>
    public static async Task<DemoTarget> StartAsync(TimeProvider time, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var target = new DemoTarget(builder.Build(), time);
        target.Map();
        await target._app.StartAsync(cancellation);
        Environment.SetEnvironmentVariable(Variable, target._app.Urls.First());
        return target;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _callbacks.Dispose();
    }

    private void Map()
    {
        _app.Map("/ok", () => Results.Json(new { items_processed = 1 }));
        _app.Map("/flaky", (HttpRequest request) => Flaky(Attempt(request)));
        _app.Map("/slow", SlowAsync);
        _app.Map("/report", () => Results.Json(new { items_processed = _time.GetUtcNow().Minute * 7, sent = true }));
        _app.Map("/accepted", (HttpRequest request) => Accepted(request));
        _app.Map(
            "/broken",
            () => Results.Json(new { error = "the partner's database is down" }, statusCode: StatusCodes.Status500InternalServerError)
        );
    }

    private static IResult Flaky(int attempt) =>
        attempt > 1
            ? Results.Json(new { items_processed = 12 })
            : Results.Json(new { error = "busy, try again" }, statusCode: StatusCodes.Status503ServiceUnavailable);

    private async Task<IResult> SlowAsync(CancellationToken cancellation)
    {
        await Task.Delay(SlowFor, _time, cancellation);
        return Results.Json(new { items_processed = 480 });
    }

    /// <summary>Takes the work over and reports later, as a long job behind a queue would.</summary>
    private IResult Accepted(HttpRequest request)
    {
        string? url = request.Headers["X-Pontual-Callback-Url"];
        string? token = request.Headers["X-Pontual-Callback-Token"];
        if (url is null || token is null)
        {
            return Results.BadRequest();
        }

        _ = CallBackAsync(url, token, _app.Lifetime.ApplicationStopping);
        return Results.Accepted();
    }

    private async Task CallBackAsync(string url, string token, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(AcceptedFor, _time, cancellation);
            using var done = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = JsonContent.Create(new { state = "succeeded", result = new { items_processed = 3 } }),
            };
            done.Headers.Add("X-Pontual-Callback-Token", token);
            using var answer = await _callbacks.SendAsync(done, cancellation);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            // The server stops: the run stays open and its timeout ends it.
        }
    }

    private static int Attempt(HttpRequest request) =>
        int.TryParse(request.Headers["X-Pontual-Attempt"], CultureInfo.InvariantCulture, out var number) ? number : 1;
}
