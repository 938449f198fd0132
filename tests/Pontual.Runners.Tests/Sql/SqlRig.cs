using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Pontual.Engine.Executing;
using Pontual.Engine.Runs;
using Pontual.Runners.Sql;
using Pontual.TestKit;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Runners.Tests.Sql;

/// <summary>A SQL runner as the product registers it, whose own PostgreSQL is a schema of the test's on the tests' server.</summary>
internal sealed class SqlRig : IAsyncDisposable
{
    private readonly NpgsqlDataSource _eyes = NpgsqlDataSource.Create(TestDatabase.Server);
    private readonly ServiceProvider _services;

    /// <param name="way">How the runner reaches the tests' server; null for directly.</param>
    public SqlRig(string? way = null)
    {
        var own = new NpgsqlConnectionStringBuilder(way ?? TestDatabase.Server) { SearchPath = Mark };
        Do($"CREATE SCHEMA {Mark}; CREATE TABLE {Mark}.seen (word text)");
        _services = Services(own.ConnectionString, Environment);
    }

    /// <summary>The test's schema: a word of its own.</summary>
    public string Mark { get; } = "sql_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    public Dictionary<string, string> Environment { get; } = new() { ["KEY"] = "s3cret-value" };

    public IRunner Runner => _services.GetRequiredService<IRunner>();

    /// <summary>What statements have written into the test's table, in their order.</summary>
    public IReadOnlyList<string> Seen => Texts($"SELECT word FROM {Mark}.seen ORDER BY ctid");

    /// <summary>How many sessions of attempts there are on the server whose statement has <see cref="Mark"/> in it.</summary>
    public int Sessions =>
        Texts($"SELECT pid::text FROM pg_stat_activity WHERE application_name = 'pontual nightly' AND query LIKE '%{Mark}%'").Count;

    public static IRunner Without(string? own = null)
    {
        var services = Services(own, []);
        return services.GetRequiredService<IRunner>();
    }

    public static string Settings(string statement, object? settings = null, string? connection = null) =>
        JsonSerializer.Serialize(
            new
            {
                statement,
                settings,
                connection,
            }
        );

    public static AttemptContext Attempt(string settings, string? parameters = null) => TestAttempt.Of("sql", settings, parameters);

    public Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation = default) =>
        Runner.RunAsync(attempt, cancellation);

    public async Task<Outcome.Success> SucceedAsync(AttemptContext attempt)
    {
        var outcome = await RunAsync(attempt);
        return outcome.ShouldBeOfType<Outcome.Success>($"{outcome} {attempt.Printed()}");
    }

    public Task<Outcome.Success> SucceedAsync(string statement, object? settings = null) =>
        SucceedAsync(Attempt(Settings(statement, settings)));

    public async Task<Outcome.Failure> FailAsync(string statement, object? settings = null, string? connection = null) =>
        (await RunAsync(Attempt(Settings(statement, settings, connection)))).ShouldBeOfType<Outcome.Failure>();

    public void Do(string sql)
    {
        using var command = _eyes.CreateCommand(sql);
        command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Do($"DROP SCHEMA {Mark} CASCADE");
        await _eyes.DisposeAsync();
    }

    private static ServiceProvider Services(string? own, Dictionary<string, string> environment) =>
        new ServiceCollection()
            .AddSingleton<ISecrets>(new Secrets(name => environment.GetValueOrDefault(name)))
            .AddSqlRunner(options => options.OwnPostgreSql = own)
            .BuildServiceProvider();

    private List<string> Texts(string sql)
    {
        using var command = _eyes.CreateCommand(sql);
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}
