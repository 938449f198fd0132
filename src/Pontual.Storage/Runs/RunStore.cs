using Pontual.Engine.Audit;
using Pontual.Engine.Clocks;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;
using Pontual.Storage.Limits;
using Pontual.Storage.Nodes;

namespace Pontual.Storage.Runs;

/// <summary>The port of the rooms: one transaction for each call.</summary>
internal sealed class RunStore : IRunStore
{
    /// <summary>How often one claim asks again when limits sent back what it took.</summary>
    private const int MostRounds = 10;

    /// <summary>Transactions that enqueue for different jobs, side by side.</summary>
    private const int MostEnqueues = 4;

    /// <summary>How long it is kept what ended in each hour: a week, and the day that is being filled.</summary>
    private static readonly TimeSpan KeepHours = TimeSpan.FromDays(8);

    private readonly PontualDatabase _database;
    private readonly KnownJobsStore _jobs;
    private readonly SlotStore _slots;
    private readonly EnqueueStore _enqueue;
    private readonly ClaimStore _claim;
    private readonly SettleStore _settle;
    private readonly LostRunStore _lost;
    private readonly HistoryDaysStore _days;
    private readonly CancelStore _cancel;
    private readonly Gathering<EnqueueCall, IReadOnlyList<EnqueueResult>>? _callers;

    public RunStore(
        PontualDatabase database,
        KnownJobsStore jobs,
        JobPlanStore plans,
        SlotStore slots,
        PlannedAheadStore planned,
        ScheduleClock clock,
        TimeProvider time
    )
    {
        (_database, _jobs, _slots) = (database, jobs, slots);
        _enqueue = new EnqueueStore(plans, planned, clock);
        _claim = new ClaimStore(new ClaimWalks(time));
        _settle = new SettleStore(slots, planned);
        _lost = new LostRunStore(jobs);
        _days = new HistoryDaysStore(database);
        _cancel = new CancelStore(slots);
        _callers =
            database.Dialect is Dialect.PostgreSql
                ? new(calls => EnqueueAsync(calls, CancellationToken.None), call => call.Jobs, call => call.Requests.Count, MostEnqueues)
                : null;
    }

    public async Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(
        IReadOnlyList<EnqueueRequest> requests,
        Func<EnqueueRequest, DueJob, EnqueueDecision> decide,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var call = new EnqueueCall(requests, decide, now);
        return _callers is null ? (await EnqueueAsync([call], cancellation))[0] : await _callers.AskAsync(call, cancellation);
    }

    private Task<IReadOnlyList<IReadOnlyList<EnqueueResult>>> EnqueueAsync(
        IReadOnlyList<EnqueueCall> calls,
        CancellationToken cancellation
    ) =>
        _database.WriteSurelyAsync(
            session => _enqueue.EnqueueAsync(session, calls),
            (session, results) => RecordedStore.EnqueuedAsync(session, results.SelectMany(result => result)),
            cancellation
        );

    public async Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var claimed = await ClaimOnceAsync(request, cancellation);
        var taken = claimed.Taken;
        for (var rounds = 1; claimed.MoreReady && rounds < MostRounds; rounds++)
        {
            // In a transaction of its own: limits are held in one order only within one round.
            var rest = request with
            {
                Lanes = Rest(request.Lanes, taken),
            };
            if (rest.Lanes.All(lane => lane.Limit <= 0))
            {
                break;
            }

            claimed = await ClaimOnceAsync(rest, cancellation);
            taken.AddRange(claimed.Taken);
        }

        // Jobs are read beside the next writer, not in its way.
        long[] ids = [.. taken.Select(row => row.Run.JobId).Distinct()];
        var known = ids.Length == 0 ? [] : await _database.ReadAsync(session => _jobs.ByIdAsync(session, ids), CancellationToken.None);
        return new ClaimResult(
            taken.ConvertAll(row => row.Lease(known[row.Run.JobId]) with { IsLimited = claimed.Queues.Limits(row.Run.Queue) }),
            claimed.NextReady
        )
        {
            MoreReady = claimed.MoreReady,
        };
    }

    private async Task<Claimed> ClaimOnceAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var claimed = await _database.WriteAsync(session => _claim.ClaimAsync(session, request), cancellation);
        _claim.Keep(request, claimed);
        return claimed;
    }

    /// <summary>The lanes with the room that is left after a round.</summary>
    private static List<ClaimLane> Rest(IReadOnlyList<ClaimLane> lanes, List<HotRow> taken)
    {
        var named = lanes.Where(lane => lane.Queue is not null).Select(lane => lane.Queue!).ToHashSet();
        var counts = taken.CountBy(row => named.Contains(row.Run.Queue) ? row.Run.Queue : "").ToDictionary();
        return [.. lanes.Select(lane => lane with { Limit = lane.Limit - counts.GetValueOrDefault(lane.Queue ?? "") })];
    }

    public Task<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation) =>
        _database.WriteAsync(session => _settle.SettleAsync(session, settlements), cancellation);

    public Task<IReadOnlyList<LeasedRun>> FindLostAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        _database.ReadAsync(session => _lost.FindAsync(session, now, limit), cancellation);

    public Task<CancelResult> RequestCancelAsync(Guid id, string reason, Actor? by, DateTimeOffset now, CancellationToken cancellation) =>
        _database.WriteSurelyAsync(
            session => _cancel.CancelAsync(session, id, reason, by, now),
            (session, result) => RecordedStore.CancelledAsync(session, id, result),
            cancellation
        );

    public Task<LeasedRun?> FindLeasedAsync(Guid id, CancellationToken cancellation) =>
        _database.ReadAsync(session => _lost.FindAsync(session, id), cancellation);

    public Task<IReadOnlyList<LeasedRun>> FindClaimedAsync(string node, DateTimeOffset claimedAt, CancellationToken cancellation) =>
        _database.ReadAsync(session => _lost.FindClaimedAsync(session, node, claimedAt), cancellation);

    public async Task SweepAsync(DateTimeOffset now, TimeSpan stuckAfter, CancellationToken cancellation) =>
        await _database.WriteAsync(
            async session =>
            {
                var holding = await SlotStore.AllWithHeldAsync(session);
                await KnownJobsStore.LockAsync(session, holding);
                await _slots.ReleaseAsync(session, holding, now);
                await LimitStore.SweepAsync(session, now);
                await _lost.EndStuckAsync(session, now, stuckAfter);
                await NodeStore.TellLostAsync(session, now);
                await JobTotalsStore.PruneAsync(session, now - KeepHours);
                return await PruneStore.PruneNodesAsync(session, now);
            },
            cancellation
        );

    public async Task<(long Runs, bool IsDone)> KeepDaysAsync(DateTimeOffset now, DateTimeOffset before, CancellationToken cancellation)
    {
        if (_database.Dialect is Dialect.Sqlite)
        {
            return (0, true);
        }

        var isMade = await _days.MakeAheadAsync(now, cancellation);
        var (runs, isDropped) = await _days.DropOldAsync(before, cancellation);
        return (runs, isMade && isDropped);
    }

    public Task<int> PruneAsync(DateTimeOffset before, int limit, CancellationToken cancellation) =>
        _database.WriteAsync(
            async session =>
            {
                var gone = await PruneStore.PruneAsync(session, before, limit);
                if (gone < limit)
                {
                    await LimitRowStore.ForgetAsync(session, before);
                }

                return gone;
            },
            cancellation
        );
}
