using Npgsql;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Storage.Tests.Compat;

/// <summary>Where an application's own session finds the view, and what happens where its name is taken. Each in a database of its own.</summary>
public sealed class JobExecutionsPlaceTests : IAsyncLifetime
{
    private readonly string _name = "view_" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));

    private string Own =>
        new NpgsqlConnectionStringBuilder(TestDatabase.Server)
        {
            Database = _name,
            SearchPath = null,
            Pooling = false,
        }.ConnectionString;

    public Task InitializeAsync() => RunAsync(TestDatabase.Server, $"CREATE DATABASE {_name}");

    public Task DisposeAsync() => RunAsync(TestDatabase.Server, $"DROP DATABASE {_name} WITH (FORCE)");

    [Fact(DisplayName = "S5-04 an ordinary session finds job_executions without naming a schema")]
    public async Task An_ordinary_session_finds_it()
    {
        await using var database = await TestDatabase.OpenAsync(new StorageOptions { PostgreSql = Own });

        var rows = await RunAsync($"{Own};Search Path=public", "SELECT count(*) FROM job_executions");

        rows.ShouldBe(0L);
    }

    [Fact]
    public async Task A_table_of_that_name_is_kept_and_named_and_renaming_it_lets_the_start_go_on()
    {
        await RunAsync(Own, "CREATE TABLE public.job_executions (note text); INSERT INTO public.job_executions VALUES ('kept')");
        await using var database = await TestDatabase.OpenAsync(new StorageOptions { PostgreSql = Own }, migrated: false);

        var refused = await Should.ThrowAsync<DatabaseException>(database.MigrateAsync);
        var kept = await RunAsync(Own, "SELECT note FROM public.job_executions");
        await RunAsync(Own, "ALTER TABLE public.job_executions RENAME TO job_executions_before");
        await database.MigrateAsync();

        refused.Message.ShouldContain("ALTER TABLE job_executions RENAME TO job_executions_before");
        kept.ShouldBe("kept");
        (await RunAsync(Own, "SELECT count(*) FROM public.job_executions")).ShouldBe(0L);
    }

    private static async Task<object?> RunAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
