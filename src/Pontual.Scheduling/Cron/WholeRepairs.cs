using System.Text.RegularExpressions;

namespace Pontual.Scheduling.Cron;

/// <summary>Repairs of a text that is no expression as a whole: strange characters, mistyped macros, too few or too many fields.</summary>
internal static partial class WholeRepairs
{
    private const string Accented = "ÁÀÂÃÄÉÊÈÍÓÔÕÖÚÜÇáàâãäéêèíóôõöúüç";
    private const string Plain = "AAAAAEEEIOOOOUUCaaaaaeeeiooooouuc";

    private static readonly string[] Macros = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

    public static IEnumerable<string> Of(string text, CronDialect dialect)
    {
        yield return Clean(text);
        var bare = text.Trim(' ', '\t', '"', '\'', '`');
        if (bare.StartsWith('@') || !bare.Contains(' '))
        {
            yield return OfMacro(bare);
        }

        if (bare.StartsWith('@'))
        {
            yield break;
        }

        yield return Period().Replace(bare, period => $"@every {period.Groups[1]}{char.ToLowerInvariant(period.Groups[2].Value[0])}");
        yield return InWords(bare);
        foreach (var counted in OfSigns(text).Concat(OfCount(bare, dialect)))
        {
            yield return counted;
        }
    }

    /// <summary>Quotes around a text, other signs that were meant for ours, blanks inside a list or range.</summary>
    public static IEnumerable<string> OfSigns(string text)
    {
        if (text.AsSpan().ContainsAny("\"'`;"))
        {
            yield return Clean(text);
        }

        if (new FieldTexts(text).Count > 5)
        {
            yield return BlankBesideSign().Replace(text, "$1");
        }
    }

    /// <summary>Fewer fields than were written, or more.</summary>
    public static IEnumerable<string> OfCount(string text, CronDialect dialect)
    {
        var fields = new FieldTexts(text);
        if (fields.Count > 5)
        {
            yield return dialect == CronDialect.Crontab && fields[0] is "0" ? string.Join(' ', text.Trim().Split(' ').Skip(1)) : text;
            yield return fields.Count > 7 ? fields.First(7) : text;
            yield return fields.First(6);
            yield return fields.First(5);
        }
        else if (fields.Count == 5 && dialect == CronDialect.Quartz)
        {
            yield return ToQuartz(fields);
        }
        else if (fields.Count is > 1 and < 5 || text.Contains('*'))
        {
            var padded = $"{text.Trim()}{string.Concat(Enumerable.Repeat(" *", Math.Max(0, 5 - fields.Count)))}";
            yield return dialect == CronDialect.Quartz ? ToQuartz(new FieldTexts(padded)) : padded;
        }
    }

    private static string Clean(string text)
    {
        var plain = text.Select(sign =>
            sign switch
            {
                >= '！' and <= '～' => (char)(sign - '！' + '!'),
                '‐' or '‑' or '‒' or '–' or '—' or '−' => '-',
                '∗' or '×' or '•' => '*',
                '⁄' or '∕' => '/',
                '、' or ';' => ',',
                '“' or '”' or '‘' or '’' or '"' or '\'' or '`' => '\0',
                _ when char.IsWhiteSpace(sign) => ' ',
                _ when Accented.IndexOf(sign, StringComparison.Ordinal) is >= 0 and var at => Plain[at],
                _ => char.IsAscii(sign) ? sign : '\0',
            }
        );
        return string.Concat(plain.Where(sign => !char.IsControl(sign)));
    }

    private static string OfMacro(string text)
    {
        if (WholePart().Match(text) is { Success: true } every)
        {
            return OfPeriod(int.Parse(every.Groups[1].Value), every.Groups[2].Value) ?? text;
        }

        if (text.Length is <= 3 or >= 16)
        {
            return text;
        }

        var wanted = $"@{text.TrimStart('@').ToLowerInvariant()}";
        var nearest = Macros.MinBy(macro => Distance(wanted, macro))!;
        return Distance(wanted, nearest) <= 2 ? nearest : text;
    }

    /// <summary>What divides the next larger unit evenly is an expression as well.</summary>
    private static string? OfPeriod(int count, string unit)
    {
        var most = unit == "h" ? 24 : 60;
        var field =
            count == 1 ? "*"
            : count == most ? "0"
            : $"*/{count}";
        return count == 0 || most % count != 0
            ? null
            : unit switch
            {
                "s" => $"{field} * * * * *",
                "m" => $"{field} * * * *",
                _ => $"0 {field} * * *",
            };
    }

    /// <summary>A time, a day, or both: <c>9:30</c>, <c>monday 9am</c>.</summary>
    private static string InWords(string text)
    {
        var fields = new FieldTexts(text.ToUpperInvariant());
        if (fields.Count is 0 or > 5)
        {
            return text;
        }

        var isTimeFirst = TimeOfDay.Read(fields[0]) is not null;
        var time =
            isTimeFirst ? TimeOfDay.Read(fields[0])
            : fields.Count == 2 ? TimeOfDay.Read(fields[1])
            : null;
        var clock = $"{time?.Minute ?? 0} {time?.Hour ?? 0}";
        if (isTimeFirst && (fields.Count == 1 || fields[1] == "*"))
        {
            return $"{clock} {string.Join(' ', Enumerable.Range(1, 3).Select(at => at < fields.Count ? fields[at] : "*"))}";
        }

        var word = isTimeFirst && fields.Count == 2 ? fields[1] : fields[0];
        var days = string.Join('-', word.Split('-').Select(day => KnownNames.Find(CronField.DayOfWeek, day) ?? "-"));
        return fields.Count <= 2 && (fields.Count == 1 || time is not null) && !days.Contains("--", StringComparison.Ordinal) && days != "-"
            ? $"{clock} * * {days}"
            : text;
    }

    private static string ToQuartz(FieldTexts five)
    {
        var (date, week) = (five.Field(CronField.DayOfMonth), five.Field(CronField.DayOfWeek));
        var later = Digits().Replace(week, day => $"{((day.Value[0] - '0') % 7) + 1}");
        var days = week is "*" or "?" ? (date == "?" ? "*" : date, "?") : (date is "*" or "?" ? "?" : date, later);
        return $"0 {five.Field(CronField.Minute)} {five.Field(CronField.Hour)} {days.Item1} {five.Field(CronField.Month)} {days.Item2}";
    }

    /// <summary>How many letters must be put in, taken out or changed (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var at = 1; at <= one.Length; at++)
        {
            var diagonal = row[0];
            row[0] = at;
            for (var to = 1; to <= other.Length; to++)
            {
                var changed = diagonal + (one[at - 1] == other[to - 1] ? 0 : 1);
                diagonal = row[to];
                row[to] = Math.Min(changed, Math.Min(row[to], row[to - 1]) + 1);
            }
        }

        return row[^1];
    }

    [GeneratedRegex(@"[ \t]*([-,]|/(?=[0-9]))[ \t]*(?=[A-Za-z0-9*])")]
    private static partial Regex BlankBesideSign();

    [GeneratedRegex(@"(?<![/#0-9])[0-7](?![0-9])")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\A@every ([0-9]{1,4})([smh])\z")]
    private static partial Regex WholePart();

    [GeneratedRegex(@"\A(?:every )?([0-9]{1,4}) ?(s|m|h)(?:ec|ecs|econd|econds|in|ins|inute|inutes|our|ours)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex Period();
}
