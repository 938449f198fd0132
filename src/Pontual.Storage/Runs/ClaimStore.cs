using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;
using Pontual.Storage.Limits;

namespace Pontual.Storage.Runs;

/// <summary>Room 3's statement: due runs become this node's.</summary>
internal sealed class ClaimStore(ClaimWalks walks)
{
    /// <summary>So soon again a claim is never worth it.</summary>
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(1);

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

    /// <summary>Claims what each lane has room for.</summary>
    public async ValueTask<Claimed> ClaimAsync(DatabaseSession session, ClaimRequest request)
    {
        var lanes = await LanesAsync(session, request);
        var isLimited = lanes.Exists(lane => lane.Walk.Queues.Any(queue => queue.IsLimited));
        var rooms = isLimited ? await QueueLimitStore.HoldAsync(session, request.Now) : QueueRooms.None;
        var (all, walked, nextReady) = (new List<HotRow>(), new List<(string? Lane, ClaimWalk Walk)>(), (DateTimeOffset?)null);
        foreach (var (lane, began) in lanes)
        {
            var (taken, last) = await ClaimDueStore.TakeAsync(session, request, began, lane.Limit, rooms);
            var isFilled = taken.Count >= lane.Limit;
            var walk = taken.Count == 0 ? began : began.Took(last, isFilled);
            if (!isFilled)
            {
                nextReady = Earlier(nextReady, await NextAsync(session, request, walk));
                nextReady = Earlier(nextReady, rooms.Opens(walk.Queues.Select(queue => queue.Name)));
            }

            all.AddRange(taken);
            walked.Add((lane.Queue, walks.Ended(walk)));
        }

        await CheckSlotsAsync(session, all);
        var (admitted, passed) = await LimitStore.AdmitAsync(session, all, request.Now);
        await QueueLimitStore.AdvanceAsync(session, rooms, admitted);
        await RunEventsStore.StartedAsync(session, admitted, request);
        return new Claimed(admitted, Earlier(nextReady, passed.Opens), passed.Ready, rooms, walked);
    }

    /// <summary>Goes on from there with the next claim. Called after the commit: a transaction that was undone walked nowhere.</summary>
    public void Keep(ClaimRequest request, Claimed claimed)
    {
        // A claim ahead passed runs that only a later one may take.
        foreach (var (lane, walk) in claimed.Walks.Where(_ => request.ReadyBy <= request.Now))
        {
            walks.Keep(request.Node, lane, walk);
        }
    }

    /// <summary>The lanes that have room, each with where its claim begins and the queues it serves.</summary>
    private async ValueTask<List<(ClaimLane Lane, ClaimWalk Walk)>> LanesAsync(DatabaseSession session, ClaimRequest request)
    {
        var lanes = request
            .Lanes.Where(lane => lane.Limit > 0)
            .Select(lane => (Lane: lane, Walk: walks.Next(request, lane.Queue)))
            .ToList();
        if (lanes.TrueForAll(lane => !lane.Walk.IsFromStart))
        {
            return lanes;
        }

        var waiting = await session.QueryAsync(Queues, row => new WaitingQueue(row.Text(0), row.Int64(1) == 1));
        // What is for programs outside is taken by their claims only, which name its queue.
        var named = request.Lanes.Where(lane => lane.Queue is not null).Select(lane => lane.Queue!).ToHashSet();
        return lanes.ConvertAll(at =>
            (
                at.Lane,
                !at.Walk.IsFromStart
                    ? at.Walk
                    : at.Walk with
                    {
                        Queues = waiting.FindAll(queue =>
                            at.Lane.Queue is { } own ? queue.Name == own : !named.Contains(queue.Name) && !WorkerTask.IsQueue(queue.Name)
                        ),
                    }
            )
        );
    }

    /// <summary>When to look again. A walk that left out the start saw not all: the next one from there decides.</summary>
    private async ValueTask<DateTimeOffset?> NextAsync(DatabaseSession session, ClaimRequest request, ClaimWalk walk)
    {
        if (walk.IsFromStart)
        {
            return await NextReadyAsync(session, walk.Queues, request.Now);
        }

        var rest = walks.RestOf(walk);
        return request.Now + (rest > ShortestRest ? rest : ShortestRest);
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

    private static async ValueTask<DateTimeOffset?> NextReadyAsync(
        DatabaseSession session,
        IReadOnlyList<WaitingQueue> queues,
        DateTimeOffset now
    )
    {
        DateTimeOffset? next = null;
        foreach (var queue in queues)
        {
            var found = await session.QueryAsync(NextReady, row => row.InstantOrNull(0), ("queue", queue.Name), ("now", now));
            next = Earlier(next, found[0] == LimitRowStore.Never ? null : found[0]);
        }

        return next;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;
}

/// <summary>What a claim came to.</summary>
/// <param name="Taken">What may start.</param>
/// <param name="NextReady">When the next run of these lanes can start, or when to look again; null when none is known.</param>
/// <param name="MoreReady">More can be claimed now: limits sent back what was taken, or let others go.</param>
/// <param name="Queues">The queues with limits.</param>
/// <param name="Walks">How far each lane was walked.</param>
internal sealed record Claimed(
    List<HotRow> Taken,
    DateTimeOffset? NextReady,
    bool MoreReady,
    QueueRooms Queues,
    List<(string? Lane, ClaimWalk Walk)> Walks
);
