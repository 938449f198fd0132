using System.Text.RegularExpressions;

namespace Pontual.Scheduling.Cron;

/// <summary>Names that people write for days and months, in English and Portuguese, whole or cut.</summary>
internal static class KnownNames
{
    private static readonly string[][] Days =
    [
        ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"],
        ["DOMINGO", "SEGUNDA", "TERCA", "QUARTA", "QUINTA", "SEXTA", "SABADO"],
    ];

    private static readonly string[][] Months =
    [
        ["JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"],
        ["JANEIRO", "FEVEREIRO", "MARCO", "ABRIL", "MAIO", "JUNHO", "JULHO", "AGOSTO", "SETEMBRO", "OUTUBRO", "NOVEMBRO", "DEZEMBRO"],
    ];

    /// <summary>The three letters that the grammar knows for a word in capitals; null when it is no name of the field.</summary>
    public static string? Find(CronField field, string word)
    {
        var cut = word.EndsWith("-FEIRA", StringComparison.Ordinal) ? word[..^6] : word;
        var singular = cut.Length > 4 && cut[^1] == 'S' ? cut[..^1] : cut;
        foreach (var language in field.IsDayOfWeek ? Days : Months)
        {
            var at = Array.FindIndex(language, name => name.StartsWith(cut, StringComparison.Ordinal) || name == singular);
            if (at >= 0 && cut.Length >= 3)
            {
                return field.Names.Substring(at * 3, 3);
            }
        }

        return null;
    }
}

/// <summary>Times of day as people write them: 9:30, 09:30, 9h, 9h30, 9am, 9:30pm.</summary>
internal static partial class TimeOfDay
{
    /// <returns>The hour, and the minute where it is written; null when the text is no time of day.</returns>
    public static (int Hour, int? Minute)? Read(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || (!match.Groups[2].Success && !match.Groups[3].Success))
        {
            return null;
        }

        var hour = int.Parse(match.Groups[1].Value);
        hour = match.Groups[3].Value.ToUpperInvariant() switch
        {
            "PM" when hour < 12 => hour + 12,
            "AM" when hour == 12 => 0,
            _ => hour,
        };
        return (hour, match.Groups[2].Success ? int.Parse(match.Groups[2].Value) : null);
    }

    [GeneratedRegex(@"\A([0-9]{1,2})(?:[:H]([0-9]{2}))?(?::[0-9]{2})?(AM|PM|HS?|HRS)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex Pattern();
}
