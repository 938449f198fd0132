using System.Diagnostics;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Metrics;

/// <summary>Traces of runs: the run is the trace, from its due time through its attempts to what they call. Where nobody listens there are none.</summary>
public sealed class RunTraces : IDisposable
{
    private readonly ActivitySource _source = new(EngineMeter.Name, EngineMeter.Version);

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    /// <summary>Begins the span of an attempt, under that of the run's schedule where it is the first.</summary>
    /// <returns>Null where nobody listens.</returns>
    internal Activity? Begin(LeasedRun leased, DateTimeOffset startedAt)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        var run = leased.Run;

        // All nodes know the trace without telling each other: its id is the run's.
        var trace = ActivityTraceId.CreateFromString(run.Id.ToString("N"));
        var parent = new ActivityContext(trace, default, ActivityTraceFlags.Recorded, isRemote: true);
        if (
            run.Attempt == 1
            && _source.StartActivity(ActivityKind.Internal, parent, startTime: run.DueAt, name: $"schedule {run.Job.Text}") is { } due
        )
        {
            Tag(due, leased);
            due.SetTag("pontual.trigger", run.Trigger.ToString().ToLowerInvariant());
            due.SetEndTime(startedAt.UtcDateTime);
            parent = due.Context;
            due.Dispose();
        }

        var attempt = _source.StartActivity(ActivityKind.Internal, parent, startTime: startedAt, name: $"run {run.Job.Text}");
        if (attempt is not null)
        {
            Tag(attempt, leased);
            attempt.SetTag("pontual.attempt", run.Attempt);
            attempt.SetTag("pontual.target", leased.Job.Definition.Target.Kind);
            attempt.SetTag("pontual.node", run.Node);
        }

        return attempt;
    }

    internal static void End(Activity? attempt, Outcome outcome)
    {
        if (attempt is null)
        {
            return;
        }

        attempt.SetTag("pontual.outcome", outcome.GetType().Name.ToLowerInvariant());
        if (outcome is Outcome.Failure failure)
        {
            attempt.SetStatus(ActivityStatusCode.Error, failure.Message);
            attempt.SetTag("error.type", failure.Kind.ToString());
        }
    }

    private static void Tag(Activity span, LeasedRun leased)
    {
        span.SetTag("pontual.tenant", leased.Run.Job.Tenant.ToString());
        span.SetTag("pontual.job", leased.Run.Job.Text);
        span.SetTag("pontual.run_id", leased.Run.Id.ToString("D"));
    }
}
