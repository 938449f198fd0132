using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Limits;

namespace Pontual.Storage.Runs;

/// <summary>Takes due runs of some queues, most urgent first, and of each job no more than it has free slots.</summary>
internal static class ClaimDueStore
{
    /// <summary>Priorities shift the order of claims by this much at most, so that no run further on can be due.</summary>
    private static readonly TimeSpan WidestShift = TimeSpan.FromMinutes(10);

    private const string RunningOfJob = """
        (SELECT count(*) FROM run AS active
            WHERE active.job_id = run.job_id AND active.slots IS NOT NULL AND active.not_before IS NOT NULL AND active.state = 'running')
        """;

    private const string IsDue = $"""
        run.state = 'pending' AND run.not_before IS NOT NULL AND run.claim_at <= @horizon AND run.not_before <= @ready
            AND (run.lease_ends IS NULL OR run.lease_ends > @now) AND (run.limit_key IS NULL OR run.not_before <= @now)
            AND (run.slots IS NULL OR run.slots > {RunningOfJob})
            AND EXISTS (SELECT 1 FROM node WHERE node.id = @node AND node.lease_until > @now AND node.left_at IS NULL)
        """;

    private const string Room = $"CASE WHEN run.slots IS NOT NULL THEN run.slots - {RunningOfJob} END";

    /// <summary>
    /// The statement that claims. It walks each queue in the order of its index, passes what another node is just taking, keeps of each job what
    /// its slots have room for, and makes the rest this node's.
    /// </summary>
    internal static readonly Statement ClaimDueRuns = new(
        $$"""
        WITH {rows},
        due AS MATERIALIZED (  -- a fence: a plan that ran the LIMIT again would take too many
            SELECT first.* FROM rows CROSS JOIN LATERAL (
                SELECT run.ctid AS place, run.id, run.job_id, run.claim_at, {{Room}} AS room FROM run
                WHERE run.queue = rows.queue AND (run.claim_at, run.id) > (@after_at, @after_id) AND {{IsDue}}
                    AND (CAST(@kinds AS text) IS NULL OR strpos(@kinds, ',' || run.kind || ',') > 0)
                ORDER BY run.claim_at, run.id LIMIT least(@limit, rows.room) FOR UPDATE OF run SKIP LOCKED) AS first
            ORDER BY first.claim_at, first.id LIMIT @limit),
        fitting AS (
            SELECT place, claim_at FROM due WHERE room IS NULL
            UNION ALL
            SELECT place, claim_at FROM (
                SELECT place, claim_at, room, row_number() OVER (PARTITION BY job_id ORDER BY claim_at, id) AS nth
                FROM due WHERE room IS NOT NULL) AS limited
            WHERE nth <= room)
        UPDATE run SET {{Taken}}
        FROM fitting WHERE run.ctid = fitting.place
        RETURNING {{HotRunReader.Columns}}, fitting.claim_at, (SELECT count(*) FROM due)
        """
    );

    private const string Taken = """
        state = 'running', attempt = run.attempt + 1, lease_token = run.lease_token + 1, node = @node, claim_at = @now,
            attempt_started_at = CASE WHEN run.not_before > @now THEN run.not_before ELSE @now END,
            started_at = coalesce(run.started_at, CASE WHEN run.not_before > @now THEN run.not_before ELSE @now END),
            lease_ends = @lease, cancel_reason = NULL
        """;

    // SQLite has no UPDATE over a LIMIT in order: it looks first and takes then, with no other writer in between.
    private static readonly Statement Due = new(
        $"""
        SELECT {HotRunReader.Columns}, {Room} FROM run
        WHERE run.queue = @queue AND {IsDue} AND (@kinds IS NULL OR instr(@kinds, ',' || run.kind || ',') > 0)
        ORDER BY run.claim_at, run.id LIMIT @limit
        """
    );

    internal static readonly RowSet<(string Name, int Room)> OpenQueues = new(
        ("queue", ValueKind.Text, queue => queue.Name),
        ("room", ValueKind.Number, queue => queue.Room)
    );

    private static readonly RowSet<Guid> Ids = new(("id", ValueKind.Id, id => id));

    private static readonly Statement Take = new($$"""WITH {rows} UPDATE run SET {{Taken}} WHERE id IN (SELECT id FROM rows)""");

    /// <returns>The runs, and the place of the last of them in the order of claims.</returns>
    public static async ValueTask<(List<HotRow> Taken, ClaimPlace Last)> TakeAsync(
        DatabaseSession session,
        ClaimRequest request,
        ClaimWalk walk,
        int limit,
        QueueRooms rooms
    )
    {
        var (taken, last) = (new List<HotRow>(), ClaimPlace.Start);
        while (taken.Count < limit)
        {
            var room = limit - taken.Count;
            var queues = walk
                .Queues.Select(queue => (queue.Name, Room: rooms.Of(queue.Name)))
                .Where(queue => queue.Room > 0 && !(request.ReadyBy > request.Now && rooms.Limits(queue.Name)))
                .ToList();
            var (rows, isCrowded) =
                session.Dialect is Dialect.PostgreSql
                    ? await ClaimDueAsync(session, request, walk.From, queues, room)
                    : await LookAndTakeAsync(session, request, queues, room);
            foreach (var (row, place) in rows)
            {
                taken.Add(row);
                rooms.Take(row.Run.Queue);
                last = place.IsAfter(last) ? place : last;
            }

            // Runs of a job whose slots are full now stood in the way of others further back: look again without them.
            if (!isCrowded)
            {
                break;
            }
        }

        return (taken, last);
    }

    private static async ValueTask<(List<(HotRow Row, ClaimPlace Place)> Rows, bool IsCrowded)> ClaimDueAsync(
        DatabaseSession session,
        ClaimRequest request,
        ClaimPlace after,
        List<(string Name, int Room)> queues,
        int limit
    )
    {
        var due = 0L;
        var rows = await session.QueryAsync(
            ClaimDueRuns,
            OpenQueues,
            queues,
            row =>
            {
                due = row.Int64(HotRunReader.Width + 1);
                var (taken, claimAt) = (HotRunReader.Read(row), row.Instant(HotRunReader.Width));

                // The claim wrote its own instant over the place; a run that a limit sends back returns to it.
                return (Row: taken with { LimitAt = taken.LimitAt ?? claimAt }, Place: new ClaimPlace(claimAt, taken.Run.Id));
            },
            ("node", request.Node),
            ("now", request.Now),
            ("ready", request.ReadyBy),
            ("horizon", request.ReadyBy + WidestShift),
            ("after_at", after.At),
            ("after_id", after.Id),
            ("kinds", KindsOf(request)),
            ("limit", limit),
            ("lease", request.LeaseUntil)
        );
        return ([.. rows.OrderBy(row => row.Place.At).ThenBy(row => row.Place.Id)], due >= limit && rows.Count < due && rows.Count > 0);
    }

    private static async ValueTask<(List<(HotRow Row, ClaimPlace Place)> Rows, bool IsCrowded)> LookAndTakeAsync(
        DatabaseSession session,
        ClaimRequest request,
        List<(string Name, int Room)> queues,
        int limit
    )
    {
        var due = await DueAsync(session, request, queues, limit);
        var (fitting, isCrowded) = Fitting(due, limit);
        await session.ExecuteAsync(
            Take,
            Ids,
            fitting.ConvertAll(row => row.Run.Id),
            ("node", request.Node),
            ("now", request.Now),
            ("lease", request.LeaseUntil)
        );
        return (
            fitting.ConvertAll(row => (row.Claimed(request.Node, request.Now), new ClaimPlace(row.ClaimAt!.Value, row.Run.Id))),
            isCrowded
        );
    }

    private static string? KindsOf(ClaimRequest request) => request.Kinds is null ? null : $",{string.Join(',', request.Kinds)},";

    private static async ValueTask<List<DueRow>> DueAsync(
        DatabaseSession session,
        ClaimRequest request,
        List<(string Name, int Room)> queues,
        int limit
    )
    {
        var kinds = KindsOf(request);
        var due = new List<DueRow>();
        foreach (var (queue, room) in queues)
        {
            due.AddRange(
                await session.QueryAsync(
                    Due,
                    row => new DueRow(HotRunReader.Read(row), row.Int64OrNull(HotRunReader.Width)),
                    ("queue", queue),
                    ("now", request.Now),
                    ("ready", request.ReadyBy),
                    ("horizon", request.ReadyBy + WidestShift),
                    ("node", request.Node),
                    ("kinds", kinds),
                    ("limit", Math.Min(limit, room))
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

    private sealed record DueRow(HotRow Row, long? Room);
}
