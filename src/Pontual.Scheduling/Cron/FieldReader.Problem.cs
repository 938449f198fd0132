namespace Pontual.Scheduling.Cron;

/// <content>What is said of a wrong field: its name, what was written in it, what is wrong and what is allowed.</content>
internal ref partial struct FieldReader
{
    private const int LongestQuote = 40;

    private bool Fail(int at, string what)
    {
        var written = _text[_start..];
        var quote = written.Length > LongestQuote ? $"{written[..LongestQuote]}…" : written.ToString();
        Problem = new CronProblem($"{char.ToUpperInvariant(_field.Name[0])}{_field.Name[1..]} '{quote}': {what}", at + 1, _field.Name);
        return false;
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
}
