using SQLitePCL;

namespace Pontual.Storage.Database.Sqlite;

/// <summary>One SQLite connection with the statements it has prepared. Used by one thread at a time.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly string _place;
    private readonly Dictionary<(Statement Statement, int Rows), SqliteStatement> _prepared = [];

    private SqliteConnection(sqlite3 handle, string place) => (_handle, _place) = (handle, place);

    /// <summary>Whether a transaction is open. SQLite closes it by itself on some failures (disk full).</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Whether a body wrote events since this was last taken; it may have been undone.</summary>
    public bool WroteEvents { get; set; }

    /// <summary>Rows changed by the last statement.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <param name="path">The file, or ":memory:".</param>
    /// <param name="readOnly">A reader: it can neither write nor checkpoint.</param>
    public static SqliteConnection Open(string path, bool readOnly)
    {
        SqliteLibrary.Load();
        var flags = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        // One thread at a time uses a connection: SQLite's own mutexes would be paid for nothing.
        var code = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var connection = new SqliteConnection(handle, path);
        try
        {
            connection.Check(code);
            raw.sqlite3_extended_result_codes(handle, 1);
            raw.sqlite3_busy_timeout(handle, 10_000);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The prepared statement for so many rows; kept for the next time.</summary>
    public SqliteStatement Prepare(Statement statement, IReadOnlyList<string> columns, int rows)
    {
        if (!_prepared.TryGetValue((statement, rows), out var prepared))
        {
            var text = rows == 0 ? statement.For(Dialect.Sqlite) : statement.For(Dialect.Sqlite, columns, rows);
            Check(raw.sqlite3_prepare_v3(_handle, text, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
            prepared = new SqliteStatement(this, handle);
            _prepared.Add((statement, rows), prepared);
        }

        return prepared;
    }

    /// <summary>Reads <see cref="WroteEvents"/> and begins anew.</summary>
    public bool TakeWroteEvents()
    {
        var wrote = WroteEvents;
        WroteEvents = false;
        return wrote;
    }

    /// <summary>Runs a text of one or more statements without values.</summary>
    public void Run(string script) => Check(raw.sqlite3_exec(_handle, script));

    /// <summary>Copies committed pages of the WAL into the file and empties the WAL. Gives up after a tenth of a second when readers are in the way.</summary>
    public void EmptyWal()
    {
        raw.sqlite3_busy_timeout(_handle, 100);
        raw.sqlite3_wal_checkpoint_v2(_handle, null, raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
        raw.sqlite3_busy_timeout(_handle, 10_000);
    }

    /// <exception cref="DatabaseException"><paramref name="code"/> is a failure.</exception>
    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw SqliteFailure.Of(code, raw.sqlite3_errmsg(_handle).utf8_to_string(), _place);
        }
    }

    public void Dispose()
    {
        foreach (var statement in _prepared.Values)
        {
            statement.Dispose();
        }

        _handle.Dispose();
    }
}
