using System.Globalization;
using System.Text;
using Pontual.Engine.Output;
using Pontual.Engine.Runs;
using Pontual.Engine.Workers;
using Pontual.Storage.Database;
using Pontual.Storage.Jobs;

namespace Pontual.Storage.Runs;

/// <summary>The port of programs outside: their rows among the nodes, the leases and the output of what they hold.</summary>
internal sealed class WorkerStore(PontualDatabase database, KnownJobsStore jobs) : IWorkerStore
{
    /// <summary>Sequence numbers of one claim, and those of them that output may have, as in this process's own attempts.</summary>
    private const long PiecesOfClaim = 1_000_000;
    private const long MostPieces = 999_000;

    // A stay is never made shorter: several calls of a worker may be under way.
    private static readonly Statement Enter = new(
        """
        INSERT INTO node (id, host, pid, process_mark, version, roles, started_at, lease_until, seen_at)
        VALUES (@node, @node, 0, '', '', 'outside', @now, @until, @now)
        ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, left_at = NULL,
            lease_until = CASE WHEN node.lease_until > excluded.lease_until THEN node.lease_until ELSE excluded.lease_until END
        """
    );

    private static readonly RowSet<HeldRun> Wishes = new(
        ("id", ValueKind.Id, run => run.RunId),
        ("token", ValueKind.Number, run => run.LeaseToken)
    );

    private static readonly Statement Held = new(
        $$"""
        WITH {rows} SELECT {{HotRunReader.Columns}} FROM rows CROSS JOIN run
        WHERE run.id = rows.id AND run.state = 'running' AND run.lease_token = rows.token AND run.node = @node AND run.lease_ends > @now
        """
    );

    private static readonly RowSet<(Guid Id, long Token, DateTimeOffset Until)> Leases = new(
        ("id", ValueKind.Id, lease => lease.Id),
        ("token", ValueKind.Number, lease => lease.Token),
        ("until", ValueKind.Instant, lease => lease.Until)
    );

    private static readonly Statement Renew = new(
        """
        WITH {rows} UPDATE run SET lease_ends = rows.until
        FROM rows WHERE run.id = rows.id AND run.state = 'running' AND run.lease_token = rows.token
        RETURNING run.id
        """
    );

    private static readonly Statement Printed = new(
        "SELECT max(sequence), sum(length(bytes)) FROM output_piece WHERE run_id = @run AND sequence > @first AND sequence < @last"
    );

    public Task EnterAsync(WorkerName worker, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation) =>
        database.WriteAsync(session => EnterAsync(session, worker, now, until), cancellation);

    public Task<IReadOnlyList<bool>> HoldAsync(
        WorkerName worker,
        IReadOnlyList<HeldRun> runs,
        HoldTerms terms,
        CancellationToken cancellation
    ) =>
        database.WriteAsync<IReadOnlyList<bool>>(
            async session =>
            {
                await EnterAsync(session, worker, terms.Now, terms.Stay);
                var held = await HeldAsync(session, worker, runs, terms.Now);
                var renewed = await RenewAsync(session, held.Values, terms);
                foreach (var run in runs.Where(run => IsHeld(held, run) && run.Output is { Length: > 0 }))
                {
                    await PrintAsync(session, run, terms);
                }

                return [.. runs.Select(run => IsHeld(held, run) && renewed.Contains(run.RunId))];
            },
            cancellation
        );

    private static ValueTask<int> EnterAsync(DatabaseSession session, WorkerName worker, DateTimeOffset now, DateTimeOffset until) =>
        session.ExecuteAsync(Enter, ("node", worker.Node), ("now", now), ("until", until));

    private static bool IsHeld(Dictionary<Guid, LeasedRun> held, HeldRun run) =>
        held.TryGetValue(run.RunId, out var leased) && leased.LeaseToken == run.LeaseToken;

    private async ValueTask<Dictionary<Guid, LeasedRun>> HeldAsync(
        DatabaseSession session,
        WorkerName worker,
        IReadOnlyList<HeldRun> runs,
        DateTimeOffset now
    )
    {
        var rows = await session.QueryAsync(Held, Wishes, runs, HotRunReader.Read, ("node", worker.Node), ("now", now));
        var known = await jobs.ByIdAsync(session, [.. rows.Select(row => row.Run.JobId).Distinct()]);
        return rows.DistinctBy(row => row.Run.Id).ToDictionary(row => row.Run.Id, row => row.Lease(known[row.Run.JobId]));
    }

    /// <summary>Of a run that is not wanted any more the lease is left to end: its worker has until then to stop and say so.</summary>
    private static async ValueTask<HashSet<Guid>> RenewAsync(DatabaseSession session, IEnumerable<LeasedRun> held, HoldTerms terms)
    {
        var wanted = held.Where(leased => leased.CancelReason is null or RunReason.TakenBack)
            .Select(leased => (leased.Run.Id, Token: leased.LeaseToken, Until: LeaseOf(leased, terms)))
            .Where(lease => lease.Until > terms.Now)
            .ToList();
        return [.. await session.QueryAsync(Renew, Leases, wanted, row => row.Id(0))];
    }

    private static DateTimeOffset LeaseOf(LeasedRun leased, HoldTerms terms)
    {
        var (asked, most) = (terms.Now + terms.Lease, leased.ClaimedAt + leased.Job.Definition.Timeout);
        return asked < most ? asked : most;
    }

    private static async ValueTask PrintAsync(DatabaseSession session, HeldRun run, HoldTerms terms)
    {
        var first = run.LeaseToken * PiecesOfClaim;
        var (last, kept) = (
            await session.QueryAsync(
                Printed,
                row => (Last: row.Int64OrNull(0) ?? first, Kept: row.Int64OrNull(1) ?? 0),
                ("run", run.RunId),
                ("first", first),
                ("last", first + PiecesOfClaim)
            )
        )[0];
        var room = last < first + MostPieces ? terms.KeptBytes - kept : -1;
        if (room < 0)
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(run.Output!);
        if (bytes.Length > room)
        {
            var note = string.Create(CultureInfo.InvariantCulture, $"\n[output cut after {terms.KeptBytes} bytes]\n");
            bytes = [.. bytes.AsSpan(0, (int)room), .. Encoding.UTF8.GetBytes(note)];
        }

        await OutputStore.AppendAsync(session, [new OutputPiece(run.RunId, last + 1, terms.Now, bytes)]);
    }
}
