using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pontual.TestKit.Web;

/// <summary>Stands in for a collector of OpenTelemetry: takes OTLP over HTTP, reads it strictly, and answers 400 to what is none.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Spans that came.</summary>
    public ConcurrentQueue<OtlpSpan> Spans { get; } = new();

    /// <summary>Names of metrics that came.</summary>
    public ConcurrentQueue<string> Metrics { get; } = new();

    /// <summary>Bodies of log records that came.</summary>
    public ConcurrentQueue<string> Logs { get; } = new();

    /// <summary>What was wrong with what came.</summary>
    public ConcurrentQueue<Exception> Problems { get; } = new();

    /// <summary>Starts one on a free port of loopback.</summary>
    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new OtlpCollector(builder.Build());
        collector._app.MapPost("/v1/traces", (HttpRequest request) => collector.TakeAsync(request, collector.TakeTraces));
        collector._app.MapPost("/v1/metrics", (HttpRequest request) => collector.TakeAsync(request, collector.TakeMetrics));
        collector._app.MapPost("/v1/logs", (HttpRequest request) => collector.TakeAsync(request, collector.TakeLogs));
        await collector._app.StartAsync();
        return collector;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request, Action<ProtoMessage> take)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes);
        try
        {
            if (request.ContentType != "application/x-protobuf")
            {
                throw new FormatException($"The content type is {request.ContentType}.");
            }

            take(new ProtoMessage(bytes.ToArray()));
            return Results.Bytes([], "application/x-protobuf");
        }
        catch (FormatException problem)
        {
            Problems.Enqueue(problem);
            return Results.BadRequest();
        }
    }

    // opentelemetry/proto: request → resource (1) → scope (2) → entries (2).
    private static IEnumerable<ProtoMessage> Entries(ProtoMessage request) =>
        request.Messages(1).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2));

    private void TakeTraces(ProtoMessage request)
    {
        foreach (var span in Entries(request))
        {
            if (span.Bytes(1).Length != 16 || span.Bytes(2).Length != 8 || span.Fixed64(8) < span.Fixed64(7))
            {
                throw new FormatException($"The span {span.Text(5)} has wrong ids or times.");
            }

            Spans.Enqueue(
                new OtlpSpan(
                    Convert.ToHexStringLower(span.Bytes(1)),
                    Convert.ToHexStringLower(span.Bytes(2)),
                    Convert.ToHexStringLower(span.Bytes(4)),
                    span.Text(5),
                    span.Messages(9).ToDictionary(pair => pair.Text(1), pair => pair.Messages(2).Single().TextOrNone(1))
                )
            );
        }
    }

    private void TakeMetrics(ProtoMessage request)
    {
        foreach (var metric in Entries(request))
        {
            Metrics.Enqueue(metric.Text(1));
        }
    }

    private void TakeLogs(ProtoMessage request)
    {
        foreach (var entry in Entries(request))
        {
            Logs.Enqueue(entry.Messages(5).Single().Text(1));
        }
    }
}

/// <summary>A span as it came.</summary>
/// <param name="Trace">In hexadecimal digits.</param>
/// <param name="Id">In hexadecimal digits.</param>
/// <param name="Parent">In hexadecimal digits; empty for none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Texts">Attributes; those that are no texts are empty.</param>
public sealed record OtlpSpan(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Texts);
