using Pontual.Engine.Limits;
using Pontual.Storage.Database;
using Pontual.Storage.Runs;

namespace Pontual.Storage.Limits;

/// <summary>Limits of queues, judged by the claim: it takes no more of a queue than the queue's limit has room for, so that nobody waits in a line.</summary>
internal static class QueueLimitStore
{
    private const string ReadAll = """
        SELECT name, at_once, rate_count, rate_ms, burst, tat,
            (SELECT count(*) FROM run WHERE run.state = 'running' AND run.queue = run_limit.name)
        FROM run_limit WHERE scope = 'queue' ORDER BY name
        """;

    private static readonly Statement Hold = new("SELECT name FROM run_limit WHERE scope = 'queue' ORDER BY name FOR UPDATE");
    private static readonly Statement All = new(ReadAll);

    /// <summary>Holds all limits of queues and reads how far they are used. Ask only when there are some.</summary>
    public static async ValueTask<QueueRooms> HoldAsync(DatabaseSession session, DateTimeOffset now)
    {
        if (session.Dialect is Dialect.PostgreSql)
        {
            // A statement of its own: what is counted under the lock must be newer than the lock.
            await session.QueryAsync(Hold, row => row.Text(0));
        }

        var uses = await session.QueryAsync(
            All,
            row => KeyValuePair.Create(row.Text(0), new LimitUse(LimitRowStore.ReadBound(row, 1), row.InstantOrNull(5), row.Int32(6)))
        );
        return new QueueRooms(uses.ToDictionary(StringComparer.Ordinal), now);
    }

    /// <summary>Writes where the rates stand after a claim.</summary>
    public static async ValueTask AdvanceAsync(DatabaseSession session, QueueRooms rooms, IEnumerable<HotRow> admitted) =>
        await LimitRowStore.AdvanceAsync(session, "queue", rooms.After(admitted));
}

/// <summary>How much room the limited queues have during one claim.</summary>
internal sealed class QueueRooms(Dictionary<string, LimitUse> uses, DateTimeOffset now)
{
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);

    /// <summary>No queue has a limit.</summary>
    public static QueueRooms None { get; } = new([], default);

    /// <summary>Whether a queue has a limit.</summary>
    public bool Limits(string queue) => uses.ContainsKey(queue);

    /// <summary>How many more a claim may take of a queue.</summary>
    public int Of(string queue) =>
        uses.TryGetValue(queue, out var use) ? Math.Max(0, use.Room(now) - _taken.GetValueOrDefault(queue)) : int.MaxValue;

    /// <summary>Counts what was taken.</summary>
    public void Take(string queue)
    {
        if (uses.ContainsKey(queue))
        {
            _taken[queue] = _taken.GetValueOrDefault(queue) + 1;
        }
    }

    /// <summary>When the rate of one of these queues lets the next start that now has to wait; null when none has to.</summary>
    public DateTimeOffset? Opens(IEnumerable<string> queues) =>
        queues.Where(queue => Limits(queue) && Of(queue) == 0).Select(Started).Where(use => use.Places > 0).Select(use => use.Opens).Min();

    /// <summary>Where the rates stand when these have started.</summary>
    public List<(string Name, DateTimeOffset? Tat)> After(IEnumerable<HotRow> admitted) =>
        [
            .. from row in admitted
            group row by row.Run.Queue into of
            where uses.TryGetValue(of.Key, out var use) && use.Bound.Rate is not null
            select (of.Key, of.Aggregate(uses[of.Key], (use, _) => use.Started(now)).Tat),
        ];

    private LimitUse Started(string queue)
    {
        var use = uses[queue];
        for (var i = 0; i < _taken.GetValueOrDefault(queue); i++)
        {
            use = use.Started(now);
        }

        return use;
    }
}
