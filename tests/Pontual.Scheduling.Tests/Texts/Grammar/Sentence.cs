using System.Text.RegularExpressions;

namespace Pontual.Scheduling.Tests.Texts.Grammar;

/// <summary>A language as a list of phrases in the order they may stand in; each is a pattern and what it means.</summary>
internal abstract class Sentence
{
    private readonly List<(Regex Pattern, Action<Match, Reading> Means)> _phrases = [];

    /// <summary>Reads a sentence to its end.</summary>
    /// <exception cref="FormatException">It is not one of this grammar; the message shows where it leaves it.</exception>
    public Reading Read(string text)
    {
        var reading = new Reading();
        var at = 0;
        var hasAny = false;
        foreach (var (pattern, means) in _phrases)
        {
            if (at < text.Length && pattern.Match(text, at) is { Success: true } match)
            {
                means(match, reading);
                at += match.Length;
                hasAny = true;
                var separator = text[at..];
                at += separator.StartsWith(", ", StringComparison.Ordinal) || separator.StartsWith("; ", StringComparison.Ordinal) ? 2 : 0;
            }
        }

        return hasAny && at == text.Length && text[^1] is not (' ' or ',' or ';')
            ? reading
            : throw new FormatException($"The grammar ends at «{text[at..]}» of «{text}».");
    }

    protected void Phrase(string pattern, Action<Match, Reading> means) =>
        _phrases.Add((new Regex($@"\G(?:{pattern})(?=, |; |$)", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5)), means));

    protected void Phrase(string pattern) => Phrase(pattern, (_, _) => { });

    /// <summary>"a", "a and b", "a, b and c".</summary>
    protected static string List(string item, string word) => $"(?:(?:{item}(?:, {item})* {word} )?{item})";

    /// <summary>Two or more.</summary>
    protected static string Many(string item, string word) => $"(?:{item}(?:, {item})* {word} {item})";

    protected static string AnyOf(IEnumerable<string> words) => $"(?:{string.Join('|', words.Select(Regex.Escape))})";

    protected static IEnumerable<Match> Each(string pattern, string text) =>
        Regex.Matches(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(5));

    /// <summary>The numbers in "1, 3 to 5 and 9".</summary>
    protected static List<int> Numbers(string text, string to) =>
        [
            .. Each($@"(\d+)(?:º)?(?: {to} (\d+))?", text)
                .SelectMany(match =>
                {
                    var first = int.Parse(match.Groups[1].Value);
                    var last = match.Groups[2].Success ? int.Parse(match.Groups[2].Value) : first;
                    return Enumerable.Range(first, last - first + 1);
                }),
        ];

    /// <summary>The values from one to another on a dial.</summary>
    protected static List<int> Round(int first, int last, int count) =>
        [.. Enumerable.Range(0, ((last - first + count) % count) + 1).Select(step => (first - 1 + step) % count + 1)];

    /// <summary>Monday is 1, Sunday 7.</summary>
    protected static int Weekday(DateOnly day) => day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek;

    protected static int FromEnd(DateOnly day) => DateTime.DaysInMonth(day.Year, day.Month) - day.Day;

    /// <summary>The n-th such day of its month, or the last for 0.</summary>
    protected static bool IsNth(DateOnly day, int weekday, int nth) =>
        Weekday(day) == weekday && (nth == 0 ? FromEnd(day) < 7 : (day.Day - 1) / 7 == nth - 1);

    /// <summary>The Monday to Friday nearest to a day of its month; never in another one.</summary>
    protected static bool IsNearest(DateOnly day, int wanted)
    {
        var length = DateTime.DaysInMonth(day.Year, day.Month);
        return wanted <= length
            && Weekday(day) <= 5
            && Enumerable
                .Range(1, length)
                .Where(other => Weekday(new DateOnly(day.Year, day.Month, other)) <= 5)
                .MinBy(other => Math.Abs(other - wanted)) == day.Day;
    }
}
