using Pontual.Storage.Database;

namespace Pontual.Storage.Runs;

/// <summary>Makes the tables that PostgreSQL keeps each day's history in, some days ahead, and drops those that are too old. One node at a time.</summary>
/// <remarks>
/// Each step is a transaction of its own that waits for nobody longer than a moment, because everybody who reads or writes the history would
/// wait behind it: what it cannot have at once it leaves for the next time. What a day's table would lose although it ended late is put back.
/// </remarks>
internal sealed class HistoryDaysStore(PontualDatabase database)
{
    private const int DaysAhead = 3;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The parts of the history, in the order in which they are taken out.</summary>
    private static readonly string[] Places = ["run_history", "attempt", "output_piece"];

    // The key is the program's own; all that matters is that nobody else in the database uses it.
    private static readonly Statement TryAlone = PostgreSql("SELECT 1 WHERE pg_try_advisory_xact_lock(7063829465713)");

    private static readonly Statement Tables = PostgreSql(
        """
        SELECT left(relname, -10), to_timestamp(right(relname, 8) || '+00', 'YYYYMMDDTZH') FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname ~ '^(run_history|attempt|output_piece)_d[0-9]{8}$'
        """
    );

    private static readonly Statement Open = PostgreSql("SELECT history_open_day(@place, (@day AT TIME ZONE 'UTC')::date)::integer");
    private static readonly Statement Detach = PostgreSql("SELECT history_detach_day(@place, (@day AT TIME ZONE 'UTC')::date)::integer");
    private static readonly Statement Drop = PostgreSql("SELECT history_drop_day((@day AT TIME ZONE 'UTC')::date, @before)");

    /// <summary>Makes today's tables and those ahead.</summary>
    /// <returns>False when the history was held by others, so that something is left to do.</returns>
    public async Task<bool> MakeAheadAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var there = await TablesAsync(cancellation);
        var isDone = true;
        for (var day = DayOf(now); day <= now + (DaysAhead * Day); day += Day)
        {
            foreach (var place in Places.Where(place => !there.Contains((place, day))))
            {
                isDone &= await AloneAsync(session => SayAsync(session, Open, ("place", place), ("day", day)), cancellation) is 1;
            }
        }

        return isDone;
    }

    /// <summary>Drops the days of which nothing ended after an instant but what ended more than a day late, and that is kept.</summary>
    /// <returns>About how many runs went, and false when the history was held by others, so that something is left to do.</returns>
    public async Task<(long Runs, bool IsDone)> DropOldAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var (runs, isDone) = (0L, true);
        foreach (
            var day in (await TablesAsync(cancellation))
                .Select(table => table.Day)
                .Where(day => day + (2 * Day) <= before)
                .Distinct()
                .Order()
        )
        {
            var isFree = true;
            foreach (var place in Places)
            {
                isFree &= await AloneAsync(session => SayAsync(session, Detach, ("place", place), ("day", day)), cancellation) is 1;
            }

            isDone &= isFree;
            if (isFree)
            {
                runs += await AloneAsync(session => SayAsync(session, Drop, ("day", day), ("before", before)), cancellation);
            }
        }

        return (runs, isDone);
    }

    private async Task<HashSet<(string Place, DateTimeOffset Day)>> TablesAsync(CancellationToken cancellation) =>
        [.. await database.ReadAsync(session => session.QueryAsync(Tables, row => (row.Text(0), row.Instant(1))), cancellation)];

    /// <summary>Runs a step unless another node is at it; then 0.</summary>
    private Task<long> AloneAsync(Func<DatabaseSession, ValueTask<long>> step, CancellationToken cancellation) =>
        database.WriteAsync(
            async session => (await session.QueryAsync(TryAlone, row => row.Int64(0))).Count > 0 ? await step(session) : 0,
            cancellation
        );

    private static async ValueTask<long> SayAsync(
        DatabaseSession session,
        Statement statement,
        params (string Name, Value Value)[] values
    ) => (await session.QueryAsync(statement, row => row.Int64(0), values))[0];

    private static DateTimeOffset DayOf(DateTimeOffset instant) => new(instant.UtcDateTime.Date, TimeSpan.Zero);

    private static Statement PostgreSql(string text) => new(text, sqlite: "SELECT 1");
}
