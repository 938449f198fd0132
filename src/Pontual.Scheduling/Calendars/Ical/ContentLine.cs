using System.Text;

namespace Pontual.Scheduling.Calendars.Ical;

/// <summary>One property of an iCalendar text (RFC 5545, 3.1): <c>NAME;PARAMETER=value:VALUE</c>, unfolded.</summary>
/// <param name="Number">The line it begins on, from 1.</param>
/// <param name="Name">In capitals.</param>
/// <param name="Parameters">By name in capitals, without quotes.</param>
/// <param name="Value">As it is written.</param>
internal sealed record ContentLine(int Number, string Name, IReadOnlyDictionary<string, string> Parameters, string Value)
{
    /// <summary>The value as text: <c>\n \, \; \\</c> undone.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder(Value.Length);
            for (var at = 0; at < Value.Length; at++)
            {
                var escaped = Value[at] == '\\' && at + 1 < Value.Length;
                text.Append(
                    !escaped ? Value[at]
                    : Value[++at] is 'n' or 'N' ? '\n'
                    : Value[at]
                );
            }

            return text.ToString();
        }
    }

    /// <summary>All lines of a text. A line that is no property comes with an empty name and the whole as its value.</summary>
    public static IEnumerable<ContentLine> Of(string text)
    {
        var (number, started, folded) = (0, 0, new StringBuilder());
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd('\r');
            if (line.Length > 0 && line[0] is (' ' or '\t'))
            {
                folded.Append(line, 1, line.Length - 1);
                continue;
            }

            if (folded.Length > 0)
            {
                yield return Parse(started, folded.ToString());
            }

            folded.Clear().Append(line);
            started = number;
        }

        if (folded.Length > 0)
        {
            yield return Parse(started, folded.ToString());
        }
    }

    private static ContentLine Parse(int number, string line)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var parts = Parts(line, out var colon);
        if (colon < 0)
        {
            return new ContentLine(number, "", parameters, line);
        }

        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                parameters[part[..equals].ToUpperInvariant()] = part[(equals + 1)..].Trim('"');
            }
        }

        return new ContentLine(number, parts[0].ToUpperInvariant(), parameters, line[(colon + 1)..]);
    }

    // Semicolons and colons inside quotes part nothing.
    private static List<string> Parts(string line, out int colon)
    {
        var (parts, start, quoted) = (new List<string>(), 0, false);
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && line[at] is (';' or ':'))
            {
                parts.Add(line[start..at]);
                start = at + 1;
                if (line[at] == ':')
                {
                    colon = at;
                    return parts;
                }
            }
        }

        colon = -1;
        return parts;
    }
}
