using Npgsql;

namespace Pontual.Storage.Database.PostgreSql;

/// <summary>A PostgreSQL server: a bounded pool of connections, and a small one of its own for what must not wait.</summary>
internal sealed class PostgreSqlDatabase : PontualDatabase
{
    private const string DefaultSchema = "pontual";
    private const int MostRetries = 8;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _pool;
    private readonly NpgsqlDataSource _urgent;
    private readonly TimeProvider _time;

    private PostgreSqlDatabase(NpgsqlDataSource pool, NpgsqlDataSource urgent, TimeProvider time, string place, string version) =>
        (_pool, _urgent, _time, Place, EngineVersion) = (pool, urgent, time, place, version);

    public override Dialect Dialect => Dialect.PostgreSql;

    public override string EngineVersion { get; }

    public override string Place { get; }

    /// <exception cref="DatabaseException">The server cannot be reached or refuses.</exception>
    public static PostgreSqlDatabase Open(string connectionString, TimeProvider time)
    {
        var settings = Settings(connectionString);
        var place = $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";
        var pool = NpgsqlDataSource.Create(settings);
        settings.MaxPoolSize = 2;
        settings.ApplicationName = "pontual (leases)";
        var urgent = NpgsqlDataSource.Create(settings);
        try
        {
            using var connection = pool.OpenConnection();
            return new PostgreSqlDatabase(pool, urgent, time, place, $"PostgreSQL {connection.PostgreSqlVersion}");
        }
        catch (NpgsqlException exception)
        {
            pool.Dispose();
            urgent.Dispose();
            throw PostgreSqlFailure.Of(exception, place);
        }
    }

    public override Task<T> ReadAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation) =>
        RetryAsync(
            async () =>
            {
                await using var connection = await _pool.OpenConnectionAsync(cancellation);
                return await body(new PostgreSqlSession(connection, null, cancellation));
            },
            cancellation
        );

    public override Task<T> WriteAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation, bool urgent = false) =>
        RetryAsync(() => WriteOnceAsync(body, urgent ? _urgent : _pool, cancellation), cancellation);

    public override async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        await _urgent.DisposeAsync();
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.SearchPath ??= DefaultSchema;
        settings.ApplicationName ??= "pontual";
        if (!settings.ContainsKey("Maximum Pool Size"))
        {
            settings.MaxPoolSize = 20;
        }

        if (!settings.ContainsKey("Max Auto Prepare"))
        {
            settings.MaxAutoPrepare = 60;
            settings.AutoPrepareMinUsages = 2;
        }

        return settings;
    }

    private async Task<T> WriteOnceAsync<T>(
        Func<DatabaseSession, ValueTask<T>> body,
        NpgsqlDataSource source,
        CancellationToken cancellation
    )
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var result = await body(new PostgreSqlSession(connection, transaction, cancellation));
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (NpgsqlException exception) when (exception is not PostgresException)
        {
            // The commit may have happened or not: running the body again could do it twice.
            throw new DatabaseException(
                DatabaseFault.Unavailable,
                $"Database {Place}: the connection broke during a commit, so that it is not known whether it happened ({exception.Message}).",
                exception
            );
        }

        return result;
    }

    /// <summary>Runs a transaction until it gets through: again after a conflict with another one, and, a few times, after a broken connection.</summary>
    private async Task<T> RetryAsync<T>(Func<Task<T>> attempt, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await attempt();
            }
            catch (TransactionAgainException) when (tries < MostRetries) { }
            catch (NpgsqlException exception) when (tries < MostRetries && PostgreSqlFailure.IsRetryable(exception))
            {
                if (exception is not PostgresException)
                {
                    await Task.Delay(WaitAfter(tries), _time, cancellation);
                }
            }
            catch (NpgsqlException exception)
            {
                throw PostgreSqlFailure.Of(exception, Place);
            }
        }
    }

    private static TimeSpan WaitAfter(int tries)
    {
        var wait = FirstWait * Math.Pow(2, tries - 1);
        return wait < LongestWait ? wait : LongestWait;
    }
}
