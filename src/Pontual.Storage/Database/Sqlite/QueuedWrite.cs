namespace Pontual.Storage.Database.Sqlite;

/// <summary>A write that waits for its turn, and then for its commit.</summary>
internal abstract class QueuedWrite
{
    /// <summary>Why it failed; null while it has not.</summary>
    public Exception? Failed { get; set; }

    /// <summary>Does the work inside the open transaction.</summary>
    public abstract void Run(SqliteConnection connection);

    /// <summary>Tells the caller, after the commit.</summary>
    public abstract void Complete();
}

/// <inheritdoc/>
internal sealed class QueuedWrite<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation) : QueuedWrite
{
    private readonly TaskCompletionSource<T> _task = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _task.Task;

    public override void Run(SqliteConnection connection)
    {
        cancellation.ThrowIfCancellationRequested();
        _result = SqliteSession.Run(connection, body);
    }

    public override void Complete()
    {
        if (Failed is OperationCanceledException)
        {
            _task.SetCanceled(cancellation);
        }
        else if (Failed is not null)
        {
            _task.SetException(Failed);
        }
        else
        {
            _task.SetResult(_result!);
        }
    }
}
