using System.Buffers;

namespace Pontual.Scheduling.Cron;

/// <summary>The text of expressions: which characters it has, what macros stand for, how it is written in its one normal way.</summary>
internal static class CronText
{
    /// <summary>Printable ASCII, and the tab that parts the fields of many crontab files.</summary>
    public static readonly SearchValues<char> Readable = SearchValues.Create([
        '\t',
        .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code),
    ]);

    /// <summary>As they are named in messages.</summary>
    public const string Macros = "@yearly, @annually, @monthly, @weekly, @daily, @midnight or @hourly";

    private static readonly SearchValues<char> NotNormal = SearchValues.Create("\tabcdefghijklmnopqrstuvwxyz");

    /// <summary>The five fields that a macro stands for; null when there is no such macro.</summary>
    public static string? Expand(ReadOnlySpan<char> macro)
    {
        Span<char> lower = stackalloc char[16];
        var length = macro.ToLowerInvariant(lower);
        return length < 0
            ? null
            : lower[..length] switch
            {
                "@yearly" or "@annually" => "0 0 1 1 *",
                "@monthly" => "0 0 1 * *",
                "@weekly" => "0 0 * * 0",
                "@daily" or "@midnight" => "0 0 * * *",
                "@hourly" => "0 * * * *",
                _ => null,
            };
    }

    /// <summary>Capitals, one space between fields, our own dialect. The same string when it is so already.</summary>
    public static string Normalise(string text, ReadOnlySpan<Part> parts, CronDialect dialect) =>
        dialect == CronDialect.Quartz ? FromQuartz(text, parts)
        : IsNormal(text, parts) ? text
        : string.Join(' ', text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();

    private static bool IsNormal(string text, ReadOnlySpan<Part> parts)
    {
        var at = 0;
        foreach (var part in parts)
        {
            if (part.Start != at)
            {
                return false;
            }

            at = part.End + 1;
        }

        return at == text.Length + 1 && !text.AsSpan().ContainsAny(NotNormal);
    }

    private static string FromQuartz(string text, ReadOnlySpan<Part> parts)
    {
        var fields = new string[parts.Length];
        for (var at = 0; at < fields.Length; at++)
        {
            var items = text[parts[at].Start..parts[at].End]
                .ToUpperInvariant()
                .Split(',')
                .Select(item => item[0] == '/' ? "*" + item : item);
            fields[at] = string.Join(',', at == 5 ? items.Select(FromQuartzDay) : items);
        }

        return string.Join(' ', fields);
    }

    // 2-6 is Monday to Friday there and 1-5 here; what follows a step or '#' is no day, and a zero only leads.
    private static string FromQuartzDay(string item)
    {
        var end = item.AsSpan().IndexOfAny('/', '#') is >= 0 and var found ? found : item.Length;
        return item == "L" ? "6" : string.Concat(item[..end].Where(sign => sign != '0').Select(Earlier).Concat(item[end..]));
    }

    private static char Earlier(char sign) => char.IsAsciiDigit(sign) ? (char)(sign - 1) : sign;
}
