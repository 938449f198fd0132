using System.Runtime.CompilerServices;

namespace Pontual.Scheduling.Cron;

/// <content>What is said of a wrong field: its name, what was written in it, what is wrong and what is allowed.</content>
internal ref partial struct FieldReader
{
    private const int LongestQuote = 40;

    private bool Fail(int at, [InterpolatedStringHandlerArgument("")] ref Sentence what)
    {
        Problem = new CronProblem(_isTrial ? "" : $"{Opening()}{what.ToString()}", at + 1, _field.Name);
        return false;
    }

    private readonly string Opening()
    {
        var written = _text[_start..];
        var quote = written.Length > LongestQuote ? $"{written[..LongestQuote]}…" : written.ToString();
        return $"{char.ToUpperInvariant(_field.Name[0])}{_field.Name[1..]} '{quote}': ";
    }

    private readonly string Word(int from)
    {
        const int Longest = 12;
        var rest = _text[from..];
        var stop = rest.IndexOfAny(",-/");
        return rest[..Math.Min(stop <= 0 ? rest.Length : stop, Longest)].ToString();
    }

    private readonly string Allowed() =>
        _field.Names.Length == 0
            ? $"{_field.First} to {_field.Last} or '*'"
            : $"{_field.First} to {_field.Last}, {_field.Names[..3]} to {_field.Names[^3..]} or '*'";

    /// <summary>A sentence that is written only where somebody will read it: of a trial only the column counts.</summary>
    [InterpolatedStringHandler]
    internal ref struct Sentence
    {
        private DefaultInterpolatedStringHandler _text;

        public Sentence(int literals, int holes, FieldReader reader, out bool isRead)
        {
            isRead = !reader._isTrial;
            _text = isRead ? new DefaultInterpolatedStringHandler(literals, holes) : default;
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public void AppendFormatted(ReadOnlySpan<char> value) => _text.AppendFormatted(value);

        public override string ToString() => _text.ToStringAndClear();
    }
}
