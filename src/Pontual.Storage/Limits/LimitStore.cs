using Pontual.Engine.Limits;
using Pontual.Storage.Database;
using Pontual.Storage.Runs;

namespace Pontual.Storage.Limits;

/// <summary>Runs under a limit by key: they wait in line, are let go in the order of priority and age, and are admitted by the claim that takes them.</summary>
/// <remarks>
/// Only <see cref="AdmitAsync"/> gives a start away, and it holds the limit's row while it counts: that no limit is exceeded depends on nothing else.
/// Letting go is a hint that there seems to be room. A run that was let go in vain goes back to its old place in the line.
/// A rate opens by time: one of the line is let go for the instant at which it does, so that whoever waits for the next claim waits for it too.
/// Every method does nothing, and asks the database nothing, where no run has a key.
/// </remarks>
internal static class LimitStore
{
    private static readonly RowSet<HotRow> Places = new(
        ("id", ValueKind.Id, row => row.Run.Id),
        ("place", ValueKind.Instant, row => row.Place)
    );

    private static readonly RowSet<Leave> Leaves = new(
        ("name", ValueKind.Text, leave => leave.Name),
        ("most", ValueKind.Number, leave => leave.Count),
        ("at", ValueKind.Instant, leave => leave.At)
    );

    private static readonly RowSet<LetGo> Gone = new(
        ("id", ValueKind.Id, row => row.Id),
        ("not_before", ValueKind.Instant, row => row.At),
        ("claim_at", ValueKind.Instant, row => row.At.AddMinutes(-row.Priority))
    );

    private const string InLine = "run.state = 'pending' AND run.limit_at IS NOT NULL AND run.claim_at = @never";

    // A run that somebody else is about to end stays out: waiting for him could be waiting for each other.
    private static readonly Statement Firsts = new(
        $$"""
        WITH {rows}
        SELECT found.id, found.priority, rows.at
        FROM rows CROSS JOIN LATERAL (
            SELECT run.id, run.priority FROM run WHERE run.limit_key = rows.name AND {{InLine}}
            ORDER BY run.limit_at, run.id LIMIT rows.most FOR UPDATE SKIP LOCKED) AS found
        """
    );

    private static readonly Statement FirstsOfOne = new(
        $"""
        SELECT run.id, run.priority FROM run WHERE run.limit_key = @name AND {InLine} ORDER BY run.limit_at, run.id LIMIT @most
        """
    );

    private static readonly Statement Release = new(
        """
        WITH {rows} UPDATE run SET not_before = rows.not_before, claim_at = rows.claim_at
        FROM rows WHERE run.id = rows.id AND run.state = 'pending'
        """
    );

    // Taken by this very transaction, so that nobody has seen it.
    private static readonly Statement SendBack = new(
        """
        WITH {rows}
        UPDATE run
        SET state = 'pending', attempt = attempt - 1, node = NULL, attempt_started_at = NULL,
            started_at = CASE WHEN attempt > 1 THEN started_at END, limit_at = rows.place, not_before = @never, claim_at = @never
        FROM rows WHERE run.id = rows.id
        """
    );

    // From key to key in the index, however many runs wait at each.
    private static readonly Statement Forgotten = new(
        """
        WITH RECURSIVE found (name) AS (
            SELECT (SELECT min(limit_key) FROM run WHERE state = 'pending' AND limit_at IS NOT NULL)
            UNION ALL
            SELECT (SELECT min(run.limit_key) FROM run WHERE run.state = 'pending' AND run.limit_at IS NOT NULL AND run.limit_key > found.name)
            FROM found WHERE found.name IS NOT NULL)
        SELECT name FROM found
        WHERE name IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM run WHERE run.limit_key = found.name AND run.state = 'running')
            AND NOT EXISTS (SELECT 1 FROM run WHERE run.limit_key = found.name AND run.state = 'pending' AND run.limit_at IS NOT NULL
                AND run.claim_at < @never AND run.not_before > @stale)
        """
    );

    /// <summary>Puts new runs that could start now in the lines of their keys. Those of later times come to the claim by themselves.</summary>
    /// <returns>The runs as they are to be added.</returns>
    public static async ValueTask<IReadOnlyList<NewRun>> EnterAsync(DatabaseSession session, IReadOnlyList<NewRun> runs, DateTimeOffset now)
    {
        if (!runs.Any(run => run.LimitKey is not null))
        {
            return runs;
        }

        var bounds = runs.Where(run => run.LimitKey is not null).Select(run => (run.LimitKey!, run.Job.Definition.Limit!.Bound));
        await LimitRowStore.PutAsync(session, bounds, now);
        return [.. runs.Select(run => run.LimitKey is not null && run.NotBefore <= now ? run.InLine() : run)];
    }

    /// <summary>Lets go of each key's line what there is room for.</summary>
    public static async ValueTask<Passed> LetGoAsync(DatabaseSession session, IEnumerable<string?> keys, DateTimeOffset now)
    {
        string[] named = [.. keys.OfType<string>()];
        if (named.Length == 0)
        {
            return default;
        }

        var leaves = (await LimitRowStore.HoldAsync(session, named, now)).Select(line => LeaveOf(line, now)).OfType<Leave>().ToList();
        var gone = await FirstsAsync(session, leaves);
        await session.ExecuteAsync(Release, Gone, gone);
        return new Passed(gone.Exists(run => run.At <= now), gone.Count == 0 ? null : gone.Min(run => run.At));
    }

    /// <summary>Gives starts to claimed runs as far as their limits have room, and sends the others back to their lines.</summary>
    /// <returns>The runs that may start, and what else there is to claim now.</returns>
    public static async ValueTask<(List<HotRow> Admitted, Passed Passed)> AdmitAsync(
        DatabaseSession session,
        List<HotRow> taken,
        DateTimeOffset now
    )
    {
        var limited = taken.Where(row => row.Run.LimitKey is not null).ToLookup(row => row.Run.LimitKey!, StringComparer.Ordinal);
        if (limited.Count == 0)
        {
            return (taken, default);
        }

        var (refused, tats, lines) = (new HashSet<Guid>(), new List<(string, DateTimeOffset?)>(), new List<string>());
        foreach (var line in await LimitRowStore.HoldAsync(session, limited.Select(of => of.Key), now))
        {
            var use = Admit(line, [.. limited[line.Name]], now, refused);
            if (use.Tat != line.Use.Tat)
            {
                tats.Add((line.Name, use.Tat));
            }

            if (line.First is not null || limited[line.Name].Any(row => refused.Contains(row.Run.Id)))
            {
                lines.Add(line.Name);
            }
        }

        await LimitRowStore.AdvanceAsync(session, "key", tats);
        await session.ExecuteAsync(SendBack, Places, taken.FindAll(row => refused.Contains(row.Run.Id)), ("never", LimitRowStore.Never));
        var passed = await LetGoAsync(session, lines, now);
        return (taken.FindAll(row => !refused.Contains(row.Run.Id)), passed with { Ready = passed.Ready || refused.Count > 0 });
    }

    /// <summary>Lets go what no event did: of lines that nobody is on the way from.</summary>
    public static async ValueTask SweepAsync(DatabaseSession session, DateTimeOffset now)
    {
        var keys = await session.QueryAsync(
            Forgotten,
            row => row.Text(0),
            ("never", LimitRowStore.Never),
            ("stale", now - LimitRowStore.Patience)
        );
        await LetGoAsync(session, keys, now);
    }

    private static LimitUse Admit(LimitLine line, List<HotRow> taken, DateTimeOffset now, HashSet<Guid> refused)
    {
        var use = line.Use with { Active = line.Use.Active - taken.Count };
        foreach (var row in taken.OrderBy(row => row.Place).ThenBy(row => row.Run.Id))
        {
            if (use.Room(now) > 0 && !(line.First < row.Place))
            {
                use = use.Started(now);
            }
            else
            {
                refused.Add(row.Run.Id);
            }
        }

        return use;
    }

    private static Leave? LeaveOf(LimitLine line, DateTimeOffset now)
    {
        if (line.First is null)
        {
            return null;
        }

        var use = line.Coming(now);
        var room = use.Room(now);
        return room > 0 ? new Leave(line.Name, room, now)
            : use.Places > 0 && line.LetGo == 0 ? new Leave(line.Name, 1, use.Opens!.Value)
            : null;
    }

    private static async ValueTask<List<LetGo>> FirstsAsync(DatabaseSession session, List<Leave> leaves)
    {
        if (session.Dialect is Dialect.PostgreSql)
        {
            return await session.QueryAsync(
                Firsts,
                Leaves,
                leaves,
                row => new LetGo(row.Id(0), row.Int32(1), row.Instant(2)),
                ("never", LimitRowStore.Never)
            );
        }

        var firsts = new List<LetGo>();
        foreach (var leave in leaves)
        {
            firsts.AddRange(
                await session.QueryAsync(
                    FirstsOfOne,
                    row => new LetGo(row.Id(0), row.Int32(1), leave.At),
                    ("name", leave.Name),
                    ("never", LimitRowStore.Never),
                    ("most", leave.Count)
                )
            );
        }

        return firsts;
    }

    private sealed record LetGo(Guid Id, int Priority, DateTimeOffset At);
}
