using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pontual.EndToEnd.Tests.Julia;

/// <summary>Stands in for the API that the pack's jobs call: takes POST below <c>/jobs/</c>, notes it, and answers how many items it processed.</summary>
internal sealed class JobsTarget : IAsyncDisposable
{
    public const int Items = 7;

    private readonly ConcurrentQueue<JobCall> _calls = new();
    private readonly WebApplication _app;

    private JobsTarget(WebApplication app) => _app = app;

    /// <summary>What the pack knows as API_BASE.</summary>
    public string Url => _app.Urls.First();

    public IReadOnlyList<JobCall> Calls => [.. _calls];

    /// <param name="failing">The path that is answered with 500; null for none.</param>
    public static async Task<JobsTarget> StartAsync(string? failing = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var target = new JobsTarget(builder.Build());
        target._app.Map("/{**any}", (HttpRequest request) => target.Answer(request, failing));
        await target._app.StartAsync();
        return target;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Answer(HttpRequest request, string? failing)
    {
        var path = $"{request.Path}{request.QueryString}";
        _calls.Enqueue(
            new JobCall(request.Method, path, request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()))
        );
        return path == failing
            ? Results.Json(new { error = "broken" }, statusCode: StatusCodes.Status500InternalServerError)
            : Results.Json(new { items_processed = Items });
    }
}

/// <summary>A request that the target saw.</summary>
internal sealed record JobCall(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    public string Job => Headers["X-Pontual-Job"];

    public string RunId => Headers["X-Pontual-Run-Id"];

    public long Token => long.Parse(Headers["X-Pontual-Token"]);

    public DateTimeOffset DueAt => DateTimeOffset.Parse(Headers["X-Pontual-Scheduled-For"]);
}
