namespace Pontual.Storage.Database;

/// <summary>How objects become the table <c>rows</c> of a statement: one column for each part that the statement reads.</summary>
/// <typeparam name="T">What one row is made from.</typeparam>
public sealed class RowSet<T>
{
    private readonly (string Name, ValueKind Kind, Func<T, Value> Read)[] _columns;

    /// <param name="columns">Name in the statement, kind, and where the value comes from, in order.</param>
    public RowSet(params (string Name, ValueKind Kind, Func<T, Value> Read)[] columns)
    {
        _columns = columns;
        Names = [.. columns.Select(column => column.Name)];
    }

    internal IReadOnlyList<string> Names { get; }

    internal int Width => _columns.Length;

    internal ValueKind KindOf(int column) => _columns[column].Kind;

    internal Value Read(int column, T row) => _columns[column].Read(row);
}
