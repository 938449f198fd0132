using System.Text.Json;
using Npgsql;
using Pontual.Engine.Executing;
using Pontual.Engine.Runs;
using Pontual.Runners.Http;

namespace Pontual.Runners.Sql;

/// <summary>What a statement gave back: its first result set and how many rows it wrote, secrets covered.</summary>
internal sealed class StatementAnswer
{
    private const int MostShown = 20;
    private const int LongestShown = 1000;
    private const int LongestJson = 64 * 1024;

    private readonly List<string> _lines = [];
    private long _rows;
    private int _columns;

    /// <summary>The type and text of the only column's first value.</summary>
    private (string Type, string? Text) _value = ("", null);

    /// <summary>Null when no statement writes rows.</summary>
    private long? _written;

    private StatementAnswer() { }

    /// <param name="reader">Of a command whose results come as texts.</param>
    /// <param name="secrets">What is to be covered.</param>
    /// <param name="cancellation">Stops the statement.</param>
    public static async Task<StatementAnswer> ReadAsync(NpgsqlDataReader reader, ResolvedSecrets secrets, CancellationToken cancellation)
    {
        var answer = new StatementAnswer { _columns = reader.FieldCount };
        if (answer._columns > 0)
        {
            await answer.ReadRowsAsync(reader, secrets, cancellation);
        }

        while (await reader.NextResultAsync(cancellation))
        {
            // Only the first is kept, but the others' errors are still to come.
        }

        answer._written = reader.Rows > int.MaxValue || reader.RecordsAffected >= 0 ? (long)reader.Rows : null;
        return answer;
    }

    /// <summary>A JSON value that stands alone is the run's result; anything else is printed.</summary>
    public Outcome.Success ToSuccess(IAttemptOutput output)
    {
        if (Json() is { } json)
        {
            return new Outcome.Success(Result: _value.Text, ItemsProcessed: Judge.ItemsIn(json) ?? _written);
        }

        if (_columns > 0 && !(_columns == 1 && _value.Type == "void"))
        {
            _lines.ForEach(output.WriteLine);
            if (_rows > MostShown)
            {
                output.WriteLine($"[{MostShown} of {_rows} rows]");
            }
        }

        // One value is the answer of a function or a count: that there is one says nothing.
        return new Outcome.Success(ItemsProcessed: _written ?? (_columns == 0 || (_columns == 1 && _rows == 1) ? null : _rows));
    }

    private async Task ReadRowsAsync(NpgsqlDataReader reader, ResolvedSecrets secrets, CancellationToken cancellation)
    {
        _lines.Add(string.Join(" | ", Enumerable.Range(0, _columns).Select(reader.GetName)));
        for (; await reader.ReadAsync(cancellation); _rows++)
        {
            if (_rows >= MostShown)
            {
                continue;
            }

            var texts = Enumerable
                .Range(0, _columns)
                .Select(column => reader.IsDBNull(column) ? null : secrets.Mask(reader.GetString(column)));
            var row = texts.ToList();
            _lines.Add(string.Join(" | ", row.Select(OnOneLine)));
            _value = _rows == 0 && _columns == 1 ? (reader.GetDataTypeName(0), row[0]) : _value;
        }
    }

    private JsonElement? Json()
    {
        if (_rows != 1 || _value is not { Type: "json" or "jsonb", Text: { Length: <= LongestJson } text })
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            // PostgreSQL's has no limit of depth, and the cover of a secret may stand where a number stood.
            return null;
        }
    }

    private static string OnOneLine(string? text)
    {
        text ??= "NULL";
        var shown = text.Length > LongestShown ? text[..LongestShown] + "…" : text;
        return string.Create(
            shown.Length,
            shown,
            static (line, from) =>
            {
                for (var i = 0; i < line.Length; i++)
                {
                    line[i] = char.IsControl(from[i]) ? ' ' : from[i];
                }
            }
        );
    }
}
