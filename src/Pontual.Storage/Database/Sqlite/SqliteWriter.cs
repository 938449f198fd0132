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
    private readonly FileLock _lock;
    private readonly TimeProvider _time;
    private readonly Queue<QueuedWrite> _queue = new();
    private readonly List<QueuedWrite> _group = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closing;
    private bool _dirty = true;

    /// <summary>As <see cref="PontualDatabase.EventsCommitted"/>.</summary>
    public Action? EventsCommitted { get; set; }

    public SqliteWriter(SqliteConnection connection, FileLock fileLock, string place, TimeProvider time)
    {
        (_connection, _lock, _time) = (connection, fileLock, time);
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

        // The last connection to a file checkpoints when it closes, so that closing too needs the lock.
        KeepHouse(() =>
        {
            _connection.EmptyWal();
            _connection.Dispose();
        });
        _connection.Dispose();
        _lock.Dispose();
        _ended.SetResult();
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

            KeepHouse(_connection.EmptyWal);
        }
    }

    private void Commit(QueuedWrite first)
    {
        _group.Clear();
        _group.Add(first);
        try
        {
            _lock.Enter();
            try
            {
                RunGroup();
            }
            finally
            {
                _lock.Exit();
            }
        }
        catch (Exception exception)
        {
            // Not even the lock or a rollback worked: nobody is told that his write happened.
            _group.ForEach(write => write.Failed ??= exception);
        }

        _dirty = true;
        _group.ForEach(write => write.Complete());
        if (_connection.TakeWroteEvents())
        {
            EventsCommitted?.Invoke();
        }
    }

    /// <summary>All in one transaction; when one fails, again with a savepoint around each; when the transaction itself fails, each in one of its own.</summary>
    /// <remarks>Savepoints only for the second try: what they keep for going back costs as much as the writes themselves.</remarks>
    private void RunGroup()
    {
        if (TryTransaction(FillGroup) is null || TryTransaction(() => _group.ForEach(RunInPart)) is null)
        {
            return;
        }

        foreach (var write in _group)
        {
            write.Failed = TryTransaction(() => write.Run(_connection));
        }
    }

    private void FillGroup()
    {
        var began = _time.GetTimestamp();
        _group[0].Run(_connection);
        while (!IsFull(began) && TryNext() is { } next)
        {
            _group.Add(next);
            next.Run(_connection);
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
            write.Run(_connection);
            _connection.Run("RELEASE one_write");
        }
        catch (Exception exception) when (_connection.InTransaction)
        {
            _connection.Run("ROLLBACK TO one_write; RELEASE one_write");
            write.Failed = exception;
        }
    }

    /// <returns>Why the transaction was rolled back; null when it was committed.</returns>
    private Exception? TryTransaction(Action work)
    {
        try
        {
            _connection.Run("BEGIN IMMEDIATE");
            work();
            _connection.Run("COMMIT");
            return null;
        }
        catch (Exception exception)
        {
            // SQLite has ended the transaction by itself on some failures (disk full).
            if (_connection.InTransaction)
            {
                _connection.Run("ROLLBACK");
            }

            return exception;
        }
    }

    /// <summary>What stands in the way of housekeeping is met again, and told, by the next write.</summary>
    private void KeepHouse(Action work)
    {
        _dirty = false;
        try
        {
            _lock.Enter();
            try
            {
                work();
            }
            finally
            {
                _lock.Exit();
            }
        }
        catch (IOException) { }
    }
}
