using System.Collections.Concurrent;
using Npgsql;

namespace Pontual.Storage.Database.PostgreSql;

/// <summary>A bounded pool: who finds all connections busy waits for a while and is then told so. Sessions are set up as <see cref="ConnectionSettings"/> says.</summary>
/// <remarks>Behind a pooler nothing that is set for a session stays with us: there each transaction sets it for itself.</remarks>
internal sealed class ConnectionPool : IAsyncDisposable
{
    private const int MostSessions = 1_000;

    private readonly ConcurrentDictionary<int, ServerSession> _sessions = new();
    private readonly NpgsqlDataSource _source;
    private readonly (string Name, string Value)[] _values;
    private readonly SemaphoreSlim _free;
    private readonly TimeSpan _patience;
    private readonly string _place;
    private readonly int _size;
    private int _waiting;

    public ConnectionPool(
        NpgsqlConnectionStringBuilder settings,
        (string Name, string Value)[] values,
        bool isPooled,
        TimeSpan patience,
        string place
    )
    {
        (_values, IsPooled, _patience, _place) = (values, isPooled, patience, place);
        _size = settings.MaxPoolSize;
        _free = new SemaphoreSlim(_size);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (!isPooled)
        {
            builder.UsePhysicalConnectionInitializer(
                connection =>
                {
                    ConnectionStore.Set(connection, values, onlyForTransaction: false);
                    Know(ConnectionStore.Session(connection));
                },
                async connection =>
                {
                    await ConnectionStore.SetAsync(connection, values, onlyForTransaction: false, CancellationToken.None);
                    Know(await ConnectionStore.SessionAsync(connection));
                }
            );
        }

        _source = builder.Build();
    }

    /// <summary>Whether a pooler in front of the server may give each transaction another session.</summary>
    public bool IsPooled { get; }

    public PoolStatus Status => new(_size, _size - _free.CurrentCount, Volatile.Read(ref _waiting));

    /// <exception cref="DatabaseException">All connections were busy for too long.</exception>
    /// <exception cref="NpgsqlException">The server cannot be reached.</exception>
    public async ValueTask<PooledConnection> OpenAsync(CancellationToken cancellation)
    {
        if (!_free.Wait(0, CancellationToken.None))
        {
            await WaitAsync(cancellation);
        }

        try
        {
            return new PooledConnection(await _source.OpenConnectionAsync(cancellation), _free);
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    /// <summary>As <see cref="OpenAsync"/>, on this thread alone.</summary>
    public PooledConnection Open()
    {
        if (!_free.Wait(_patience, CancellationToken.None))
        {
            throw AllBusy();
        }

        try
        {
            return new PooledConnection(_source.OpenConnection(), _free);
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    /// <summary>As <see cref="BeginAsync"/>, on this thread alone.</summary>
    public NpgsqlTransaction Begin(NpgsqlConnection connection)
    {
        var transaction = connection.BeginTransaction();
        if (IsPooled)
        {
            ConnectionStore.Set(connection, _values, onlyForTransaction: true);
        }

        return transaction;
    }

    /// <summary>Begins a transaction with what each needs.</summary>
    public async ValueTask<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(cancellation);
        if (IsPooled)
        {
            await ConnectionStore.SetAsync(connection, _values, onlyForTransaction: true, cancellation);
        }

        return transaction;
    }

    /// <summary>Gives up all connections as soon as nobody uses them: the server went away, or is no longer the one that may write.</summary>
    public void Clear() => _source.Clear();

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _free.Dispose();
    }

    /// <summary>Which session of the server's a connection of this pool has; none of ours to name behind a pooler.</summary>
    public async ValueTask<ServerSession> SessionOfAsync(NpgsqlConnection connection) =>
        IsPooled ? default
        : _sessions.TryGetValue(connection.ProcessID, out var known) ? known
        : Know(await ConnectionStore.SessionAsync(connection));

    /// <summary>As <see cref="SessionOfAsync"/>, on this thread alone.</summary>
    public ServerSession SessionOf(NpgsqlConnection connection) =>
        IsPooled ? default
        : _sessions.TryGetValue(connection.ProcessID, out var known) ? known
        : Know(ConnectionStore.Session(connection));

    // Sessions come and go with the load, and nobody tells us of those that went.
    private ServerSession Know(ServerSession session)
    {
        if (_sessions.Count > MostSessions)
        {
            _sessions.Clear();
        }

        return _sessions[session.Process] = session;
    }

    private DatabaseException AllBusy() =>
        new(
            DatabaseFault.Busy,
            $"Database {_place}: all {_size} connections of this process were busy for {_patience.TotalSeconds:0} s. "
                + "Nothing was written; it goes on by itself when statements get through faster. "
                + "If this happens often, raise 'Maximum Pool Size' in the connection string (and the server's max_connections)."
        );

    private async Task WaitAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            if (!await _free.WaitAsync(_patience, cancellation))
            {
                throw AllBusy();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}

/// <summary>A connection that goes back into its pool when it is disposed of.</summary>
internal readonly struct PooledConnection(NpgsqlConnection connection, SemaphoreSlim free) : IAsyncDisposable, IDisposable
{
    public NpgsqlConnection Connection => connection;

    public void Dispose()
    {
        try
        {
            connection.Dispose();
        }
        finally
        {
            free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.DisposeAsync();
        }
        finally
        {
            free.Release();
        }
    }
}
