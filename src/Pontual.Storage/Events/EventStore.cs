using System.Collections.Concurrent;
using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Events;

/// <summary>The port of the event log.</summary>
internal sealed class EventStore(PontualDatabase database, TimeProvider time) : IEventStore
{
    private const int MostNames = 100_000;
    private const int MostForgotten = 500;

    private static readonly Statement Bounds = new(
        postgreSql: "SELECT coalesce((SELECT cursor - count FROM event ORDER BY cursor LIMIT 1), 0), cursor FROM event_head",
        sqlite: """
        SELECT coalesce((SELECT cursor - count FROM event ORDER BY cursor LIMIT 1), 0), coalesce((SELECT max(cursor) FROM event), 0)
        """
    );

    private static readonly Statement Following = new(
        "SELECT cursor, count, body FROM event WHERE cursor > @after ORDER BY cursor LIMIT @rows"
    );

    private static readonly RowSet<long> Ids = new(("id", ValueKind.Number, id => id));
    private static readonly Statement Names = new("WITH {rows} SELECT job.id, job.tenant, job.name FROM rows JOIN job ON job.id = rows.id");

    // A stretch from the start as far as it is old; never the last row, from which the next cursor follows.
    private static readonly Statement Forget = new(
        """
        DELETE FROM event WHERE cursor <= (
            SELECT max(cursor) FROM (SELECT cursor, at FROM event ORDER BY cursor LIMIT @rows) AS first_ones
            WHERE at < @before OR cursor <= (SELECT max(cursor) FROM event) - @most)
        AND cursor < (SELECT max(cursor) FROM event)
        """
    );

    private readonly EventRelayStore _relay = new(database, time);

    /// <summary>A job's name never changes.</summary>
    private readonly ConcurrentDictionary<long, JobName> _names = new();

    public Task<bool> RelayAsync(CancellationToken cancellation) => _relay.RelayAsync(cancellation);

    public async Task<EventBounds> BoundsAsync(CancellationToken cancellation) =>
        (await database.ReadAsync(session => session.QueryAsync(Bounds, ReadBounds), cancellation))[0];

    public async Task<EventStretch?> ReadAsync(long after, int most, CancellationToken cancellation)
    {
        // A row has 250 events at the most when one transaction wrote them, and fewer than twice as many when several did.
        var rows = Math.Max(1, most / 250);
        var (found, bounds) = await database.ReadAsync(session => ReadAsync(session, after, rows), cancellation);
        if (found.Count == 0)
        {
            return bounds!.Hold(after) ? new EventStretch([], after) : null;
        }

        if (found[0].Cursor - found[0].Count > after)
        {
            return null;
        }

        var kept = found.SelectMany(Numbered).Where(pair => pair.Cursor > after).ToList();
        var names = await NamesAsync([.. kept.Select(pair => pair.Event.JobId).OfType<long>().Distinct()], cancellation);
        return new EventStretch([.. kept.Select(pair => Told(pair.Cursor, pair.Event, names))], found[^1].Cursor);
    }

    public async Task<bool> PruneAsync(DateTimeOffset before, long mostEvents, CancellationToken cancellation) =>
        await database.WriteAsync(
            session => session.ExecuteAsync(Forget, ("rows", MostForgotten), ("before", before), ("most", mostEvents)),
            cancellation
        ) == MostForgotten;

    private static async ValueTask<(List<LogRow> Found, EventBounds? Bounds)> ReadAsync(DatabaseSession session, long after, int rows)
    {
        var found = await session.QueryAsync(
            Following,
            row => new LogRow(row.Int64(0), row.Int32(1), row.Text(2)),
            ("after", after),
            ("rows", rows)
        );
        return (found, found.Count > 0 ? null : (await session.QueryAsync(Bounds, ReadBounds))[0]);
    }

    private static EventBounds ReadBounds(Row row) => new(row.Int64(0), row.Int64(1));

    private static IEnumerable<(long Cursor, KeptEvent Event)> Numbered(LogRow row) =>
        EventText.Read(row.Body).Select((kept, index) => (row.Cursor - row.Count + 1 + index, kept));

    private static LoggedEvent Told(long cursor, KeptEvent kept, Dictionary<long, JobName> names) =>
        new(cursor, kept.At, kept.Kind, kept.Subject, kept.JobId is { } job ? names[job] : null, kept.Data) { Owner = kept.Tenant };

    private async Task<Dictionary<long, JobName>> NamesAsync(long[] jobs, CancellationToken cancellation)
    {
        if (_names.Count > MostNames)
        {
            _names.Clear();
        }

        var (names, unknown) = (new Dictionary<long, JobName>(), new List<long>());
        foreach (var job in jobs)
        {
            if (_names.TryGetValue(job, out var known))
            {
                names[job] = known;
            }
            else
            {
                unknown.Add(job);
            }
        }

        if (unknown.Count > 0)
        {
            foreach (var (id, name) in await database.ReadAsync(session => session.QueryAsync(Names, Ids, unknown, ReadName), cancellation))
            {
                _names[id] = names[id] = name;
            }
        }

        return names;
    }

    private static (long Id, JobName Name) ReadName(Row row) =>
        (row.Int64(0), JobName.Parse(row.Text(2)).In(TenantName.Parse(row.Text(1))));

    private sealed record LogRow(long Cursor, int Count, string Body);
}
