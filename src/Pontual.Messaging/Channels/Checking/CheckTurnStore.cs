using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>Who checks the sessions of a tenant now: one at a time, of all nodes and callers.</summary>
public sealed class CheckTurnStore(PontualDatabase database)
{
    private static readonly Statement Take = new(
        """
        INSERT INTO session_check (tenant, token, node, started_at, until_at) VALUES (@tenant, 1, @node, @now, @until)
        ON CONFLICT (tenant) DO UPDATE SET token = session_check.token + 1, node = @node, started_at = @now, until_at = @until
        WHERE session_check.until_at IS NULL OR session_check.until_at <= @now
        RETURNING token
        """
    );

    private static readonly Statement Hold = new(
        "UPDATE session_check SET until_at = @until WHERE tenant = @tenant AND token = @token AND until_at IS NOT NULL"
    );

    private static readonly Statement End = new(
        """
        UPDATE session_check SET until_at = NULL, ended_at = @now, checks = checks + 1, channels = @channels, attempts = @attempts
        WHERE tenant = @tenant AND token = @token
        """
    );

    private static readonly Statement Latest = new(
        "SELECT started_at, ended_at, checks, channels, attempts FROM session_check WHERE tenant = @tenant"
    );

    /// <summary>Begins a check.</summary>
    /// <returns>Its token; null when one goes on.</returns>
    public async Task<long?> TryBeginAsync(
        TenantName tenant,
        string node,
        DateTimeOffset now,
        TimeSpan patience,
        CancellationToken cancellation
    )
    {
        var taken = await database.WriteAsync(
            session =>
                session.QueryAsync(
                    Take,
                    row => row.Int64(0),
                    ("tenant", tenant.ToString()),
                    ("node", node),
                    ("now", now),
                    ("until", now + patience)
                ),
            cancellation
        );
        return taken.Count == 0 ? null : taken[0];
    }

    /// <summary>Holds it for longer: it goes on.</summary>
    /// <returns>False when another check has begun since.</returns>
    public async Task<bool> HoldAsync(TenantName tenant, long token, DateTimeOffset until, CancellationToken cancellation) =>
        await database.WriteAsync(
            session => session.ExecuteAsync(Hold, ("tenant", tenant.ToString()), ("token", token), ("until", until)),
            cancellation
        ) == 1;

    /// <summary>Ends it.</summary>
    public Task EndAsync(TenantName tenant, long token, DateTimeOffset now, int channels, int attempts, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    End,
                    ("tenant", tenant.ToString()),
                    ("token", token),
                    ("now", now),
                    ("channels", channels),
                    ("attempts", attempts)
                ),
            cancellation
        );

    /// <summary>When the sessions of a tenant were checked last; null for never.</summary>
    public Task<LatestCheck?> LatestAsync(TenantName tenant, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
                (
                    await session.QueryAsync(
                        Latest,
                        row => new LatestCheck(row.InstantOrNull(0), row.InstantOrNull(1), row.Int64(2), row.Int32(3), row.Int32(4)),
                        ("tenant", tenant.ToString())
                    )
                ).FirstOrDefault(),
            cancellation
        );
}

/// <summary>The last check of a tenant's sessions.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When the last one that ended did so.</param>
/// <param name="Checks">How many there were.</param>
/// <param name="Channels">How many channels the last one looked at.</param>
/// <param name="Attempts">How many cures it tried.</param>
public sealed record LatestCheck(DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, long Checks, int Channels, int Attempts);
