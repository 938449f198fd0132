using Pontual.Engine.Access;
using Pontual.Storage.Database;

namespace Pontual.Storage.Access;

/// <summary>The port of the keys that seal secrets.</summary>
internal sealed class ProtectionKeyStore(PontualDatabase database) : IProtectionKeyStore
{
    private static readonly TimeSpan Together = TimeSpan.FromDays(1);

    private static readonly Statement All = new("SELECT key FROM protection_key ORDER BY created_at, name");
    private static readonly Statement Alone = new(postgreSql: "SELECT 1 FROM pg_advisory_xact_lock(7063829465714)", sqlite: "SELECT 1");
    private static readonly Statement Insert = new(
        """
        INSERT INTO protection_key (name, key, created_at) SELECT @name, @key, @now
        WHERE NOT EXISTS (SELECT 1 FROM protection_key WHERE created_at > @since)
        """
    );

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellation) =>
        await database.ReadAsync(session => session.QueryAsync(All, row => row.Text(0)), cancellation);

    public Task AddAsync(string name, string key, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.QueryAsync(Alone, row => row.Int64(0));
                return await session.ExecuteAsync(Insert, ("name", name), ("key", key), ("now", now), ("since", now - Together));
            },
            cancellation
        );
}
