using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Engine.Tenants;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;

namespace Pontual.Storage.Requests;

/// <summary>The port of what was asked for in SQL. PostgreSQL only: SQLite has no programs beside us in its database.</summary>
internal sealed class RequestStore(PontualDatabase database, KnownJobsStore jobs, IntervalJobStore intervals) : IRequestStore
{
    private const int Batch = 200;

    private static readonly TimeSpan KeepRefused = TimeSpan.FromDays(30);

    // Without SKIP LOCKED: another node's requests may be about the same jobs, and come first.
    private static readonly Statement Waiting = new(
        """
        SELECT seq, id, kind, job_id, args::text, asked_at, asked_by FROM request
        WHERE refused_at IS NULL ORDER BY seq LIMIT @limit FOR UPDATE
        """
    );

    private static readonly Statement AnyWaits = new("SELECT 1 FROM request WHERE refused_at IS NULL LIMIT 1");
    private static readonly RowSet<long> Places = new(("seq", ValueKind.Number, seq => seq));
    private static readonly Statement Delete = new("WITH {rows} DELETE FROM request WHERE seq IN (SELECT seq FROM rows)");
    private static readonly Statement Refuse = new("UPDATE request SET refused_at = @now, refusal = @reason WHERE seq = @seq");
    private static readonly Statement Forget = new("DELETE FROM request WHERE refused_at < @before AND refused_at IS NOT NULL");

    public async Task<RequestsTaken> TakeAsync(RequestTerms terms, CancellationToken cancellation)
    {
        // Nearly always nothing waits: that costs no transaction.
        var waits = await database.ReadAsync(session => session.QueryAsync(AnyWaits, row => row.Int64(0)), cancellation);
        return waits.Count == 0
            ? new RequestsTaken(0, More: false, [])
            : await database.WriteAsync(session => TakeAsync(session, terms), cancellation);
    }

    private async ValueTask<RequestsTaken> TakeAsync(DatabaseSession session, RequestTerms terms)
    {
        var waiting = await session.QueryAsync(Waiting, Read, ("limit", Batch));
        var batch = OneEditOfEach(waiting);
        var known = await jobs.ByIdAsync(session, [.. batch.Select(request => request.JobId).Distinct()]);
        var refused = new List<RefusedRequest>();
        foreach (var request in batch)
        {
            var job = known.GetValueOrDefault(request.JobId);
            if (await RefusalAsync(session, request, job, terms) is { } reason)
            {
                refused.Add(new RefusedRequest(request.Id, request.Kind, job?.Name, request.AskedBy, reason));
                await AuditRowStore.AddAsync(session, Refused(request, job, reason, terms.Now));
                await session.ExecuteAsync(Refuse, ("seq", request.Place), ("now", terms.Now), ("reason", reason));
            }
        }

        var kept = refused.Select(request => request.Id).ToHashSet();
        await session.ExecuteAsync(
            Delete,
            Places,
            [.. batch.Where(request => !kept.Contains(request.Id)).Select(request => request.Place)]
        );
        await session.ExecuteAsync(Forget, ("before", terms.Now - KeepRefused));
        return new RequestsTaken(batch.Count, batch.Count < waiting.Count || waiting.Count == Batch, refused);
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
                !edited.Contains(request.JobId) && (request.Kind != IntervalRequest.Kind || edited.Add(request.JobId))
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
