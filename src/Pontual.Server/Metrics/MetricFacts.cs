using Pontual.Engine.Alerts;
using Pontual.Engine.Circuits;
using Pontual.Engine.Events;
using Pontual.Engine.Hosting;
using Pontual.Engine.Metrics;
using Pontual.Engine.Nodes;
using Pontual.Engine.Runs;
using Pontual.Engine.Workers;
using Pontual.Server.Api;
using Pontual.Server.Health;
using Pontual.Storage.Database;

namespace Pontual.Server.Metrics;

/// <summary>What the database says of the whole system, for <c>/metrics</c>: read when it is asked for.</summary>
internal sealed class MetricFacts(
    PontualDatabase database,
    JobHealth health,
    IRunViews runs,
    INodeStore nodes,
    ICircuitStore circuits,
    IEventStore events,
    IAlertStore alerts,
    PontualNode node,
    TimeProvider time
)
{
    // Series by name are bounded; what is wrong comes first.
    private const int MostNamed = 1_000;

    private const int MostAlerts = 500;

    private static readonly string[] Statuses =
    [
        JobStatus.Fresh,
        JobStatus.Late,
        JobStatus.Stale,
        JobStatus.Failing,
        JobStatus.NeverRan,
        JobStatus.Paused,
    ];

    private static readonly string[] NodeStates = ["alive", "draining", "left", "lost"];

    public async Task WriteToAsync(PrometheusText text, CancellationToken cancellation)
    {
        text.Family("pontual_build_info", "gauge", "Always 1; which version answers, on which database.");
        text.Sample(
            "pontual_build_info",
            1,
            ("version", EngineMeter.Version),
            ("database", database.Dialect is Dialect.Sqlite ? "sqlite" : "postgresql")
        );
        text.Single("pontual_attempts_active", "gauge", "Attempts that take room on this node.", node.ActiveAttempts);
        WritePool(text);
        await WriteDatabaseAsync(text, cancellation);
        await WriteQueuesAsync(text, cancellation);
        await WriteJobsAsync(text, cancellation);
        await WriteNodesAsync(text, cancellation);
        await WriteCircuitsAsync(text, cancellation);
        await WriteAlertsAsync(text, cancellation);
    }

    private void WritePool(PrometheusText text)
    {
        if (database.Pool is not { } pool)
        {
            return;
        }

        text.Single("pontual_database_pool_size", "gauge", "Most connections to PostgreSQL that this node opens.", pool.Size);
        text.Single("pontual_database_pool_busy", "gauge", "Connections to PostgreSQL that this node uses now.", pool.Busy);
        text.Single(
            "pontual_database_pool_waiting",
            "gauge",
            "Callers on this node that wait for a connection to PostgreSQL.",
            pool.Waiting
        );
    }

    private async Task WriteDatabaseAsync(PrometheusText text, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var bounds = await events.BoundsAsync(cancellation);
        text.Single(
            "pontual_database_round_trip_seconds",
            "gauge",
            "How long the database took to answer a small question just now.",
            time.GetElapsedTime(began).TotalSeconds
        );
        text.Single("pontual_events_total", "counter", "Events in the log since it began.", bounds.Newest);
    }

    private async Task WriteQueuesAsync(PrometheusText text, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var depths = (await runs.DepthsAsync(now, cancellation)).Take(MostNamed).ToList();
        text.Family(
            "pontual_queue_runs",
            "gauge",
            "Runs of each queue that could start now (due), that wait for their time (waiting), and that go on (running)."
        );
        foreach (var depth in depths)
        {
            text.Sample("pontual_queue_runs", depth.Due, ("queue", depth.Queue), ("state", "due"));
            text.Sample("pontual_queue_runs", depth.Waiting, ("queue", depth.Queue), ("state", "waiting"));
            text.Sample("pontual_queue_runs", depth.Running, ("queue", depth.Queue), ("state", "running"));
        }

        text.Family("pontual_queue_oldest_due_age_seconds", "gauge", "How long the run of each queue waits that could have started first.");
        foreach (var depth in depths)
        {
            var age = depth.OldestDue is { } since && now > since ? (now - since).TotalSeconds : 0;
            text.Sample("pontual_queue_oldest_due_age_seconds", age, ("queue", depth.Queue));
        }
    }

    private async Task WriteJobsAsync(PrometheusText text, CancellationToken cancellation)
    {
        var all = (await health.JudgeAsync(cancellation)).Jobs;
        var counts = all.CountBy(job => job.Status).ToDictionary();
        text.Family("pontual_jobs", "gauge", "Jobs by how they are.");
        foreach (var status in Statuses)
        {
            text.Sample("pontual_jobs", counts.GetValueOrDefault(status), ("status", status));
        }

        var named = all.OrderByDescending(job => job.IsBad).Take(MostNamed).ToList();
        text.Family("pontual_job_status", "gauge", "1 for what each job is: fresh, late, stale, failing, never-ran or paused.");
        foreach (var job in named)
        {
            text.Sample(
                "pontual_job_status",
                1,
                [.. Of(job), ("status", job.Status), ("critical", job.Job.Definition.Critical ? "yes" : "no")]
            );
        }

        text.Family("pontual_job_failure_streak", "gauge", "Runs of each job that failed one after the other, up to now.");
        foreach (var job in named)
        {
            text.Sample("pontual_job_failure_streak", job.Job.Totals.FailureStreak, Of(job));
        }

        text.Family("pontual_job_last_start_timestamp_seconds", "gauge", "When a run of each job started last.");
        foreach (var job in named.Where(job => job.LastStart is not null))
        {
            text.Sample("pontual_job_last_start_timestamp_seconds", job.LastStart!.Value.ToUnixTimeMilliseconds() / 1000.0, Of(job));
        }
    }

    private async Task WriteNodesAsync(PrometheusText text, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var all = (await nodes.ListAsync(cancellation)).Where(entry => !WorkerName.IsNode(entry.Id)).ToList();
        var counts = all.CountBy(entry => NodeView.StateOf(entry, now)).ToDictionary();
        text.Family("pontual_nodes", "gauge", "Nodes seen in the last day, by state.");
        foreach (var state in NodeStates)
        {
            text.Sample("pontual_nodes", counts.GetValueOrDefault(state), ("state", state));
        }

        var own = all.Find(entry => entry.Id == node.NodeId);
        text.Single(
            "pontual_results_refused_total",
            "counter",
            "Results of this node that were not recorded, for it no longer held the run; since it entered.",
            own?.Condition.RefusedWrites ?? 0
        );
        if (own?.Condition.ClockOffset is { } offset)
        {
            text.Single("pontual_clock_offset_seconds", "gauge", "This machine's clock less the database's.", offset.TotalSeconds);
        }
    }

    private async Task WriteCircuitsAsync(PrometheusText text, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var all = (await circuits.ListAsync(null, now, cancellation))
            .OrderBy(record => record.State is CircuitState.Closed)
            .Take(MostNamed)
            .ToList();
        text.Family("pontual_circuit_open", "gauge", "1 while a host or service outside is not called, for it failed again and again.");
        foreach (var record in all)
        {
            text.Sample("pontual_circuit_open", record.State is CircuitState.Closed ? 0 : 1, Of(record));
        }

        text.Family("pontual_circuit_held", "gauge", "1 while a host or service outside is not called, for it answered 429.");
        foreach (var record in all)
        {
            text.Sample("pontual_circuit_held", record.HeldUntil > now ? 1 : 0, Of(record));
        }
    }

    private async Task WriteAlertsAsync(PrometheusText text, CancellationToken cancellation)
    {
        var open = await alerts.ListAsync(new AlertQuery(default, MostAlerts) { IsOpen = true }, cancellation);
        var counts = open.CountBy(alert => alert.Key.Rule).ToDictionary();
        text.Family("pontual_alerts_open", "gauge", "Open alerts of the default tenant, by what is wrong; at most 500 are counted.");
        foreach (var rule in AlertRule.All)
        {
            text.Sample("pontual_alerts_open", counts.GetValueOrDefault(rule), ("rule", rule));
        }
    }

    private static (string Name, string Value)[] Of(CircuitRecord record) =>
        [("tenant", record.Key.Tenant.ToString()), ("circuit", record.Key.Name)];

    private static (string Name, string Value)[] Of(JobCondition job) =>
        [("tenant", job.Job.Name.Tenant.ToString()), (EngineMeter.JobTag, job.Job.Name.Text)];
}
