using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using Pontual.Engine.Nodes;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Metrics;

/// <summary>What one node counts of its work. Where nobody listens to the meter, counting costs a look at a flag.</summary>
/// <remarks>Names and units are OpenTelemetry's way; <c>/metrics</c> writes them as Prometheus has them: <c>pontual.run.duration</c> in seconds becomes
/// <c>pontual_run_duration_seconds</c>.</remarks>
public sealed class EngineMeter : IDisposable, ILeaseListener
{
    /// <summary>The meter's name, and that of the traces.</summary>
    public const string Name = "Pontual";

    /// <summary>The tag with a job's tenant.</summary>
    public const string TenantTag = "tenant";

    /// <summary>The tag with a job's name inside its tenant. Not <c>job</c>, which Prometheus takes for itself.</summary>
    public const string JobTag = "job_name";

    /// <summary>The tag with the state that a run ended in.</summary>
    public const string StateTag = "state";

    private readonly Counter<long> _started;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _renewals;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _lateness;

    /// <summary>One for a process.</summary>
    public EngineMeter()
    {
        Meter = new Meter(Name, Version);
        _started = Meter.CreateCounter<long>("pontual.attempts.started", "{attempt}", "Attempts that began on this node.");
        _retried = Meter.CreateCounter<long>("pontual.attempts.retried", "{attempt}", "Attempts on this node that another one follows.");
        _ended = Meter.CreateCounter<long>("pontual.runs.ended", "{run}", "Runs that ended on this node, by the state they ended in.");
        _renewals = Meter.CreateCounter<long>("pontual.lease.renewals", "{renewal}", "Renewals of this node's lease.");
        _duration = Meter.CreateHistogram(
            "pontual.run.duration",
            "s",
            "How long the last attempt of runs that ended on this node took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200] }
        );
        _lateness = Meter.CreateHistogram(
            "pontual.start.lateness",
            "s",
            "From the due time of scheduled runs to their first start on this node.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300] }
        );
    }

    /// <summary>Pontual's own version.</summary>
    public static string Version { get; } =
        typeof(EngineMeter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>The meter itself, for listeners.</summary>
    public Meter Meter { get; }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    /// <inheritdoc/>
    void ILeaseListener.Renewed(TimeSpan stopsAfter) => _renewals.Add(1);

    internal void Started(LeasedRun leased, DateTimeOffset at)
    {
        if (_started.Enabled)
        {
            _started.Add(1, Tenant(leased), Job(leased));
            if (leased.Run is { Attempt: 1, Trigger: RunTrigger.Schedule })
            {
                _lateness.Record(Math.Max(0, (at - leased.Run.DueAt).TotalSeconds));
            }
        }
    }

    internal void Settled(LeasedRun leased, Settlement settlement)
    {
        if (!_ended.Enabled || settlement.AttemptStartedAt is not { } began)
        {
            return;
        }

        if (settlement.IsFinal)
        {
            _ended.Add(1, Tenant(leased), Job(leased), new(StateTag, Word(settlement.State)));
            _duration.Record((settlement.At - began).TotalSeconds, Tenant(leased), Job(leased));
        }
        else if (!settlement.GivesAttemptBack)
        {
            _retried.Add(1, Tenant(leased), Job(leased));
        }
    }

    private static string Word(RunState state) =>
        state switch
        {
            RunState.Succeeded => "succeeded",
            RunState.Failed => "failed",
            RunState.Cancelled => "cancelled",
            RunState.Skipped => "skipped",
            _ => throw new UnreachableException(),
        };

    private static KeyValuePair<string, object?> Tenant(LeasedRun leased) => new(TenantTag, leased.Run.Job.Tenant.ToString());

    private static KeyValuePair<string, object?> Job(LeasedRun leased) => new(JobTag, leased.Run.Job.Text);
}
