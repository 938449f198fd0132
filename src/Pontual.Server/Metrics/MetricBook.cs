using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Pontual.Engine.Metrics;

namespace Pontual.Server.Metrics;

/// <summary>Adds up what the engine's meter says, for <c>/metrics</c>. Labels are bounded: of more than <see cref="MostJobs"/> jobs, the later ones are counted together.</summary>
internal sealed class MetricBook(EngineMeter meter) : IHostedService, IDisposable
{
    /// <summary>How many jobs have series of their own; the others share those of the job <see cref="Others"/>.</summary>
    public const int MostJobs = 500;

    /// <summary>Not the name of any job.</summary>
    public const string Others = "(others)";

    private readonly ConcurrentDictionary<Instrument, MetricPage> _pages = new();
    private readonly ConcurrentDictionary<(string, string), bool> _jobs = new();
    private readonly MeterListener _listener = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter.Meter)
            {
                _pages[instrument] = new MetricPage(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    /// <summary>Writes all that was counted since this process started.</summary>
    public void WriteTo(PrometheusText text)
    {
        foreach (var page in _pages.Values.OrderBy(page => page.Name, StringComparer.Ordinal))
        {
            page.WriteTo(text);
        }
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_pages.TryGetValue(instrument, out var page))
        {
            return;
        }

        var labels = new MetricLabels(Text(tags, EngineMeter.TenantTag), Text(tags, EngineMeter.JobTag), Text(tags, EngineMeter.StateTag));
        page.Add(labels.Job is null || IsKnown(labels.Tenant!, labels.Job) ? labels : labels with { Tenant = Others, Job = Others }, value);
    }

    private bool IsKnown(string tenant, string job) =>
        _jobs.ContainsKey((tenant, job)) || (_jobs.Count < MostJobs && (_jobs.TryAdd((tenant, job), true) || true));

    private static string? Text(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var (tag, value) in tags)
        {
            if (tag == name)
            {
                return (string?)value;
            }
        }

        return null;
    }
}
