using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Pontual.Engine.Pacing;
using Pontual.Engine.Runs;

namespace Pontual.Storage.Database.PostgreSql;

/// <summary>A PostgreSQL server: a bounded pool of connections, and a small one of its own for what must not wait.</summary>
/// <remarks>
/// What broke before its commit is done again, with growing waits, for as long as a caller may be kept waiting; the loops of the engine then ask again
/// for ever. Waits and limits go by real time whatever clock the engine runs on: so does the network.
/// </remarks>
internal sealed class PostgreSqlDatabase : PontualDatabase
{
    private const int MostConflicts = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan UrgentPatience = TimeSpan.FromSeconds(1);

    private readonly ConnectionPool _pool;
    private readonly ConnectionPool _urgent;
    private readonly Backoff _backoff;
    private readonly Outage _outage;
    private readonly TimeProvider _real;
    private readonly ConcurrentDictionary<ServerSession, bool> _unanswered = new();

    private PostgreSqlDatabase(
        ConnectionSettings settings,
        bool isPooled,
        string version,
        IRandomBytes random,
        TimeProvider real,
        ILogger logger
    )
    {
        _real = real;
        Settings = settings;
        IsPooled = isPooled;
        Place = settings.Place;
        EngineVersion = version;
        _backoff = new Backoff(random);
        _outage = new Outage(Place, real, logger);
        _pool = new ConnectionPool(
            settings.Ordinary(isPooled),
            settings.SessionValues(settings.StatementLimit),
            isPooled,
            settings.PoolPatience,
            Place
        );
        _urgent = new ConnectionPool(
            settings.Urgent(isPooled),
            settings.SessionValues(ConnectionSettings.UrgentLimit),
            isPooled,
            UrgentPatience,
            Place
        );
    }

    public override Dialect Dialect => Dialect.PostgreSql;

    public override string EngineVersion { get; }

    public override string Place { get; }

    public override PoolStatus Pool => _pool.Status;

    /// <summary>Whether a pooler stands between us and the server, so that no session is ours for longer than a transaction.</summary>
    public bool IsPooled { get; }

    /// <summary>How its connections are made.</summary>
    public ConnectionSettings Settings { get; }

    /// <exception cref="DatabaseException">The server cannot be reached or refuses.</exception>
    public static PostgreSqlDatabase Open(string connectionString, IRandomBytes random, TimeProvider real, ILogger logger)
    {
        var settings = new ConnectionSettings(connectionString);
        try
        {
            using var source = NpgsqlDataSource.Create(settings.Single("start"));
            using var connection = source.OpenConnection();
            var isPooled = ConnectionStore.IsPooled(connection);
            if (isPooled)
            {
                logger.BehindPooler(settings.Place);
            }

            var version = $"PostgreSQL {connection.PostgreSqlVersion}{(isPooled ? " (behind a pooler)" : "")}";
            return new PostgreSqlDatabase(settings, isPooled, version, random, real, logger);
        }
        catch (NpgsqlException exception)
        {
            throw PostgreSqlFailure.Of(exception, settings.Place);
        }
    }

    public override Task<T> ReadAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation) =>
        RetryAsync(() => ReadOnceAsync(body, cancellation), Patience, cancellation);

    public override Task<T> WriteAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation, bool urgent = false) =>
        urgent
            ? WriteUrgentlyAsync(body, cancellation)
            : RetryAsync(() => WriteOnceAsync(body, _pool, cancellation), Patience, cancellation);

    public override async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        await _urgent.DisposeAsync();
    }

    private async Task<T> ReadOnceAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation)
    {
        await using var pooled = await OpenAsync(_pool, cancellation);
        var connection = pooled.Connection;
        if (!IsPooled)
        {
            return await body(new PostgreSqlSession(connection, null, cancellation));
        }

        await using var transaction = await _pool.BeginAsync(connection, cancellation);
        return await body(new PostgreSqlSession(connection, transaction, cancellation));
    }

    private async Task<T> WriteOnceAsync<T>(Func<DatabaseSession, ValueTask<T>> body, ConnectionPool pool, CancellationToken cancellation)
    {
        await using var pooled = await OpenAsync(pool, cancellation);
        await using var transaction = await pool.BeginAsync(pooled.Connection, cancellation);
        var session = new PostgreSqlSession(pooled.Connection, transaction, cancellation);
        var result = await body(session);
        var which = await pool.SessionOfAsync(pooled.Connection);
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (NpgsqlException exception) when (PostgreSqlFailure.LeavesCommitOpen(exception))
        {
            throw Unanswered(exception, which);
        }

        TellOf(session);
        return result;
    }

    /// <summary>As <see cref="WriteOnceAsync"/>, on this thread alone: no part of it waits for another.</summary>
    private T WriteOnce<T>(Func<DatabaseSession, ValueTask<T>> body)
    {
        using var pooled = _urgent.Open();
        using var transaction = _urgent.Begin(pooled.Connection);
        var session = new PostgreSqlSession(pooled.Connection, transaction, CancellationToken.None, blocks: true);
        var work = body(session);
        if (!work.IsCompleted)
        {
            throw new InvalidOperationException("An urgent body on a thread of its own awaits nothing but its session.");
        }

        var result = work.GetAwaiter().GetResult();
        var which = _urgent.SessionOf(pooled.Connection);
        try
        {
            transaction.Commit();
        }
        catch (NpgsqlException exception) when (PostgreSqlFailure.LeavesCommitOpen(exception))
        {
            throw Unanswered(exception, which);
        }

        TellOf(session);
        return result;
    }

    private void TellOf(PostgreSqlSession committed)
    {
        if (committed.WritesEvents)
        {
            EventsCommitted?.Invoke();
        }
    }

    // Running the body again could do it twice.
    private DatabaseException Unanswered(NpgsqlException exception, ServerSession which)
    {
        Lost(exception);
        _unanswered.TryAdd(which, true);
        return new DatabaseException(
            DatabaseFault.Unanswered,
            $"Database {Place}: the connection broke during a commit, so that it is not known whether it happened ({exception.Message}).",
            exception
        );
    }

    /// <summary>Gives up in time whatever happens: a connection that does not even fail is left to its own limits.</summary>
    private async Task<T> WriteUrgentlyAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation)
    {
        try
        {
            return await RetryAsync(
                    () => OwnThread.IsCurrent ? Task.FromResult(WriteOnce(body)) : WriteOnceAsync(body, _urgent, cancellation),
                    UrgentPatience,
                    cancellation
                )
                .WaitAsync(ConnectionSettings.UrgentLimit, _real, cancellation);
        }
        catch (TimeoutException exception)
        {
            _outage.Failed(exception);
            throw new DatabaseException(
                DatabaseFault.Unavailable,
                $"Database {Place}: no answer within {ConnectionSettings.UrgentLimit.TotalSeconds:0} s.",
                exception
            );
        }
    }

    /// <summary>A connection on which the outcome of every commit is settled, known to us or not.</summary>
    private async ValueTask<PooledConnection> OpenAsync(ConnectionPool pool, CancellationToken cancellation)
    {
        var pooled = await pool.OpenAsync(cancellation);
        if (!_unanswered.IsEmpty)
        {
            try
            {
                await EndUnansweredAsync(pooled.Connection, cancellation);
            }
            catch
            {
                await pooled.DisposeAsync();
                throw;
            }
        }

        return pooled;
    }

    /// <summary>
    /// A commit whose answer was lost may still be on its way to the server. Its session is ended before anything else is asked, so that what is found
    /// then stays so. (A pooler ends it by itself when its client goes.)
    /// </summary>
    private async Task EndUnansweredAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        ServerSession[] sessions = [.. _unanswered.Keys];
        while (!IsPooled && await ConnectionStore.EndAsync(connection, sessions, cancellation) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), _real, cancellation);
        }

        Array.ForEach(sessions, session => _unanswered.TryRemove(session, out _));
    }

    /// <summary>Runs a transaction until it gets through: again after a conflict with another one, and, for a while, after a broken connection.</summary>
    private async Task<T> RetryAsync<T>(Func<Task<T>> attempt, TimeSpan patience, CancellationToken cancellation)
    {
        var begun = _real.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            TimeSpan wait;
            try
            {
                var result = await attempt();
                _outage.Works();
                return result;
            }
            catch (TransactionAgainException) when (tries < MostConflicts)
            {
                wait = _backoff.AfterConflict(tries);
            }
            catch (NpgsqlException exception) when (PostgreSqlFailure.IsConflict(exception) && tries < MostConflicts)
            {
                wait = _backoff.AfterConflict(tries);
            }
            catch (NpgsqlException exception) when (PostgreSqlFailure.IsLoss(exception))
            {
                Lost(exception);
                wait = _backoff.AfterLoss(tries);
                if (_real.GetElapsedTime(begun) + wait > patience)
                {
                    throw PostgreSqlFailure.Of(exception, Place);
                }
            }
            catch (NpgsqlException exception)
            {
                throw PostgreSqlFailure.Of(exception, Place);
            }

            await Task.Delay(wait, _real, cancellation);
        }
    }

    // The others are most likely dead too, or lead to a server that may no longer write.
    private void Lost(NpgsqlException exception)
    {
        _outage.Failed(exception);
        _pool.Clear();
        _urgent.Clear();
    }
}
