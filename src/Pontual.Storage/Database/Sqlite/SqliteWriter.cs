namespace Pontual.Storage.Database.Sqlite;

/// <summary>The one thread that writes to a SQLite file. What is queued while a transaction commits goes into the next one together (group commit).</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int LargestGroup = 1_000;

    /// <summary>A group takes no further writes after this long, so that the first in it does not wait for ever.</summary>
    private static readonly TimeSpan LongestGroup = TimeSpan.FromMilliseconds(20);

    /// <summary>Without writes for this long, the WAL is emptied into the file.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private readonly SqliteConnection _connection;
    private readonly SqliteSession _session;
    private readonly FileLock _lock;
    private readonly TimeProvider _time;
    private readonly Queue<QueuedWrite> _queue = new();
    private readonly List<QueuedWrite> _group = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closing;
    private bool _dirty = true;

    public SqliteWriter(SqliteConnection connection, FileLock fileLock, string place, TimeProvider time)
    {
        (_connection, _session, _lock, _time) = (connection, new SqliteSession(connection), fileLock, time);
        new Thread(Loop) { IsBackground = true, Name = $"pontual writes {Path.GetFileName(place)}" }.Start();
    }

    /// <summary>Queues a write; its task ends after its commit.</summary>
    public Task<T> WriteAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation)
    {
        var write = new QueuedWrite<T>(body, cancellation);
        lock (_queue)
        {
            ObjectDisposedException.ThrowIf(_closing, typeof(PontualDatabase));
            _queue.Enqueue(write);
            Monitor.Pulse(_queue);
        }

        return write.Task;
    }

    /// <summary>Writes what is queued, empties the WAL and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_queue)
        {
            _closing = true;
            Monitor.Pulse(_queue);
        }

        await _ended.Task;
    }

    private void Loop()
    {
        while (WaitForWork() is { } first)
        {
            Commit(first);
        }

        try
        {
            EmptyWal();
            _lock.Enter();
            _connection.Dispose();
            _lock.Exit();
        }
        finally
        {
            _lock.Dispose();
            _ended.SetResult();
        }
    }

    /// <returns>The next write; null when all is written and the database closes.</returns>
    private QueuedWrite? WaitForWork()
    {
        while (true)
        {
            lock (_queue)
            {
                if (_queue.TryDequeue(out var write))
                {
                    return write;
                }

                if (_closing)
                {
                    return null;
                }

                if (Monitor.Wait(_queue, _dirty ? Idle : Timeout.InfiniteTimeSpan))
                {
                    continue;
                }
            }

            EmptyWal();
        }
    }

    private void Commit(QueuedWrite first)
    {
        _group.Clear();
        try
        {
            _lock.Enter();
            try
            {
                RunGroup(first);
            }
            finally
            {
                _lock.Exit();
            }
        }
        catch (Exception exception)
        {
            _group.ForEach(write => write.Failed ??= exception);
        }

        _dirty = true;
        _group.ForEach(write => write.Complete());
    }

    private void RunGroup(QueuedWrite first)
    {
        try
        {
            _connection.Run("BEGIN IMMEDIATE");
            var began = _time.GetTimestamp();
            for (var next = first; next is not null; next = IsFull(began) ? null : TryNext())
            {
                _group.Add(next);
                RunInPart(next);
            }

            _connection.Run("COMMIT");
        }
        catch (Exception exception)
        {
            // The transaction as a whole failed: nothing of it is kept, and each write gets its own chance and its own error.
            RollBack();
            if (_group.Count == 0)
            {
                _group.Add(first);
            }

            RunOneByOne(exception);
        }
    }

    private bool IsFull(long began) => _group.Count >= LargestGroup || _time.GetElapsedTime(began) >= LongestGroup;

    private QueuedWrite? TryNext()
    {
        lock (_queue)
        {
            return _queue.TryDequeue(out var next) ? next : null;
        }
    }

    private void RunInPart(QueuedWrite write)
    {
        try
        {
            write.Failed = null;
            _connection.Run("SAVEPOINT one_write");
            write.Run(_session);
            _connection.Run("RELEASE one_write");
        }
        catch (Exception exception) when (_connection.InTransaction)
        {
            _connection.Run("ROLLBACK TO one_write; RELEASE one_write");
            write.Failed = exception;
        }
    }

    private void RunOneByOne(Exception groupFailure)
    {
        foreach (var write in _group)
        {
            if (_group.Count == 1)
            {
                write.Failed = groupFailure;
                return;
            }

            try
            {
                write.Failed = null;
                _connection.Run("BEGIN IMMEDIATE");
                write.Run(_session);
                _connection.Run("COMMIT");
            }
            catch (Exception exception)
            {
                RollBack();
                write.Failed = exception;
            }
        }
    }

    private void RollBack()
    {
        if (_connection.InTransaction)
        {
            _connection.Run("ROLLBACK");
        }
    }

    private void EmptyWal()
    {
        _dirty = false;
        _lock.Enter();
        _connection.EmptyWal();
        _lock.Exit();
    }
}
