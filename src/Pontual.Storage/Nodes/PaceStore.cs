using Microsoft.Extensions.Logging;
using Pontual.Engine.Clocks;
using Pontual.Storage.Database;

namespace Pontual.Storage.Nodes;

/// <summary>Keeps the pace that schedules go by, so that every node of a database goes by the same.</summary>
internal sealed class PaceStore(
    PontualDatabase database,
    StorageOptions options,
    ScheduleClock clock,
    TimeProvider time,
    ILogger<PaceStore> logger
)
{
    private static readonly Statement Kept = new("SELECT speed, origin, began FROM schedule_pace");

    private static readonly Statement Used = new("SELECT 1 WHERE EXISTS (SELECT 1 FROM job) OR EXISTS (SELECT 1 FROM node)");

    private static readonly Statement Keep = new(
        "INSERT INTO schedule_pace (one, speed, origin, began) VALUES (1, @speed, @origin, @began)"
    );

    private readonly DatabaseClock _clock = new(time);

    /// <summary>Reads the database's clock for the first time and goes by the pace of the database; gives a fresh one the pace that was asked for.</summary>
    /// <exception cref="DatabaseException">Another speed was asked for than the database has.</exception>
    public async Task AgreeAsync(CancellationToken cancellation)
    {
        var pace = await database.WriteAsync(AgreeAsync, cancellation);
        clock.GoBy(pace);
        if (pace.Speed > 1)
        {
            logger.AtSpeed(pace.Speed, clock.Now);
        }
    }

    /// <summary>Goes by the pace of the database, which nobody changes any more once a node has entered.</summary>
    public async ValueTask FollowAsync(DatabaseSession session) => clock.GoBy(await KeptAsync(session) ?? SchedulePace.AsReal);

    private async ValueTask<SchedulePace> AgreeAsync(DatabaseSession session)
    {
        await session.QueryAsync(NodeStore.OneAtATime, row => row.Int64(0));
        await _clock.ReadAsync(session);
        var kept = await KeptAsync(session);
        var asked = options.Speed ?? kept?.Speed ?? 1;
        if (asked == (kept?.Speed ?? 1))
        {
            return kept ?? SchedulePace.AsReal;
        }

        if (kept is not null || (await session.QueryAsync(Used, row => row.Int64(0))).Count > 0)
        {
            throw new DatabaseException(
                DatabaseFault.Refused,
                $"Database {database.Place} goes at speed {kept?.Speed ?? 1}, not {asked}: the speed is chosen at the first start of a "
                    + "fresh database. Leave --speed out, or name another database."
            );
        }

        var now = time.GetUtcNow();
        var pace = new SchedulePace(asked, options.Origin ?? now, now);
        await session.ExecuteAsync(Keep, ("speed", pace.Speed), ("origin", pace.Origin), ("began", pace.Began));

        // As it is kept: cut to the microsecond.
        return (await KeptAsync(session))!;
    }

    private static async ValueTask<SchedulePace?> KeptAsync(DatabaseSession session) =>
        (await session.QueryAsync(Kept, row => new SchedulePace(row.Int32(0), row.Instant(1), row.Instant(2)))).FirstOrDefault();
}
