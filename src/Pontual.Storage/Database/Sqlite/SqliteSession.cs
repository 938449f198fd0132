namespace Pontual.Storage.Database.Sqlite;

/// <summary>Speaks to one SQLite connection. Every call completes before it returns.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : DatabaseSession
{
    // Sizes of a multi-row VALUES: few, so that each statement is prepared a few times only; any number of rows is a sum of them.
    private static readonly int[] Sizes = [50, 10, 3, 1];
    private int _depth;
    private bool _closed;

    public override Dialect Dialect => Dialect.Sqlite;

    /// <summary>Runs a body that works through its session alone, to its end.</summary>
    /// <exception cref="InvalidOperationException">The body awaited something else: it would hold up every writer. Its session is of no use to it any more.</exception>
    public static T Run<T>(SqliteConnection connection, Func<DatabaseSession, ValueTask<T>> body)
    {
        var session = new SqliteSession(connection);
        try
        {
            var running = body(session);
            return running.IsCompleted
                ? running.GetAwaiter().GetResult()
                : throw new InvalidOperationException("A body awaited something else than its session: it would hold up every writer.");
        }
        finally
        {
            session._closed = true;
            connection.WroteEvents |= session.WritesEvents;
        }
    }

    public override ValueTask ExecuteScriptAsync(string script)
    {
        connection.Run(script);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<T> PartAsync<T>(Func<ValueTask<T>> part)
    {
        var name = $"part{_depth++}";
        connection.Run($"SAVEPOINT {name}");
        try
        {
            var result = await part();
            connection.Run($"RELEASE {name}");
            return result;
        }
        catch when (connection.InTransaction)
        {
            connection.Run($"ROLLBACK TO {name}; RELEASE {name}");
            throw;
        }
        finally
        {
            _depth--;
        }
    }

    protected override ValueTask<int> RunAsync<TRow, T>(
        Statement statement,
        RowSet<TRow> set,
        IReadOnlyList<TRow>? rows,
        Func<Row, T>? read,
        List<T>? into,
        (string Name, Value Value)[] values
    )
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (rows is null)
        {
            return ValueTask.FromResult(Run(connection.Prepare(statement, [], 0), read, into, values));
        }

        var (changed, done) = (0, 0);
        foreach (var size in Sizes)
        {
            for (; rows.Count - done >= size; done += size)
            {
                var prepared = connection.Prepare(statement, set.Names, size);
                BindRows(prepared, set, rows, done, size);
                changed += Run(prepared, read, into, values);
            }
        }

        return ValueTask.FromResult(changed);
    }

    private static void BindRows<TRow>(SqliteStatement prepared, RowSet<TRow> set, IReadOnlyList<TRow> rows, int from, int count)
    {
        var place = 1;
        for (var index = from; index < from + count; index++)
        {
            for (var column = 0; column < set.Width; column++)
            {
                prepared.Bind(place++, set.Read(column, rows[index]));
            }
        }
    }

    private static int Run<T>(SqliteStatement prepared, Func<Row, T>? read, List<T>? into, (string Name, Value Value)[] values)
    {
        foreach (var (name, value) in values)
        {
            prepared.Bind(name, value);
        }

        return prepared.Run(read, into);
    }
}
