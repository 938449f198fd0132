using Pontual.Engine.Audit;
using Pontual.Engine.Circuits;
using Pontual.Engine.Tenants;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;

namespace Pontual.Storage.Circuits;

/// <summary>The port of circuits and of the rates toward what is outside.</summary>
internal sealed class CircuitStore(PontualDatabase database) : ICircuitStore
{
    private const string Columns = "tenant, name, state, since, until, node, reason, held_until, told_at, told, storm_at";
    private const string IsIt = "tenant = @tenant AND name = @name";

    private static readonly Statement Holding = new($"SELECT {Columns} FROM circuit WHERE state <> 'closed' OR held_until > @now");

    private static readonly Statement ListAll = new(
        $"SELECT {Columns} FROM circuit WHERE since >= @from OR held_until >= @from OR state <> 'closed' ORDER BY tenant, name"
    );

    private static readonly Statement ListOf = new(
        $"""
        SELECT {Columns} FROM circuit
        WHERE tenant = @tenant AND (since >= @from OR held_until >= @from OR state <> 'closed') ORDER BY name
        """
    );

    private static readonly Statement Read = new($"SELECT {Columns} FROM circuit WHERE {IsIt}");

    private static readonly Statement Open = new(
        """
        INSERT INTO circuit (tenant, name, state, since, until, node, reason, told) VALUES (@tenant, @name, 'open', @now, @until, @node, @reason, 0)
        ON CONFLICT (tenant, name) DO UPDATE
        SET state = excluded.state, since = excluded.since, until = excluded.until, node = excluded.node, reason = excluded.reason
        WHERE circuit.state = 'closed'
        """
    );

    private static readonly Statement Probe = new(
        $"""
        UPDATE circuit SET state = 'half-open', since = @now, until = @until, node = @node
        WHERE {IsIt} AND state <> 'closed' AND until <= @now
        """
    );

    private static readonly Statement EndProbe = new(
        $"""
        UPDATE circuit SET state = @state, since = @now, until = @until,
            node = CASE WHEN @state = 'open' THEN node END,
            reason = CASE WHEN @state = 'open' THEN COALESCE(@reason, reason) END
        WHERE {IsIt} AND state = 'half-open' AND node = @node
        """
    );

    private static readonly Statement Reset = new(
        $"UPDATE circuit SET state = 'closed', since = @now, until = NULL, node = NULL, reason = NULL, held_until = NULL WHERE {IsIt}"
    );

    private static readonly Statement Hold = new(
        $"""
        INSERT INTO circuit (tenant, name, state, since, held_until, told_at, told_since, told, storm_at)
        VALUES (@tenant, @name, 'closed', @now, @until, @now, @now, @answers, @storm)
        ON CONFLICT (tenant, name) DO UPDATE
        SET held_until = CASE WHEN circuit.held_until > excluded.held_until THEN circuit.held_until ELSE excluded.held_until END,
            told_at = excluded.told_at,
            told_since = CASE WHEN circuit.told_since > @window THEN circuit.told_since ELSE excluded.told_since END,
            told = CASE WHEN circuit.told_since > @window THEN circuit.told ELSE 0 END + excluded.told,
            storm_at = CASE WHEN CASE WHEN circuit.told_since > @window THEN circuit.told ELSE 0 END + excluded.told >= @many
                THEN excluded.told_at ELSE circuit.storm_at END
        RETURNING {Columns}
        """
    );

    private static readonly Statement AddChange = new(
        """
        INSERT INTO circuit_change (tenant, name, at, before, after, changed_by, reason) VALUES (@tenant, @name, @now, @before, @after, @by, @reason)
        """
    );

    private static readonly Statement DropOldChanges = new("DELETE FROM circuit_change WHERE tenant = @tenant AND at < @before");

    private static readonly Statement History = new(
        """
        SELECT tenant, name, at, before, after, changed_by, reason FROM circuit_change
        WHERE tenant = @tenant AND at >= @from ORDER BY at DESC, id DESC LIMIT @limit
        """
    );

    private static readonly Statement HistoryOf = new(
        """
        SELECT tenant, name, at, before, after, changed_by, reason FROM circuit_change
        WHERE tenant = @tenant AND at >= @from AND name = @name ORDER BY at DESC, id DESC LIMIT @limit
        """
    );

    private static readonly Statement AddRate = new(
        "INSERT INTO outside_rate (name, next_at) VALUES (@name, @now) ON CONFLICT (name) DO NOTHING"
    );

    private static readonly Statement ReadRate = new(
        postgreSql: "SELECT next_at FROM outside_rate WHERE name = @name FOR UPDATE",
        sqlite: "SELECT next_at FROM outside_rate WHERE name = @name"
    );

    private static readonly Statement WriteRate = new("UPDATE outside_rate SET next_at = @next WHERE name = @name");
    private static readonly Statement ReadRates = new("SELECT name, next_at FROM outside_rate");

    public async Task<IReadOnlyList<CircuitRecord>> HoldingAsync(DateTimeOffset now, CancellationToken cancellation) =>
        await database.ReadAsync(session => session.QueryAsync(Holding, RecordOf, ("now", now)), cancellation);

    public async Task<IReadOnlyList<CircuitRecord>> ListAsync(TenantName? tenant, DateTimeOffset now, CancellationToken cancellation) =>
        await database.ReadAsync(
            session =>
                tenant is { } one
                    ? session.QueryAsync(ListOf, RecordOf, ("tenant", one.ToString()), ("from", now - ICircuitStore.KeepsHistory))
                    : session.QueryAsync(ListAll, RecordOf, ("from", now - ICircuitStore.KeepsHistory)),
            cancellation
        );

    public async Task<IReadOnlyList<CircuitChange>> HistoryAsync(
        TenantName tenant,
        string? name,
        DateTimeOffset from,
        int limit,
        CancellationToken cancellation
    ) =>
        await database.ReadAsync(
            session =>
                name is null
                    ? session.QueryAsync(History, ChangeOf, ("tenant", tenant.ToString()), ("from", from), ("limit", limit))
                    : session.QueryAsync(
                        HistoryOf,
                        ChangeOf,
                        ("tenant", tenant.ToString()),
                        ("name", name),
                        ("from", from),
                        ("limit", limit)
                    ),
            cancellation
        );

    public Task<bool> TryOpenAsync(
        CircuitKey key,
        string node,
        string reason,
        DateTimeOffset now,
        DateTimeOffset until,
        CancellationToken cancellation
    ) =>
        database.WriteAsync(
            async session =>
                await session.ExecuteAsync(Open, [.. Of(key), ("now", now), ("until", until), ("node", node), ("reason", reason)]) == 1
                && await NoteAsync(session, new CircuitChange(key, now, CircuitState.Closed, CircuitState.Open, node, reason)),
            cancellation
        );

    public Task<bool> TryProbeAsync(
        CircuitKey key,
        string node,
        DateTimeOffset now,
        DateTimeOffset until,
        CancellationToken cancellation
    ) =>
        database.WriteAsync(
            async session =>
                await session.ExecuteAsync(Probe, [.. Of(key), ("now", now), ("until", until), ("node", node)]) == 1
                && await NoteAsync(session, new CircuitChange(key, now, CircuitState.Open, CircuitState.HalfOpen, node)),
            cancellation
        );

    public Task EndProbeAsync(
        CircuitKey key,
        string node,
        DateTimeOffset now,
        DateTimeOffset? openUntil,
        string? reason,
        CancellationToken cancellation
    )
    {
        var after = openUntil is null ? CircuitState.Closed : CircuitState.Open;
        return database.WriteAsync(
            async session =>
                await session.ExecuteAsync(
                    EndProbe,
                    [.. Of(key), ("state", Word(after)), ("now", now), ("until", openUntil), ("node", node), ("reason", reason)]
                ) == 1
                && await NoteAsync(session, new CircuitChange(key, now, CircuitState.HalfOpen, after, node, reason)),
            cancellation
        );
    }

    public Task<bool> ResetAsync(CircuitKey key, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                if (await session.QueryAsync(Read, RecordOf, Of(key)) is not [var before])
                {
                    return false;
                }

                await session.ExecuteAsync(Reset, [.. Of(key), ("now", now)]);
                if (before.State is not CircuitState.Closed)
                {
                    await NoteAsync(session, new CircuitChange(key, now, before.State, CircuitState.Closed, by.Name, by.Reason));
                }

                await AuditRowStore.AddAsync(
                    session,
                    new AuditLine(now, key.Tenant, by, "circuit.reset", key.Name, Json(before.State), Json(CircuitState.Closed))
                );
                return true;
            },
            cancellation
        );

    public Task<CircuitRecord> HoldAsync(
        CircuitKey key,
        int answers,
        DateTimeOffset now,
        DateTimeOffset until,
        CancellationToken cancellation
    ) =>
        database.WriteAsync(
            async session =>
                (
                    await session.QueryAsync(
                        Hold,
                        RecordOf,
                        [
                            .. Of(key),
                            ("now", now),
                            ("until", until),
                            ("answers", answers),
                            ("window", now - CircuitRecord.StormWindow),
                            ("many", CircuitRecord.StormAnswers),
                            ("storm", answers >= CircuitRecord.StormAnswers ? now : (DateTimeOffset?)null),
                        ]
                    )
                )[0],
            cancellation
        );

    public Task<(DateTimeOffset First, bool Taken)> TakeSlotsAsync(
        string rate,
        TimeSpan every,
        int count,
        DateTimeOffset now,
        DateTimeOffset furthest,
        CancellationToken cancellation
    ) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(AddRate, ("name", rate), ("now", now));
                var next = (await session.QueryAsync(ReadRate, row => row.Instant(0), ("name", rate)))[0];
                var first = next > now ? next : now;
                if (first > furthest)
                {
                    return (first, false);
                }

                await session.ExecuteAsync(WriteRate, ("name", rate), ("next", first + (count * every)));
                return (first, true);
            },
            cancellation
        );

    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> SlotsAsync(CancellationToken cancellation) =>
        (
            await database.ReadAsync(
                session => session.QueryAsync(ReadRates, row => KeyValuePair.Create(row.Text(0), row.Instant(1))),
                cancellation
            )
        ).ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds to the history what was just changed, and drops of it what is too old.</summary>
    private static async ValueTask<bool> NoteAsync(DatabaseSession session, CircuitChange change)
    {
        await session.ExecuteAsync(
            AddChange,
            [
                .. Of(change.Key),
                ("now", change.At),
                ("before", Word(change.Before)),
                ("after", Word(change.After)),
                ("by", change.By),
                ("reason", change.Reason),
            ]
        );
        await session.ExecuteAsync(
            DropOldChanges,
            ("tenant", change.Key.Tenant.ToString()),
            ("before", change.At - ICircuitStore.KeepsHistory)
        );
        return true;
    }

    private static (string Name, Value Value)[] Of(CircuitKey key) => [("tenant", key.Tenant.ToString()), ("name", key.Name)];

    private static CircuitRecord RecordOf(Row row) =>
        new(new CircuitKey(TenantName.Parse(row.Text(0)), row.Text(1)), StateOf(row.Text(2)), row.Instant(3))
        {
            Until = row.InstantOrNull(4),
            Node = row.TextOrNull(5),
            Reason = row.TextOrNull(6),
            HeldUntil = row.InstantOrNull(7),
            ToldAt = row.InstantOrNull(8),
            Told = row.Int64(9),
            StormAt = row.InstantOrNull(10),
        };

    private static CircuitChange ChangeOf(Row row) =>
        new(
            new CircuitKey(TenantName.Parse(row.Text(0)), row.Text(1)),
            row.Instant(2),
            StateOf(row.Text(3)),
            StateOf(row.Text(4)),
            row.TextOrNull(5),
            row.TextOrNull(6)
        );

    private static string Json(CircuitState state) => $$"""{"state":"{{Word(state)}}"}""";

    private static string Word(CircuitState state) =>
        state switch
        {
            CircuitState.Closed => "closed",
            CircuitState.Open => "open",
            _ => "half-open",
        };

    private static CircuitState StateOf(string word) =>
        word switch
        {
            "closed" => CircuitState.Closed,
            "open" => CircuitState.Open,
            _ => CircuitState.HalfOpen,
        };
}
