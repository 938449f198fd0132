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

    /// <summary>Capitals, and one space between fields. The same string when it is so already.</summary>
    public static string Normalise(string text)
    {
        var normal =
            text[0] != ' ' && text[^1] != ' ' && !text.AsSpan().ContainsAny(NotNormal) && !text.Contains("  ", StringComparison.Ordinal);
        return normal ? text : string.Join(' ', text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();
    }
}
