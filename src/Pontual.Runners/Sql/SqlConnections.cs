using System.Collections.Concurrent;
using Npgsql;

namespace Pontual.Runners.Sql;

/// <summary>Opens connections to the databases of targets: one for each attempt and for no other.</summary>
/// <remarks>So no setting, lock or temporary table outlives its attempt, and no attempt meets a connection that broke while it lay idle.</remarks>
internal sealed class SqlConnections
{
    /// <summary>Most at once to one database as one user: those who find none free wait inside their timeouts.</summary>
    public const int Most = 10;

    private const int MostKnown = 200;

    // A source remembers the database's types: asking for them takes longer than connecting.
    private readonly ConcurrentDictionary<string, NpgsqlDataSource> _sources = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _places = new();

    /// <summary>Host, port, database and user, for people.</summary>
    public static string PlaceOf(NpgsqlConnectionStringBuilder settings) =>
        $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";

    /// <summary>Opens a connection, hands it over, and closes it.</summary>
    /// <exception cref="ArgumentException">The driver does not take the settings.</exception>
    public async Task<T> UseAsync<T>(
        NpgsqlConnectionStringBuilder settings,
        Func<NpgsqlConnection, Task<T>> use,
        CancellationToken cancellation
    )
    {
        var places = _places.GetOrAdd($"{settings.Username}@{PlaceOf(settings)}", static _ => new SemaphoreSlim(Most));
        await places.WaitAsync(cancellation);
        try
        {
            await using var connection = await SourceOf(settings).OpenConnectionAsync(cancellation);
            return await use(connection);
        }
        finally
        {
            places.Release();
        }
    }

    private NpgsqlDataSource SourceOf(NpgsqlConnectionStringBuilder settings)
    {
        if (_sources.Count >= MostKnown)
        {
            // They hold nothing open.
            _sources.Clear();
        }

        return _sources.GetOrAdd(ForOneAttempt(settings).ConnectionString, static text => NpgsqlDataSource.Create(text));
    }

    private static NpgsqlConnectionStringBuilder ForOneAttempt(NpgsqlConnectionStringBuilder given)
    {
        // A pooler refuses a search path at the start of a connection: the attempt sets it.
        var settings = new NpgsqlConnectionStringBuilder(given.ConnectionString) { SearchPath = null, Pooling = false };
        settings.Multiplexing = false;
        settings.Enlist = false;
        settings.IncludeErrorDetail = true;
        // The job's timeout ends a statement; a second for the server to confirm that it did, and the connection is dropped.
        settings.CommandTimeout = 0;
        settings.CancellationTimeout = 1000;
        if (!settings.TcpKeepAlive)
        {
            (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (true, 10, 3);
        }

        return settings;
    }
}
