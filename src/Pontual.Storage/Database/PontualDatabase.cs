namespace Pontual.Storage.Database;

/// <summary>An open database. Thread-safe; one for a process and place.</summary>
public abstract class PontualDatabase : IAsyncDisposable
{
    /// <summary>Which database this is.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Version of the database engine itself: "SQLite 3.40.1 (system)", "PostgreSQL 15.18".</summary>
    public abstract string EngineVersion { get; }

    /// <summary>Where it is, for people: a file, or host and database name; never a password.</summary>
    public abstract string Place { get; }

    /// <summary>Reads. Waits for no writer; statements of one body may see different commits.</summary>
    /// <exception cref="DatabaseException">The database failed.</exception>
    public abstract Task<T> ReadAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation);

    /// <summary>Writes in one transaction; the task ends after the commit.</summary>
    /// <param name="body">Works through the session and awaits nothing else; it may run again when the database asks for a retry, so it changes nothing outside.</param>
    /// <param name="cancellation">Stops waiting; a body that has begun may still be committed.</param>
    /// <param name="urgent">Must not wait behind other work for a connection (lease renewals).</param>
    /// <exception cref="DatabaseException">The database failed; nothing was written unless the message says otherwise.</exception>
    public abstract Task<T> WriteAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation, bool urgent = false);

    /// <summary>Closes all connections, after what is queued has been written.</summary>
    public abstract ValueTask DisposeAsync();
}
