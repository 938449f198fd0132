using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;
using Pontual.Storage.Limits;

namespace Pontual.Storage.Runs;

/// <summary>Room 3's statement: due runs become this node's.</summary>
internal static class ClaimStore
{
    /// <summary>Priorities shift the order of claims by this much at most, so that no run further on can be due.</summary>
    private static readonly TimeSpan WidestShift = TimeSpan.FromMinutes(10);

    private const string RunningOfJob = """
        (SELECT count(*) FROM run AS active
            WHERE active.job_id = run.job_id AND active.slots IS NOT NULL AND active.not_before IS NOT NULL AND active.state = 'running')
        """;

    private const string DueRuns = $"""
        SELECT {HotRunReader.Columns}, CASE WHEN run.slots IS NOT NULL THEN run.slots - {RunningOfJob} END
        FROM run
        WHERE run.state = 'pending' AND run.not_before IS NOT NULL AND run.queue = @queue
            AND run.claim_at <= @horizon AND run.not_before <= @ready
            AND (run.lease_ends IS NULL OR run.lease_ends > @now) AND (run.limit_key IS NULL OR run.not_before <= @now)
            AND (run.slots IS NULL OR run.slots > {RunningOfJob})
            AND EXISTS (SELECT 1 FROM node WHERE node.id = @node AND node.lease_until > @now AND node.left_at IS NULL)
        """;

    private static readonly Statement Due = new(
        postgreSql: $"""
        {DueRuns} AND (CAST(@kinds AS text) IS NULL OR strpos(@kinds, ',' || run.kind || ',') > 0)
        ORDER BY run.claim_at, run.id LIMIT @limit FOR UPDATE OF run SKIP LOCKED
        """,
        sqlite: $"""
        {DueRuns} AND (@kinds IS NULL OR instr(@kinds, ',' || run.kind || ',') > 0)
        ORDER BY run.claim_at, run.id LIMIT @limit
        """
    );

    // Walks from queue to queue in the index, however many runs wait in each.
    private static readonly Statement Queues = new(
        """
        WITH RECURSIVE found (queue) AS (
            SELECT (SELECT min(queue) FROM run WHERE state = 'pending' AND not_before IS NOT NULL)
            UNION ALL
            SELECT (SELECT min(run.queue) FROM run WHERE run.state = 'pending' AND run.not_before IS NOT NULL AND run.queue > found.queue)
            FROM found WHERE found.queue IS NOT NULL)
        SELECT queue, CASE WHEN EXISTS (SELECT 1 FROM run_limit WHERE run_limit.scope = 'queue' AND run_limit.name = found.queue) THEN 1 ELSE 0 END
        FROM found WHERE queue IS NOT NULL
        """
    );

    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    private static readonly Statement Take = new(
        """
        WITH {rows}
        UPDATE run
        SET state = 'running', attempt = attempt + 1, lease_token = lease_token + 1, node = @node, claim_at = @now,
            attempt_started_at = CASE WHEN not_before > @now THEN not_before ELSE @now END,
            started_at = coalesce(started_at, CASE WHEN not_before > @now THEN not_before ELSE @now END), lease_ends = NULL, cancel_reason = NULL
        WHERE id IN (SELECT id FROM rows)
        """
    );

    // In the order of claims the earliest is among the first few, unless a hundred of other priorities stand before it.
    private static readonly Statement NextReady = new(
        """
        SELECT min(not_before) FROM (
            SELECT not_before FROM run
            WHERE state = 'pending' AND not_before IS NOT NULL AND queue = @queue AND not_before > @now
            ORDER BY claim_at LIMIT 100) AS first_ones
        """
    );

    private static readonly RowSet<long> JobIds = new(("job_id", ValueKind.Number, id => id));

    private static readonly Statement Overfull = new(
        $$"""
        WITH {rows}
        SELECT run.job_id FROM rows JOIN run ON run.job_id = rows.job_id AND run.slots IS NOT NULL AND run.not_before IS NOT NULL
        WHERE run.state = 'running' AND run.slots < {{NewRun.NoLimit}}
        GROUP BY run.job_id HAVING count(*) > max(run.slots)
        """
    );

    public static async ValueTask<Claimed> ClaimAsync(DatabaseSession session, ClaimRequest request)
    {
        var waiting = await session.QueryAsync(Queues, row => (Name: row.Text(0), IsLimited: row.Int64(1) == 1));
        var rooms = waiting.Exists(queue => queue.IsLimited) ? await QueueLimitStore.HoldAsync(session, request.Now) : QueueRooms.None;
        var named = request.Lanes.Where(lane => lane.Queue is not null).Select(lane => lane.Queue!).ToHashSet();
        var taken = new List<HotRow>();
        DateTimeOffset? nextReady = null;
        foreach (var lane in request.Lanes)
        {
            var queues = lane.Queue is { } name
                ? [name]
                : waiting.Select(queue => queue.Name).Where(queue => !named.Contains(queue)).ToList();
            var inLane = await ClaimLaneAsync(session, request, queues, lane.Limit, rooms);
            taken.AddRange(inLane);
            if (inLane.Count < lane.Limit)
            {
                nextReady = Earlier(nextReady, await NextReadyAsync(session, queues, request.Now));
                nextReady = Earlier(nextReady, rooms.Opens(queues));
            }
        }

        await CheckSlotsAsync(session, taken);
        var (admitted, passed) = await LimitStore.AdmitAsync(session, taken, request.Now);
        await QueueLimitStore.AdvanceAsync(session, rooms, admitted);
        return new Claimed(admitted, Earlier(nextReady, passed.Opens), passed.Ready, rooms);
    }

    private static async ValueTask<List<HotRow>> ClaimLaneAsync(
        DatabaseSession session,
        ClaimRequest request,
        List<string> queues,
        int limit,
        QueueRooms rooms
    )
    {
        var taken = new List<HotRow>();
        while (taken.Count < limit)
        {
            var room = limit - taken.Count;
            var due = await DueAsync(session, request, queues, room, rooms);
            var (fitting, crowded) = Fitting(due, room);
            await session.ExecuteAsync(Take, Ids, fitting.ConvertAll(row => row.Run.Id), ("node", request.Node), ("now", request.Now));
            taken.AddRange(fitting.Select(row => row.Claimed(request.Node, request.Now)));
            fitting.ForEach(row => rooms.Take(row.Run.Queue));

            // Runs of a job whose slots are full now stood in the way of others further back: look again without them.
            if (!crowded)
            {
                break;
            }
        }

        return taken;
    }

    private static async ValueTask<List<DueRow>> DueAsync(
        DatabaseSession session,
        ClaimRequest request,
        List<string> queues,
        int limit,
        QueueRooms rooms
    )
    {
        var kinds = request.Kinds is null ? null : $",{string.Join(',', request.Kinds)},";
        var due = new List<DueRow>();
        var isArming = request.ReadyBy > request.Now;
        foreach (var queue in queues.Where(queue => rooms.Of(queue) > 0 && !(isArming && rooms.Limits(queue))))
        {
            due.AddRange(
                await session.QueryAsync(
                    Due,
                    row => new DueRow(HotRunReader.Read(row), row.Int64OrNull(HotRunReader.Width)),
                    ("queue", queue),
                    ("ready", rooms.Limits(queue) ? request.Now : request.ReadyBy),
                    ("now", request.Now),
                    ("horizon", request.ReadyBy + WidestShift),
                    ("node", request.Node),
                    ("kinds", kinds),
                    ("limit", Math.Min(limit, rooms.Of(queue)))
                )
            );
        }

        return queues.Count == 1 ? due : [.. due.OrderBy(row => row.Row.ClaimAt).ThenBy(row => row.Row.Run.Id).Take(limit)];
    }

    /// <summary>The most urgent of them that their jobs' slots have room for.</summary>
    private static (List<HotRow> Rows, bool Crowded) Fitting(List<DueRow> due, int limit)
    {
        var (fitting, left, crowded) = (new List<HotRow>(due.Count), new Dictionary<long, long>(), false);
        foreach (var (row, free) in due)
        {
            if (free is { } room)
            {
                var rest = left.GetValueOrDefault(row.Run.JobId, room);
                left[row.Run.JobId] = rest - 1;
                if (rest <= 0)
                {
                    crowded = true;
                    continue;
                }
            }

            fitting.Add(row);
        }

        return (fitting, crowded && due.Count >= limit);
    }

    /// <summary>On PostgreSQL two nodes may claim for one job at once. With one slot an index stops the second; with several, they count again one after the other.</summary>
    private static async ValueTask CheckSlotsAsync(DatabaseSession session, List<HotRow> taken)
    {
        long[] several = [.. taken.Where(row => row.Slots is > 1 and < NewRun.NoLimit).Select(row => row.Run.JobId).Distinct().Order()];
        if (session.Dialect is Dialect.PostgreSql && several.Length > 0)
        {
            await KnownJobsStore.LockAsync(session, several);
            if ((await session.QueryAsync(Overfull, JobIds, several, row => row.Int64(0))).Count > 0)
            {
                throw new TransactionAgainException("Another node took the last slot of a job at the same moment.");
            }
        }
    }

    private static async ValueTask<DateTimeOffset?> NextReadyAsync(DatabaseSession session, List<string> queues, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var queue in queues)
        {
            var found = await session.QueryAsync(NextReady, row => row.InstantOrNull(0), ("queue", queue), ("now", now));
            next = Earlier(next, found[0] == LimitRowStore.Never ? null : found[0]);
        }

        return next;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;

    private sealed record DueRow(HotRow Row, long? Room);
}

/// <summary>What a claim came to.</summary>
/// <param name="Taken">What may start.</param>
/// <param name="NextReady">When the next run of these lanes can start; null when none is known.</param>
/// <param name="MoreReady">More can be claimed now: limits sent back what was taken, or let others go.</param>
/// <param name="Queues">The queues with limits.</param>
internal sealed record Claimed(List<HotRow> Taken, DateTimeOffset? NextReady, bool MoreReady, QueueRooms Queues);
