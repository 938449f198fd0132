using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;

namespace Pontual.Storage.Runs;

/// <summary>Puts runs into the history that no node claimed.</summary>
internal sealed class EndedRunStore(PontualDatabase database) : IEndedRuns
{
    private const string Columns = """
        id, job_id, trigger, due_at, state, reason, queue, priority, attempt, started_at, attempt_started_at, finished_at, node,
        error, items_processed, result
        """;

    private static readonly RowSet<Run> Rows = new(
        ("id", ValueKind.Id, run => run.Id),
        ("job_id", ValueKind.Number, run => run.JobId),
        ("trigger", ValueKind.Text, run => RunWords.Of(run.Trigger)),
        ("due_at", ValueKind.Instant, run => run.DueAt),
        ("state", ValueKind.Text, run => RunWords.Of(run.State)),
        ("reason", ValueKind.Text, run => run.Reason),
        ("queue", ValueKind.Text, run => run.Queue),
        ("priority", ValueKind.Number, run => run.Priority),
        ("attempt", ValueKind.Number, _ => 1),
        ("started_at", ValueKind.Instant, run => run.StartedAt),
        ("attempt_started_at", ValueKind.Instant, run => run.StartedAt),
        ("finished_at", ValueKind.Instant, run => run.FinishedAt),
        ("node", ValueKind.Text, run => run.Node),
        ("error", ValueKind.Text, run => run.Error),
        ("items_processed", ValueKind.Number, run => run.ItemsProcessed),
        ("result", ValueKind.Text, run => run.Result)
    );

    private static readonly Statement Insert = new(
        $$"""
        WITH {rows}
        INSERT INTO run_history ({{Columns}}) SELECT {{Columns}} FROM rows
        """
    );

    public async Task AddAsync(Run run, CancellationToken cancellation)
    {
        if (run is not { State: RunState.Succeeded or RunState.Failed or RunState.Cancelled, StartedAt: not null, FinishedAt: { } end })
        {
            throw new ArgumentException($"Run {run.Id} is not over: it is {run.State}.", nameof(run));
        }

        var settled = new Settlement
        {
            RunId = run.Id,
            JobId = run.JobId,
            LeaseToken = 0,
            State = run.State,
            Reason = run.Reason,
            At = end,
            AttemptStartedAt = run.StartedAt,
            RunStartedAt = run.StartedAt,
            Attempt = 1,
            Node = run.Node,
            DueAt = run.DueAt,
            Error = run.Error,
            ItemsProcessed = run.ItemsProcessed,
        };
        await database.WriteAsync(
            async session =>
            {
                await KnownJobsStore.LockAsync(session, [run.JobId]);
                var added = await session.ExecuteAsync(Insert, Rows, [run]);
                await JobTotalsStore.AddAsync(session, [new SettledEnd(settled, run.StartedAt)]);
                await RunEventsStore.SettledAsync(session, [settled]);
                return added;
            },
            cancellation
        );
    }
}
