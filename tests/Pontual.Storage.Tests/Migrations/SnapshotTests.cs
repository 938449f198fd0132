using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Storage.Tests.Migrations;

/// <summary>Compares a fresh database with the schema that is checked in, so that a migration's whole effect is read in review.</summary>
public class SnapshotTests
{
    private static readonly Statement Schema = new(
        postgreSql: """
        SELECT CASE c.relkind WHEN 'v' THEN 'VIEW ' ELSE 'TABLE ' END || c.relname || ': ' || string_agg(
            a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
                || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''), ', ' ORDER BY a.attnum) AS line
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition GROUP BY c.relname, c.relkind
        UNION ALL
        SELECT 'CONSTRAINT ' || conrelid::regclass || ' ' || conname || ': ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype <> 'n'
            AND NOT EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = conrelid AND c.relispartition)
        UNION ALL
        SELECT 'INDEX ' || tablename || ' ' || replace(indexdef, current_schema() || '.', '') FROM pg_indexes WHERE schemaname = current_schema()
            AND NOT EXISTS (SELECT 1 FROM pg_class c WHERE c.relname = tablename AND c.relnamespace = current_schema()::regnamespace AND c.relispartition)
        """,
        sqlite: "SELECT sql || ';' AS line FROM sqlite_master WHERE sql IS NOT NULL"
    );

    [Theory]
    [InlineData(Dialect.Sqlite, "schema.sqlite.sql")]
    [InlineData(Dialect.PostgreSql, "schema.postgresql.sql")]
    public async Task The_schema_is_the_one_checked_in(Dialect dialect, string name)
    {
        await using var database = await TestDatabase.CreateAsync(dialect);
        var file = Repository.Path($"src/Pontual.Storage/Migrations/{name}");

        var lines = await database.Database.ReadAsync(session => session.QueryAsync(Schema, row => row.Text(0)), StorageRig.None);
        var schema = string.Join('\n', lines.Order(StringComparer.Ordinal)) + "\n";

        if (Environment.GetEnvironmentVariable("PONTUAL_UPDATE") is not null)
        {
            await File.WriteAllTextAsync(file, schema);
        }

        schema.ShouldBe(await File.ReadAllTextAsync(file), "Write it anew with PONTUAL_UPDATE=1 ./test storage, and read the diff.");
    }
}
