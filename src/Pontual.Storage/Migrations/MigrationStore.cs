using Pontual.Storage.Database;
using Pontual.Storage.Nodes;

namespace Pontual.Storage.Migrations;

/// <summary>Keeps which steps a database has taken.</summary>
internal static class MigrationStore
{
    // The key is the program's own; all that matters is that nobody else in the database uses it.
    // A schema of before that step has no such functions.
    private static readonly Statement OfferIsThere = new("SELECT CASE WHEN to_regprocedure('offer_cron()') IS NULL THEN 0 ELSE 1 END");
    private static readonly Statement Offer = new("SELECT offer_cron() UNION ALL SELECT offer_net()");

    private static readonly Statement Lock = new(postgreSql: "SELECT 1 FROM pg_advisory_xact_lock(7063829465711)", sqlite: "SELECT 1")
    {
        MayTakeLong = true,
    };

    private static readonly Statement HasTable = new(
        postgreSql: "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migration'",
        sqlite: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'"
    );

    private static readonly Statement SchemaName = new(
        postgreSql: "SELECT quote_ident(btrim(split_part(current_setting('search_path'), ',', 1), ' \"'))",
        sqlite: "SELECT 'main'"
    );

    private static readonly Statement Applied = new("SELECT version, name, checksum FROM schema_migration ORDER BY version");

    private static readonly Statement Record = new(
        "INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (@version, @name, @checksum, @now)"
    );

    // Only columns that the table had from the first step on: this is asked of any schema.
    private static readonly Statement Living = new(
        "SELECT id, version, lease_until FROM node WHERE left_at IS NULL AND lease_until > @now AND roles <> 'outside' ORDER BY id"
    );

    /// <summary>Keeps other starts out until the transaction ends.</summary>
    public static async ValueTask LockAsync(DatabaseSession session) => await session.QueryAsync(Lock, row => row.Int64(0));

    /// <returns>Version, name and checksum of the steps taken.</returns>
    public static async ValueTask<List<(int Version, string Name, string Checksum)>> AppliedAsync(DatabaseSession session)
    {
        var exists = (await session.QueryAsync(HasTable, row => row.Int64(0))).Count > 0;
        return exists ? await session.QueryAsync(Applied, row => (row.Int32(0), row.Text(1), row.Text(2))) : [];
    }

    /// <summary>Nodes whose leases hold, with their versions. No node enters until the transaction ends.</summary>
    public static async ValueTask<List<(string Node, string Version, DateTimeOffset Until)>> LivingAsync(
        DatabaseSession session,
        DateTimeOffset now
    )
    {
        await session.QueryAsync(NodeStore.OneAtATime, row => row.Int64(0));
        return await session.QueryAsync(Living, row => (row.Text(0), row.Text(1), row.Instant(2)), ("now", now));
    }

    public static async ValueTask PrepareAsync(DatabaseSession session)
    {
        if (session.Dialect is Dialect.PostgreSql)
        {
            var schema = (await session.QueryAsync(SchemaName, row => row.Text(0)))[0];
            await session.ExecuteScriptAsync($"CREATE SCHEMA IF NOT EXISTS {schema}");
        }

        var instant = session.Dialect is Dialect.PostgreSql ? "timestamptz" : "INTEGER";
        await session.ExecuteScriptAsync(
            $"""
            CREATE TABLE IF NOT EXISTS schema_migration (
                version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at {instant} NOT NULL)
            """
        );
    }

    /// <returns>What is not offered, and why.</returns>
    public static async ValueTask<List<string>> OfferAsync(DatabaseSession session)
    {
        var isThere = await session.QueryAsync(OfferIsThere, row => row.Int64(0) == 1);
        var notes = isThere[0] ? await session.QueryAsync(Offer, row => row.TextOrNull(0)) : [];
        return [.. notes.OfType<string>()];
    }

    public static ValueTask<int> RecordAsync(DatabaseSession session, Migration migration, DateTimeOffset now) =>
        session.ExecuteAsync(
            Record,
            ("version", migration.Version),
            ("name", migration.Name),
            ("checksum", migration.Checksum),
            ("now", now)
        );
}
