using System.Globalization;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Cron;

namespace Pontual.Engine.Calendars;

/// <summary>Reads <c>windows</c>: <c>{ from, to, name }</c> with instants or local times, or <c>{ cron, for, name }</c>.</summary>
internal sealed class WindowReader(ICollection<DocumentProblem> problems)
{
    private const string Forms = "write { from: 2026-11-22T01:00, to: 2026-11-22T05:00 } or { cron: \"0 2 * * SUN\", for: 3h }";
    private const string TimeFix = "write a date and time, 2026-12-01T09:00 (in the zone) or 2026-12-01T09:00-03:00";

    private static readonly string[] LocalTimes = ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"];
    private static readonly string[] Instants = ["yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz"];

    public IEnumerable<CalendarEntry> Read(DocumentObject document)
    {
        if (document.Get("windows") is not { } json)
        {
            yield break;
        }

        foreach (var (item, path) in DayWords.Items(json, document.PathOf("windows")))
        {
            if (DocumentObject.Open(item, path, problems, "from", "to", "cron", "for", "name") is { } window && Entry(window) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private CalendarEntry? Entry(DocumentObject window)
    {
        var name = window.Text("name", 200);
        var (once, repeated) = (window.Has("from") || window.Has("to"), window.Has("cron") || window.Has("for"));
        if (once == repeated)
        {
            problems.Add(new(window.Path, "window", once ? "a window is of one kind" : "the window says no times", Forms));
            return null;
        }

        return once ? Once(window, name) : Repeated(window, name);
    }

    private static RecurringWindowEntry? Repeated(DocumentObject window, string? name)
    {
        if (!window.Require("cron", Forms) || !window.Require("for", Forms))
        {
            return null;
        }

        var length = window.Span("for", TimeSpan.FromSeconds(1), TimeSpan.FromDays(366));
        if (window.Text("cron", CronExpression.MaxLength) is not { } text)
        {
            return null;
        }

        if (!CronExpression.TryParse(text, out var starts, out var problem))
        {
            window.Report(
                "cron",
                "cron",
                $"{DocumentText.Quote(text)} at column {problem.Column}: {problem.Message.TrimEnd('.')}",
                Forms,
                problem.Column
            );
            return null;
        }

        return length is { } span ? new RecurringWindowEntry(starts, span, name) : null;
    }

    private static CalendarEntry? Once(DocumentObject window, string? name)
    {
        if (!window.Require("from", Forms) || !window.Require("to", Forms))
        {
            return null;
        }

        var (from, to) = (Time(window, "from"), Time(window, "to"));
        if (from is null || to is null)
        {
            return null;
        }

        if ((from.Value.At is null) != (to.Value.At is null))
        {
            window.Report(
                "to",
                "window",
                "one end has an offset and the other has none",
                "write both with an offset, or both as local times"
            );
            return null;
        }

        if (from.Value.At >= to.Value.At || (from.Value.At is null && from.Value.Local >= to.Value.Local))
        {
            window.Report("to", "window", "the window ends before it begins", "write a later 'to'");
            return null;
        }

        return from.Value.At is { } start
            ? new WindowEntry(start, to.Value.At!.Value, name)
            : new LocalWindowEntry(from.Value.Local, to.Value.Local, name);
    }

    private static (DateTimeOffset? At, DateTime Local)? Time(DocumentObject window, string key)
    {
        if (window.Text(key, 40, TimeFix) is not { } text)
        {
            return null;
        }

        var utc = text.EndsWith('Z') ? $"{text[..^1]}+00:00" : text;
        if (DateTimeOffset.TryParseExact(utc, Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
        {
            return (instant.ToUniversalTime(), default);
        }

        if (DateTime.TryParseExact(text, LocalTimes, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return (null, local);
        }

        window.Report(key, "instant", $"{DocumentText.Quote(text)} is not a date and time", TimeFix);
        return null;
    }
}
