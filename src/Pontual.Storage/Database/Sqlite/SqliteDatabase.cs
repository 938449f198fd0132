using System.Collections.Concurrent;

namespace Pontual.Storage.Database.Sqlite;

/// <summary>A SQLite file: many readers beside one writer thread.</summary>
/// <remarks>The writer alone checkpoints: inside a commit when the WAL has grown past 4,000 pages, and when it idles or closes.</remarks>
internal sealed class SqliteDatabase : PontualDatabase
{
    private const string ReaderSettings = "PRAGMA query_only = ON; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 0";
    private const string WriterSettings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA cache_size = -65536;
        PRAGMA temp_store = MEMORY;
        PRAGMA wal_autocheckpoint = 4000;
        """;

    private readonly string _path;
    private readonly SqliteWriter _writer;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly SemaphoreSlim _readerRoom = new(8);

    private SqliteDatabase(string path, SqliteWriter writer)
    {
        (_path, _writer) = (path, writer);
        writer.EventsCommitted = () => EventsCommitted?.Invoke();
    }

    public override Dialect Dialect => Dialect.Sqlite;

    public override string EngineVersion => SqliteLibrary.Load();

    public override string Place => _path;

    /// <exception cref="DatabaseException">The file cannot be opened, made or written, or is no database.</exception>
    public static SqliteDatabase Open(string path, TimeProvider time)
    {
        path = Path.GetFullPath(path);
        FileLock? fileLock = null;
        SqliteConnection? connection = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            fileLock = new FileLock(path + ".lock");
            fileLock.Enter();
            connection = SqliteConnection.Open(path, readOnly: false);
            connection.Run(WriterSettings);
            fileLock.Exit();
            return new SqliteDatabase(path, new SqliteWriter(connection, fileLock, path, time));
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            fileLock?.Dispose();
            if (exception is UnauthorizedAccessException or IOException)
            {
                throw new DatabaseException(
                    DatabaseFault.Permission,
                    $"Database {path}: it cannot be opened ({exception.Message}). Let the user that runs Pontual write the file and its folder.",
                    exception
                );
            }

            throw;
        }
    }

    public override async Task<T> ReadAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation)
    {
        await _readerRoom.WaitAsync(cancellation);
        try
        {
            if (!_readers.TryTake(out var reader))
            {
                reader = SqliteConnection.Open(_path, readOnly: true);
                reader.Run(ReaderSettings);
            }

            try
            {
                return await body(new SqliteSession(reader));
            }
            finally
            {
                _readers.Add(reader);
            }
        }
        finally
        {
            _readerRoom.Release();
        }
    }

    public override Task<T> WriteAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation, bool urgent = false) =>
        _writer.WriteAsync(body, cancellation);

    public override async ValueTask DisposeAsync()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        await _writer.DisposeAsync();
        _readerRoom.Dispose();
    }
}
