using Pontual.Engine.Alerts;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Circuits;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Server.Health;

namespace Pontual.Server.Watches;

/// <summary>Finds jobs that did not start in time, that hang, fail or are slow. It looks at those only that are not plainly well.</summary>
internal sealed class JobWatch(IJobStore jobs, IRunViews runs, IAlertSettingsStore settings, JobJudge judge, ScheduleClock clock) : IWatch
{
    private const int MostJobs = 5_000;
    private const int FailuresByDefault = 3;
    private const int SlowRunsByDefault = 3;

    public IReadOnlyList<string> Rules { get; } = [AlertRule.JobStale, AlertRule.JobStuck, AlertRule.JobFailing, AlertRule.JobSlow];

    public async Task<IReadOnlyList<Finding>> LookAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var rules = new Dictionary<TenantName, AlertSettings>();
        var findings = new List<Finding>();
        foreach (var job in await jobs.ListTroubledAsync(clock.Now, MostJobs, cancellation))
        {
            if (job.Paused?.HoldsAt(clock.Now) == true)
            {
                continue;
            }

            if (!rules.TryGetValue(job.Name.Tenant, out var known))
            {
                (known, _) = await settings.ReadAsync(job.Name.Tenant, cancellation);
                rules[job.Name.Tenant] = known;
            }

            await AddAsync(job, known, findings, cancellation);
        }

        return findings;
    }

    private async Task AddAsync(Job job, AlertSettings rules, List<Finding> findings, CancellationToken cancellation)
    {
        var condition = await judge.JudgeAsync(job, clock.Now, cancellation);
        if (condition.Status == JobStatus.Stale)
        {
            findings.Add(await StaleAsync(job, condition, cancellation));
        }

        var most = rules.Of(AlertRule.JobFailing).Times ?? (job.Definition.Critical ? 1 : FailuresByDefault);
        if (job.Totals.FailureStreak >= most && job.Totals.LastState is RunState.Failed)
        {
            findings.Add(await FailingAsync(job, cancellation));
        }

        if (job.Totals.SlowStreak >= (rules.Of(AlertRule.JobSlow).Times ?? SlowRunsByDefault))
        {
            findings.Add(Slow(job));
        }
    }

    private async Task<Finding> StaleAsync(Job job, JobCondition condition, CancellationToken cancellation)
    {
        var slack = judge.SlackOf(job, clock.Now);
        var running = await FirstAsync(new RunQuery(job.Name, RunState.Running, Limit: 1), cancellation);
        var latest = await FirstAsync(new RunQuery(job.Name, Limit: 1), cancellation);
        var severity = job.Definition.Critical ? Severity.Critical : Severity.Warning;
        var last = condition.LastStart is { } start ? $"its last run started at {start:u}" : "it never ran";
        if (running is { StartedAt: { } began })
        {
            return new Finding(
                AlertRule.JobStuck,
                job.Name.Tenant,
                job.Name.Text,
                severity,
                $"A run that started at {began:u} still goes on, and no other has started within {Duration.Format(slack)} of its due time."
            )
            {
                Facts = new Dictionary<string, string> { ["run"] = running.Id.ToString(), ["node"] = running.Node ?? "" },
                Since = began,
            };
        }

        return new Finding(
            AlertRule.JobStale,
            job.Name.Tenant,
            job.Name.Text,
            severity,
            $"No run has started within {Duration.Format(slack)} of its due time: {last}; {Why(job, latest)}."
        )
        {
            Parent = job.NextDue <= clock.Now ? NodeWatch.NoSchedulerKey : null,
            Since = condition.LastStart,
        };
    }

    private async Task<Run?> FirstAsync(RunQuery query, CancellationToken cancellation) =>
        await runs.ListAsync(query, cancellation) is [var first, ..] ? first : null;

    private string Why(Job job, Run? latest) =>
        job.NextDue <= clock.Now ? $"the due time {job.NextDue:u} has not been planned by any node"
        : latest is null ? "nothing has been planned for it"
        : latest.State is RunState.Pending && latest.Attempt > 0
            ? $"its run waits for another attempt at {latest.NotBefore:u}: {latest.Error}"
        : latest.State is RunState.Pending && latest.NotBefore is null ? "its run waits for another one to end"
        : latest.State is RunState.Pending ? $"its run has waited since {latest.DueAt:u}, and no node has taken it"
        : latest.State is RunState.Skipped ? $"its due times are skipped ({latest.Reason})"
        : $"its last run is {latest.State.ToString().ToLowerInvariant()}{(latest.Reason is { } reason ? $" ({reason})" : "")}";

    private async Task<Finding> FailingAsync(Job job, CancellationToken cancellation)
    {
        var last = job.Totals.LastRunId is { } id ? (await runs.FindAsync(id, cancellation))?.Run : null;
        var error = last?.Error is { } text ? $": {(text.Length > 300 ? text[..300] + "…" : text)}" : "";
        var reason = last?.Reason is { } word and not RunReason.Error ? $" ({word})" : "";
        return new Finding(
            AlertRule.JobFailing,
            job.Name.Tenant,
            job.Name.Text,
            job.Definition.Critical ? Severity.Critical : Severity.Warning,
            $"{job.Totals.FailureStreak} {(job.Totals.FailureStreak == 1 ? "run" : "runs in a row")} failed{reason}{error}"
        )
        {
            Since = job.Totals.FailingSince,
            Parent = TargetOf(job, last),
            Facts = last is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["run"] = last.Id.ToString() },
        };
    }

    /// <summary>A job whose target host is down, or a service that it calls, fails because of that. What it failed by names it; else its address does,
    /// where no secret stands in it.</summary>
    private static AlertKey? TargetOf(Job job, Run? last)
    {
        var tenant = job.Name.Tenant;
        if (OutsideRefusal.CircuitIn(last?.Error) is { } circuit)
        {
            return new AlertKey(tenant, new CircuitKey(tenant, circuit).IsHost ? AlertRule.TargetDown : AlertRule.CircuitOpen, circuit);
        }

        return
            job.Definition.Target is { Kind: "http", Settings: var target }
            && target.TryGetProperty("url", out var url)
            && Uri.TryCreate(url.GetString(), UriKind.Absolute, out var address)
            ? new AlertKey(tenant, AlertRule.TargetDown, CircuitKey.Of(tenant, address).Name)
            : null;
    }

    private static Finding Slow(Job job) =>
        new(
            AlertRule.JobSlow,
            job.Name.Tenant,
            job.Name.Text,
            Severity.Warning,
            $"Its last {job.Totals.SlowStreak} successful runs took much longer than usual: {Seconds(job.Totals.LastDuration)} where some {Seconds(job.Totals.Usual)} are usual."
        );

    private static string Seconds(TimeSpan? span) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{span?.TotalSeconds:0.0} s");
}
