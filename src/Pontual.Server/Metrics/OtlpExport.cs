using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Pontual.Engine.Metrics;

namespace Pontual.Server.Metrics;

/// <summary>Sends traces, metrics and logs by OTLP to a collector. Only where one is named: else nothing of it is there.</summary>
internal sealed class OtlpExport(Uri collector, EngineMeter meter) : IHostedService, IDisposable
{
    private const string Protobuf = "http/protobuf";

    // What gRPC collectors listen on; the other port, and any other, speaks HTTP.
    private const int GrpcPort = 4317;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public static void AddTo(IServiceCollection services, Uri collector)
    {
        services.AddHostedService(provider => new OtlpExport(collector, provider.GetRequiredService<EngineMeter>()));
        services.AddLogging(logging =>
            logging.AddOpenTelemetry(options =>
            {
                options.SetResourceBuilder(Resource());
                options.IncludeFormattedMessage = true;
                options.AddOtlpExporter(exporter => Set(exporter, collector, "v1/logs"));
            })
        );
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The runtime's own spans of HTTP calls become children of an attempt's, and their ids go to the target in traceparent.
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddSource(EngineMeter.Name, "System.Net.Http")
            .AddProcessor(new AddressesWithoutPaths())
            .AddOtlpExporter(exporter => Set(exporter, collector, "v1/traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddMeter(meter.Meter.Name, "System.Runtime")
            .AddOtlpExporter(
                (exporter, reader) =>
                {
                    Set(exporter, collector, "v1/metrics");
                    reader.TemporalityPreference = MetricReaderTemporalityPreference.Cumulative;
                }
            )
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>What was not sent yet goes now, for as long as stopping may take.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
        (_traces, _metrics) = (null, null);
    }

    private static ResourceBuilder Resource() =>
        ResourceBuilder
            .CreateEmpty()
            .AddService(
                "pontual",
                serviceVersion: EngineMeter.Version,
                serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}"
            )
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();

    private static void Set(OtlpExporterOptions exporter, Uri collector, string path)
    {
        var isGrpc = collector.Port == GrpcPort && Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL") != Protobuf;
        exporter.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = isGrpc ? collector : new Uri($"{collector.AbsoluteUri.TrimEnd('/')}/{path}");
    }
}
