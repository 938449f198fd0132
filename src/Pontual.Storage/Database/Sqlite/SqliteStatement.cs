using SQLitePCL;

namespace Pontual.Storage.Database.Sqlite;

/// <summary>A prepared statement: bind, step through the rows, reset.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3_stmt handle) : IDisposable
{
    private readonly Dictionary<string, int> _places = [];
    private readonly SqliteRow _row = new(handle);

    /// <summary>Sets the value of <c>@name</c>.</summary>
    public void Bind(string name, in Value value)
    {
        if (!_places.TryGetValue(name, out var place))
        {
            place = raw.sqlite3_bind_parameter_index(handle, "@" + name);
            _places.Add(name, place);
        }

        // A value that only the other dialect's text uses has no place here.
        if (place > 0)
        {
            Bind(place, value);
        }
    }

    /// <summary>Sets the value at a place, counted from 1.</summary>
    public void Bind(int place, in Value value) =>
        connection.Check(
            value switch
            {
                { IsNull: true } => raw.sqlite3_bind_null(handle, place),
                { Kind: ValueKind.Number or ValueKind.Instant } => raw.sqlite3_bind_int64(handle, place, value.Number),
                { Kind: ValueKind.Text } => raw.sqlite3_bind_text(handle, place, value.Text),
                { Kind: ValueKind.Id } => BindId(place, value.Id),
                _ => raw.sqlite3_bind_blob(handle, place, value.Bytes.Span),
            }
        );

    /// <summary>Runs to the end.</summary>
    /// <returns>Rows changed.</returns>
    public int Run<T>(Func<Row, T>? read, List<T>? into)
    {
        try
        {
            int code;
            while ((code = raw.sqlite3_step(handle)) == raw.SQLITE_ROW)
            {
                if (read is not null)
                {
                    into!.Add(read(_row));
                }
            }

            connection.Check(code);
            return connection.Changes;
        }
        finally
        {
            raw.sqlite3_reset(handle);
        }
    }

    public void Dispose() => handle.Dispose();

    private int BindId(int place, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return raw.sqlite3_bind_blob(handle, place, bytes);
    }
}

/// <summary>The row a prepared statement stands on.</summary>
internal sealed class SqliteRow(sqlite3_stmt handle) : Row
{
    public override bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public override long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public override string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    public override Guid Id(int column) => new(raw.sqlite3_column_blob(handle, column), bigEndian: true);

    public override DateTimeOffset Instant(int column) => Microseconds.ToInstant(Int64(column));

    public override byte[] Bytes(int column) => raw.sqlite3_column_blob(handle, column).ToArray();
}
