using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Pontual.Engine.Metrics;

namespace Pontual.Server.Metrics;

/// <summary>What one instrument said, by its labels.</summary>
internal sealed class MetricPage(Instrument instrument)
{
    private readonly ConcurrentDictionary<MetricLabels, MetricCell> _cells = new();
    private readonly double[] _bounds = instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } ? [.. bounds] : [];

    private bool IsHistogram => instrument is Histogram<double>;

    /// <summary>As Prometheus has it: <c>pontual_run_duration_seconds</c>, <c>pontual_runs_ended_total</c>.</summary>
    public string Name { get; } =
        instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "") + (instrument is Counter<long> ? "_total" : "");

    public void Add(MetricLabels labels, double value) =>
        _cells.GetOrAdd(labels, static (_, bounds) => new MetricCell(bounds), _bounds).Add(value);

    public void WriteTo(PrometheusText text)
    {
        text.Family(Name, IsHistogram ? "histogram" : "counter", instrument.Description!);

        foreach (var (labels, cell) in _cells.OrderBy(cell => cell.Key.ToString(), StringComparer.Ordinal))
        {
            var own = labels.Pairs();
            var (sum, count, buckets) = cell.Read();
            if (!IsHistogram)
            {
                text.Sample(Name, sum, own);
                continue;
            }

            for (var i = 0; i < buckets.Length; i++)
            {
                var bound = i < _bounds.Length ? _bounds[i] : double.PositiveInfinity;
                text.Sample($"{Name}_bucket", buckets[i], [.. own, ("le", PrometheusText.Number(bound))]);
            }

            text.Sample($"{Name}_sum", sum, own);
            text.Sample($"{Name}_count", count, own);
        }
    }
}

/// <summary>The labels there are; null for one that an instrument does not have.</summary>
internal readonly record struct MetricLabels(string? Tenant, string? Job, string? State)
{
    public (string Name, string Value)[] Pairs() =>
        [
            .. Tenant is null ? [] : new[] { (EngineMeter.TenantTag, Tenant) },
            .. Job is null ? [] : new[] { (EngineMeter.JobTag, Job) },
            .. State is null ? [] : new[] { (EngineMeter.StateTag, State) },
        ];
}

/// <summary>A sum, and for histograms how many values were at most as large as each bound.</summary>
internal sealed class MetricCell(double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public void Add(double value)
    {
        var place = 0;
        while (place < bounds.Length && value > bounds[place])
        {
            place++;
        }

        lock (_gate)
        {
            _sum += value;
            _counts[place]++;
        }
    }

    /// <returns>The sum, the number of values, and the numbers up to each bound and to infinity.</returns>
    public (double Sum, long Count, long[] Buckets) Read()
    {
        lock (_gate)
        {
            var buckets = new long[_counts.Length];
            long total = 0;
            for (var i = 0; i < buckets.Length; i++)
            {
                buckets[i] = total += _counts[i];
            }

            return (_sum, total, buckets);
        }
    }
}
