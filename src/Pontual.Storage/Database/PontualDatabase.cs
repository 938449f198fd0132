namespace Pontual.Storage.Database;

/// <summary>An open database. Thread-safe; one for a process and place.</summary>
public abstract class PontualDatabase : IAsyncDisposable
{
    private const int MostUnanswered = 5;

    /// <summary>Which database this is.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Version of the database engine itself: "SQLite 3.40.1 (system)", "PostgreSQL 15.18".</summary>
    public abstract string EngineVersion { get; }

    /// <summary>Where it is, for people: a file, or host and database name; never a password.</summary>
    public abstract string Place { get; }

    /// <summary>How its connections are used now; null where there is no pool (SQLite).</summary>
    public virtual PoolStatus? Pool => null;

    /// <summary>Called after each commit of a transaction that wrote events; returns at once.</summary>
    internal Action? EventsCommitted { get; set; }

    /// <summary>Reads. Waits for no writer; statements of one body may see different commits.</summary>
    /// <exception cref="DatabaseException">The database failed.</exception>
    public abstract Task<T> ReadAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation);

    /// <summary>Writes in one transaction; the task ends after the commit.</summary>
    /// <param name="body">Works through the session and awaits nothing else; it may run again when the database asks for a retry, so it changes nothing outside.</param>
    /// <param name="cancellation">Stops waiting; a body that has begun may still be committed.</param>
    /// <param name="urgent">Must not wait behind other work for a connection (lease renewals). Asked for on a thread of its own, it blocks that one and needs no
    /// other: then its body must await nothing but the session.</param>
    /// <exception cref="DatabaseException">The database failed; nothing was written unless the fault is <see cref="DatabaseFault.Unanswered"/>.</exception>
    public abstract Task<T> WriteAsync<T>(Func<DatabaseSession, ValueTask<T>> body, CancellationToken cancellation, bool urgent = false);

    /// <summary>As <see cref="WriteAsync"/>, for what must neither be done twice nor be reported as failed when it happened: after a commit whose answer was
    /// lost it looks whether it happened, and answers for it or does it again.</summary>
    /// <param name="body">As for <see cref="WriteAsync"/>.</param>
    /// <param name="happened">Whether the write whose result is given can be seen in the database. The lost transaction has ended by then, one way or the other.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="DatabaseException">As for <see cref="WriteAsync"/>; <see cref="DatabaseFault.Unanswered"/> only when it could not be looked for.</exception>
    public async Task<T> WriteSurelyAsync<T>(
        Func<DatabaseSession, ValueTask<T>> body,
        Func<DatabaseSession, T, ValueTask<bool>> happened,
        CancellationToken cancellation
    )
    {
        for (var tries = 1; ; tries++)
        {
            T result = default!;
            try
            {
                return await WriteAsync(async session => result = await body(session), cancellation);
            }
            catch (DatabaseException exception) when (exception.Fault is DatabaseFault.Unanswered && tries < MostUnanswered)
            {
                if (await LookAsync(session => happened(session, result), exception))
                {
                    return result;
                }
            }
        }
    }

    private async Task<bool> LookAsync(Func<DatabaseSession, ValueTask<bool>> happened, DatabaseException unanswered)
    {
        try
        {
            return await ReadAsync(happened, CancellationToken.None);
        }
        catch (DatabaseException exception) when (exception.Fault is DatabaseFault.Unavailable or DatabaseFault.Busy)
        {
            throw unanswered;
        }
    }

    /// <summary>Closes all connections, after what is queued has been written.</summary>
    public abstract ValueTask DisposeAsync();
}
