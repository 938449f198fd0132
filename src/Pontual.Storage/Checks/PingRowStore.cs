using Pontual.Engine.Checks;
using Pontual.Storage.Database;

namespace Pontual.Storage.Checks;

/// <summary>Reads and writes the latest pings of checks inside a session: a ring for each check, so that nothing has to be tidied up.</summary>
internal static class PingRowStore
{
    private static readonly Statement Write = new(
        """
        INSERT INTO ping (check_id, place, number, at, kind, code, run, duration_ms, method, address, agent, body_size)
        VALUES (@check, @place, @number, @at, @kind, @code, @run, @duration, @method, @address, @agent, @size)
        ON CONFLICT (check_id, place) DO UPDATE
        SET number = @number, at = @at, kind = @kind, code = @code, run = @run, duration_ms = @duration, method = @method,
            address = @address, agent = @agent, body_size = @size
        """
    );

    private static readonly Statement Latest = new(
        """
        SELECT at, kind, code, run, duration_ms, method, address, agent, body_size FROM ping
        WHERE check_id = @check ORDER BY number DESC LIMIT @limit
        """
    );

    private static readonly Statement StartOf = new(
        "SELECT at FROM ping WHERE check_id = @check AND kind = 'start' AND run = @run ORDER BY number DESC LIMIT 1"
    );

    private static readonly Statement EndOf = new("SELECT 1 FROM ping WHERE check_id = @check AND kind <> 'start' AND run = @run LIMIT 1");

    private static readonly Statement WriteBody = new(
        """
        INSERT INTO ping_body (check_id, at, size, body) VALUES (@check, @at, @size, @body)
        ON CONFLICT (check_id) DO UPDATE SET at = @at, size = @size, body = @body
        """
    );

    private static readonly Statement Body = new("SELECT at, size, body FROM ping_body WHERE check_id = @check");
    private static readonly Statement Delete = new("DELETE FROM ping WHERE check_id = @check");
    private static readonly Statement DeleteBody = new("DELETE FROM ping_body WHERE check_id = @check");

    public static async ValueTask WriteAsync(DatabaseSession session, Check check, Ping ping)
    {
        await session.ExecuteAsync(
            Write,
            ("check", check.Id),
            ("place", (int)(check.Progress.Pings % IPingStore.Kept)),
            ("number", check.Progress.Pings),
            ("at", ping.At),
            ("kind", Word(ping.Kind)),
            ("code", ping.Code),
            ("run", ping.Run),
            ("duration", CheckRowStore.Milliseconds(ping.Duration)),
            ("method", ping.Method),
            ("address", ping.Address),
            ("agent", ping.Agent),
            ("size", ping.BodySize)
        );
        if (ping.Body.Length > 0)
        {
            await session.ExecuteAsync(WriteBody, ("check", check.Id), ("at", ping.At), ("size", ping.BodySize), ("body", ping.Body));
        }
    }

    public static ValueTask<List<Ping>> LatestAsync(DatabaseSession session, Check check, int limit) =>
        session.QueryAsync(Latest, Read, ("check", check.Id), ("limit", limit));

    /// <summary>When a run of a check began, as far as that is kept.</summary>
    public static async ValueTask<DateTimeOffset?> StartOfAsync(DatabaseSession session, Check check, Guid run) =>
        (await session.QueryAsync(StartOf, row => (DateTimeOffset?)row.Instant(0), ("check", check.Id), ("run", run))).FirstOrDefault();

    /// <summary>Whether an end of a run is among the kept pings.</summary>
    public static async ValueTask<bool> HasEndOfAsync(DatabaseSession session, Check check, Guid run) =>
        (await session.QueryAsync(EndOf, row => row.Int64(0), ("check", check.Id), ("run", run))).Count > 0;

    public static async ValueTask<PingBody?> BodyAsync(DatabaseSession session, Check check) =>
        (
            await session.QueryAsync(Body, row => new PingBody(row.Instant(0), row.Int64(1), row.Bytes(2)), ("check", check.Id))
        ).FirstOrDefault();

    public static async ValueTask DeleteAsync(DatabaseSession session, Check check)
    {
        await session.ExecuteAsync(Delete, ("check", check.Id));
        await session.ExecuteAsync(DeleteBody, ("check", check.Id));
    }

    private static Ping Read(Row row) =>
        new(Kind(row.Text(1)), row.Instant(0))
        {
            Code = row.Int32OrNull(2),
            Run = row.IdOrNull(3),
            Duration = CheckRowStore.Span(row.Int64OrNull(4)),
            Method = row.Text(5),
            Address = row.TextOrNull(6),
            Agent = row.TextOrNull(7),
            BodySize = row.Int64(8),
        };

    private static string Word(PingKind kind) =>
        kind switch
        {
            PingKind.Start => "start",
            PingKind.Success => "success",
            _ => "failure",
        };

    private static PingKind Kind(string word) =>
        word switch
        {
            "start" => PingKind.Start,
            "success" => PingKind.Success,
            _ => PingKind.Failure,
        };
}
