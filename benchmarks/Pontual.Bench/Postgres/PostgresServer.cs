using System.Diagnostics;
using Npgsql;

namespace Pontual.Bench.Postgres;

/// <summary>The PostgreSQL that cases measure on: the one of <c>--postgres</c>, or one of this run's own with PostgreSQL's own (durable) settings.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _connection;
    private readonly string? _folder;
    private int _databases;

    private PostgresServer(string connection, string? folder) => (_connection, _folder) = (connection, folder);

    /// <param name="connection">Of a user who may create databases; null for a server of our own.</param>
    public static async Task<PostgresServer> StartAsync(string? connection)
    {
        if (connection is not null)
        {
            return new PostgresServer(connection, null);
        }

        // Not below a private folder: the server runs as a user of its own when root starts it.
        var folder = Directory.CreateTempSubdirectory("pontual-bench-postgres-").FullName;
        return new PostgresServer((await ScriptAsync("start", folder, "--durable")).Trim(), folder);
    }

    /// <summary>How it is reached, as .NET writes it.</summary>
    public string Connection => _connection;

    /// <summary>An empty database, dropped at its disposal, so that no case pays for what another left.</summary>
    public async Task<PostgresPlace> FreshAsync()
    {
        var name = $"pontual_bench_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        return new PostgresPlace(new NpgsqlConnectionStringBuilder(_connection) { Database = name }, () => DropAsync(name));
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            await ScriptAsync("stop", _folder);
        }
    }

    private async Task DropAsync(string name)
    {
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> ScriptAsync(params string[] arguments)
    {
        var root = Environment.GetEnvironmentVariable("PONTUAL_ROOT") ?? Directory.GetCurrentDirectory();
        var start = new ProcessStartInfo(Path.Combine(root, "tests", "postgres"), arguments)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadLineAsync() ?? "";
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new ArgumentException("PostgreSQL could not be started: name one with --postgres.");
    }
}

/// <summary>A database to measure on.</summary>
internal sealed class PostgresPlace(NpgsqlConnectionStringBuilder settings, Func<Task> drop) : IAsyncDisposable
{
    /// <summary>As .NET writes it.</summary>
    public string Connection => settings.ConnectionString;

    /// <summary>As everybody else writes it.</summary>
    public string Uri => $"postgres://{settings.Username}{Password}@{settings.Host}:{settings.Port}/{settings.Database}";

    private string Password => settings.Password is { Length: > 0 } word ? $":{System.Uri.EscapeDataString(word)}" : "";

    public async ValueTask DisposeAsync() => await drop();
}
