namespace Pontual.Storage.Database.Sqlite;

/// <summary>A database in memory, gone when it is closed: for tests and simulation. All work runs on the caller's thread, one at a time, so that it is quick and repeatable.</summary>
internal sealed class SqliteMemoryDatabase : PontualDatabase
{
    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection = SqliteConnection.Open(":memory:", readOnly: false);

    public SqliteMemoryDatabase() => _connection.Run("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY");

    public override Dialect Dialect => Dialect.Sqlite;

    public override string EngineVersion => SqliteLibrary.Load();

    public override string Place => ":memory:";

    public override Task<T> ReadAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation) =>
        Run(body, writes: false, cancellation);

    public override Task<T> WriteAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation, bool urgent = false) =>
        Run(body, writes: true, cancellation);

    public override ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _connection.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private Task<T> Run<T>(Func<DatabaseSession, ValueTask<T>> body, bool writes, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellation);
        }

        Task<T> done;
        bool wroteEvents;
        lock (_gate)
        {
            try
            {
                done = Task.FromResult(writes ? Write(body) : SqliteSession.Run(_connection, body));
            }
            catch (Exception exception)
            {
                done = Task.FromException<T>(exception);
            }

            wroteEvents = _connection.TakeWroteEvents();
        }

        if (wroteEvents)
        {
            EventsCommitted?.Invoke();
        }

        return done;
    }

    private T Write<T>(Func<DatabaseSession, ValueTask<T>> body)
    {
        _connection.Run("BEGIN");
        try
        {
            var result = SqliteSession.Run(_connection, body);
            _connection.Run("COMMIT");
            return result;
        }
        catch
        {
            if (_connection.InTransaction)
            {
                _connection.Run("ROLLBACK");
            }

            throw;
        }
    }
}
