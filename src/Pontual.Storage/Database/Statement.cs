using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Pontual.Storage.Database;

/// <summary>One SQL statement in the words of each database, side by side. Make it once and keep it: drivers remember what they prepared by the instance.</summary>
/// <remarks>
/// <c>@name</c> stands for a value. A statement that works on many rows starts with <c>WITH {rows}</c>, which becomes a table named
/// <c>rows</c> with the columns of its <see cref="RowSet{T}"/>: <c>unnest</c> of arrays on PostgreSQL, <c>VALUES</c> on SQLite.
/// </remarks>
public sealed partial class Statement
{
    private const string Rows = "{rows}";
    private readonly string _postgreSql;
    private readonly string _sqlite;
    private readonly ConcurrentDictionary<int, string> _expanded = new();

    /// <summary>Has no time limit: it waits for its turn, however long that takes.</summary>
    public bool MayTakeLong { get; init; }

    /// <summary>PostgreSQL's text is two statements with ';' between, sent in one go: the answer is the second one's.</summary>
    public bool AnswersSecond { get; init; }

    /// <summary>A statement that both databases read alike.</summary>
    public Statement(string both)
        : this(both, both) { }

    /// <summary>A statement that each database needs said in its own way.</summary>
    public Statement(string postgreSql, string sqlite) => (_postgreSql, _sqlite) = (postgreSql, WithoutUndo(sqlite));

    /// <summary>The text for a statement without rows.</summary>
    public string For(Dialect dialect) => dialect is Dialect.PostgreSql ? _postgreSql : _sqlite;

    /// <summary>The text for <paramref name="count"/> rows at once; PostgreSQL takes any number with one text.</summary>
    internal string For(Dialect dialect, IReadOnlyList<string> columns, int count) =>
        _expanded.GetOrAdd(dialect is Dialect.PostgreSql ? 0 : count, size => Expand(dialect, columns, size));

    /// <summary>
    /// SQLite copies every page that a statement over many rows changes, to undo that statement alone when a later row is refused. We undo whole
    /// transactions, or parts of them (<see cref="DatabaseSession.PartAsync"/>), and spare the copies: a refused statement leaves its first rows until then.
    /// </summary>
    private static string WithoutUndo(string sqlite) => Change().Replace(sqlite, "$1 OR FAIL $2");

    [GeneratedRegex(@"\b(INSERT|UPDATE)\s+(INTO\s+\w+|\w+\s+SET\b)")]
    private static partial Regex Change();

    private string Expand(Dialect dialect, IReadOnlyList<string> columns, int count)
    {
        var text = For(dialect);
        var place = text.IndexOf(Rows, StringComparison.Ordinal);
        if (place < 0 || text.AsSpan(0, place).Contains('@'))
        {
            // Rows are bound by position, names after them: the order in the text must be the same.
            throw new InvalidOperationException($"A statement over rows must have {Rows} before its first @value: {text}");
        }

        var source =
            // Several unnests in one select list walk in step.
            dialect is Dialect.PostgreSql
                ? $"SELECT {string.Join(", ", columns.Select(column => $"unnest(@rows_{column})"))}"
                : $"VALUES {string.Join(", ", Enumerable.Repeat($"({string.Join(", ", columns.Select(_ => "?"))})", count))}";
        return text.Replace(Rows, $"rows ({string.Join(", ", columns)}) AS ({source})", StringComparison.Ordinal);
    }
}
