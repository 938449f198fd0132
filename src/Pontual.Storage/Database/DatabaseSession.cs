namespace Pontual.Storage.Database;

/// <summary>A connection for the length of one transaction (or of one read). Not thread-safe; not valid after its body has ended.</summary>
public abstract class DatabaseSession
{
    private static readonly RowSet<int> NoRows = new();

    /// <summary>Which database this is, where code must differ.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Whether the transaction writes events: readers of the log are told after its commit.</summary>
    public bool WritesEvents { get; set; }

    /// <summary>Runs a statement that changes rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public ValueTask<int> ExecuteAsync(Statement statement, params (string Name, Value Value)[] values) =>
        RunAsync<int, int>(statement, NoRows, null, null, null, values);

    /// <summary>Runs a statement over many rows.</summary>
    /// <returns>How many rows it changed; 0 without touching the database when <paramref name="rows"/> is empty.</returns>
    public ValueTask<int> ExecuteAsync<TRow>(
        Statement statement,
        RowSet<TRow> set,
        IReadOnlyList<TRow> rows,
        params (string Name, Value Value)[] values
    ) => rows.Count == 0 ? ValueTask.FromResult(0) : RunAsync<TRow, int>(statement, set, rows, null, null, values);

    /// <summary>Runs a statement that answers rows.</summary>
    public async ValueTask<List<T>> QueryAsync<T>(Statement statement, Func<Row, T> read, params (string Name, Value Value)[] values)
    {
        var found = new List<T>();
        await RunAsync(statement, NoRows, null, read, found, values);
        return found;
    }

    /// <summary>Runs a statement over many rows that answers rows, in no particular order.</summary>
    /// <remarks>On SQLite it may run as several statements, so an ORDER BY or LIMIT in it does not hold for the whole.</remarks>
    public async ValueTask<List<T>> QueryAsync<TRow, T>(
        Statement statement,
        RowSet<TRow> set,
        IReadOnlyList<TRow> rows,
        Func<Row, T> read,
        params (string Name, Value Value)[] values
    )
    {
        var found = new List<T>();
        if (rows.Count > 0)
        {
            await RunAsync(statement, set, rows, read, found, values);
        }

        return found;
    }

    /// <summary>Runs a script of several statements without values (migrations).</summary>
    public abstract ValueTask ExecuteScriptAsync(string script);

    /// <summary>Does a part of the transaction that may fail alone: on an exception this part is undone, and the exception goes on to the caller.</summary>
    /// <remarks>A body that goes on after a refused statement must have run it in a part: the statement's first rows may have been written.</remarks>
    public abstract ValueTask<T> PartAsync<T>(Func<ValueTask<T>> part);

    /// <summary>What every kind of statement comes down to.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="set">Columns of <paramref name="rows"/>.</param>
    /// <param name="rows">Rows, or null for a statement without them.</param>
    /// <param name="read">Reads an answer, or null when none is wanted.</param>
    /// <param name="into">Where answers go.</param>
    /// <param name="values">Named values.</param>
    /// <returns>Rows changed.</returns>
    protected abstract ValueTask<int> RunAsync<TRow, T>(
        Statement statement,
        RowSet<TRow> set,
        IReadOnlyList<TRow>? rows,
        Func<Row, T>? read,
        List<T>? into,
        (string Name, Value Value)[] values
    );
}
