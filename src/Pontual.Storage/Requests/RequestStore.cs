using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Audit;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;
using Pontual.Storage.Runs;

namespace Pontual.Storage.Requests;

/// <summary>The port of what was asked for in SQL. PostgreSQL only: SQLite has no programs beside us in its database.</summary>
internal sealed class RequestStore(
    PontualDatabase database,
    KnownJobsStore jobs,
    IntervalJobStore intervals,
    JobChangesStore changes,
    JobPlanStore plans,
    PlannedAheadStore planned,
    ScheduleClock clock
) : IRequestStore
{
    private const int Batch = 200;

    private readonly EnqueueStore _enqueue = new(plans, planned, clock);

    private static readonly TimeSpan KeepRefused = TimeSpan.FromDays(30);

    // Without SKIP LOCKED: another node's requests may be about the same jobs, and come first.
    private static readonly Statement Waiting = new(
        """
        SELECT seq, id, kind, job_id, args::text, asked_at, asked_by FROM request
        WHERE refused_at IS NULL ORDER BY seq LIMIT @limit FOR UPDATE
        """
    );

    private static readonly Statement AnyWaits = new(
        """
        SELECT CASE WHEN EXISTS (SELECT 1 FROM request WHERE refused_at IS NULL) THEN 1 ELSE 0 END,
            CASE WHEN EXISTS (SELECT 1 FROM post WHERE held_until IS NULL OR held_until <= @now) THEN 1 ELSE 0 END
        """
    );

    private static readonly RowSet<long> Places = new(("seq", ValueKind.Number, seq => seq));
    private static readonly Statement Delete = new("WITH {rows} DELETE FROM request WHERE seq IN (SELECT seq FROM rows)");
    private static readonly Statement Refuse = new("UPDATE request SET refused_at = @now, refusal = @reason WHERE seq = @seq");
    private static readonly Statement Forget = new("DELETE FROM request WHERE refused_at < @before AND refused_at IS NOT NULL");

    public async Task<RequestsTaken> TakeAsync(RequestTerms terms, CancellationToken cancellation)
    {
        // Nearly always nothing waits: that costs no transaction.
        var waits = await database.ReadAsync(
            session => session.QueryAsync(AnyWaits, row => (Requests: row.Int64(0) == 1, Posts: row.Int64(1) == 1), ("now", terms.Now)),
            cancellation
        );
        var taken = waits[0].Requests
            ? await database.WriteAsync(session => TakeAsync(session, terms), cancellation)
            : new RequestsTaken(0, More: false, []);
        return taken with { PostsWait = waits[0].Posts };
    }

    private async ValueTask<RequestsTaken> TakeAsync(DatabaseSession session, RequestTerms terms)
    {
        var waiting = await session.QueryAsync(Waiting, Read, ("limit", Batch));
        var batch = OneEditOfEach(waiting);
        var known = await jobs.ByIdAsync(session, [.. batch.Select(request => request.JobId).Distinct()]);
        var (refused, wishes) = (new List<(AskedRequest Request, string Reason)>(), new List<AskedRequest>());
        foreach (var request in batch)
        {
            if (request.Kind == EnqueueWish.Kind)
            {
                wishes.Add(request);
                continue;
            }

            // In the order they were asked for: what a job is decides about its runs.
            refused.AddRange(await EnqueueAsync(session, wishes, known, terms));
            wishes.Clear();
            if (await RefusalAsync(session, request, known.GetValueOrDefault(request.JobId), terms) is { } reason)
            {
                refused.Add((request, reason));
            }
        }

        refused.AddRange(await EnqueueAsync(session, wishes, known, terms));
        foreach (var (request, reason) in refused)
        {
            await AuditRowStore.AddAsync(session, Refused(request, known.GetValueOrDefault(request.JobId), reason, terms.Now));
            await session.ExecuteAsync(Refuse, ("seq", request.Place), ("now", terms.Now), ("reason", reason));
        }

        await session.ExecuteAsync(Delete, Places, [.. batch.Except(refused.Select(one => one.Request)).Select(request => request.Place)]);
        await session.ExecuteAsync(Forget, ("before", terms.Now - KeepRefused));
        return new RequestsTaken(
            batch.Count,
            batch.Count < waiting.Count || waiting.Count == Batch,
            [
                .. refused.Select(one => new RefusedRequest(
                    one.Request.Id,
                    one.Request.Kind,
                    known.GetValueOrDefault(one.Request.JobId)?.Name,
                    one.Request.AskedBy,
                    one.Reason
                )),
            ]
        );
    }

    /// <summary>Makes runs, all in one go.</summary>
    /// <returns>The wishes that are refused, and why.</returns>
    private async ValueTask<List<(AskedRequest Request, string Reason)>> EnqueueAsync(
        DatabaseSession session,
        List<AskedRequest> wishes,
        Dictionary<long, Job> known,
        RequestTerms terms
    )
    {
        var refused = new List<(AskedRequest, string)>();
        var runs = new List<(AskedRequest Asked, EnqueueRequest Run)>();
        foreach (var wish in wishes)
        {
            var run = EnqueueWish.Read(wish, clock);
            if (known.GetValueOrDefault(wish.JobId)?.Definition.Limit?.Missing(run.Parameters) is { } missing)
            {
                refused.Add((wish, $"the key of the job's limit needs {missing}"));
                continue;
            }

            runs.Add((wish, run));
        }

        if (runs.Count == 0)
        {
            return refused;
        }

        var call = new EnqueueCall([.. runs.Select(wish => wish.Run)], terms.Enqueue, terms.Now);
        var results = (await _enqueue.EnqueueAsync(session, [call]))[0];
        foreach (var (wish, result) in runs.Zip(results).Where(pair => pair.Second.RunId is null))
        {
            refused.Add(
                (
                    wish.Asked,
                    result.JobFound ? $"run {result.Blocking} is active and the job's overlap policy refuses another" : "the job is gone"
                )
            );
        }

        return refused;
    }

    /// <summary>Why a request cannot be done; null when it was.</summary>
    private async ValueTask<string?> RefusalAsync(DatabaseSession session, AskedRequest request, Job? job, RequestTerms terms)
    {
        try
        {
            return job is null ? "the job is gone" : await session.PartAsync(() => DoAsync(session, request, job, terms));
        }
        catch (DatabaseException problem) when (problem.Fault is DatabaseFault.Constraint)
        {
            return problem.Message;
        }
        catch (Exception problem) when (problem is JsonException or InvalidDataException or FormatException or ArgumentException)
        {
            return problem.Message;
        }
    }

    private async ValueTask<string?> DoAsync(DatabaseSession session, AskedRequest request, Job job, RequestTerms terms)
    {
        switch (request.Kind)
        {
            case IntervalRequest.Kind:
                var edit = IntervalRequest.Read(request.Args, request.By);
                return await intervals.EditAsync(session, job.Name, edit, terms.Account, terms.Scheduled)
                    ? null
                    : "the job is gone, or does not run every so many whole hours any more";
            case CronRequest.Kind:
                var changed = CronRequest.Read(request.Args, job.Definition) is { } wished
                    ? new JobChanges([new JobPut(wished)], []) { By = request.By }
                    : new JobChanges([], [job.Name]) { By = request.By };
                var outcome = await changes.ApplyAsync(session, changed, terms.Account, terms.Scheduled);
                return outcome.Any(change => change.Change is JobChange.NotFound) ? "the job is gone" : null;
            default:
                return $"this version knows no request '{request.Kind}'";
        }
    }

    private static AuditLine Refused(AskedRequest request, Job? job, string reason, DateTimeOffset now) =>
        new(
            now,
            job?.Name.Tenant ?? TenantName.Default,
            request.By,
            "request.refused",
            job?.Name.Text ?? request.Id.ToString(),
            After: new JsonObject
            {
                ["kind"] = request.Kind,
                ["refusal"] = reason,
                ["args"] = JsonNode.Parse(request.Args),
            }.ToJsonString()
        );

    /// <summary>Those before the second edit of a job: what one transaction wrote and has not committed must not be read by it as a definition.</summary>
    private static List<AskedRequest> OneEditOfEach(List<AskedRequest> waiting)
    {
        var edited = new HashSet<long>();
        return
        [
            .. waiting.TakeWhile(request =>
                !edited.Contains(request.JobId) && (request.Kind == EnqueueWish.Kind || edited.Add(request.JobId))
            ),
        ];
    }

    private static AskedRequest Read(Row row) =>
        new(row.Int64(0), row.Id(1), row.Text(2), row.Int64(3), row.Text(4), row.Instant(5), row.Text(6));
}

/// <summary>A row of requests.</summary>
internal sealed record AskedRequest(long Place, Guid Id, string Kind, long JobId, string Args, DateTimeOffset AskedAt, string AskedBy)
{
    /// <summary>A role of the database, for the audit log.</summary>
    public Actor By => new($"sql:{AskedBy}") { Name = AskedBy };
}
