using System.Globalization;
using Pontual.Scheduling.Zones;

namespace Pontual.Engine.Jobs;

/// <summary>The zone of one schedule, and the times that are written in it.</summary>
internal sealed class ScheduleClocks
{
    private const string Fix = "write a date and time, 2026-12-01T09:00 (in the zone) or 2026-12-01T09:00-03:00";

    private static readonly string[] LocalTimes = ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF"];
    private static readonly string[] Instants = ["yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz"];

    private readonly DocumentObject _schedule;

    public ScheduleClocks(DocumentObject schedule)
    {
        _schedule = schedule;
        Zone = Read(schedule);
    }

    /// <summary>The zone; null when what is written is none.</summary>
    public Zone? Zone { get; }

    /// <summary>Whether anything of the schedule is read on the zone's clocks.</summary>
    public bool IsRead { get; set; }

    /// <summary>An instant, or a local time of the zone; null when omitted or wrong.</summary>
    public DateTimeOffset? Instant(string key) =>
        _schedule.Text(key, 40, Fix) is not { } text ? null
        : TryTime(text, out var instant) ? instant
        : Wrong(key, text, Fix);

    /// <summary>The same, or a date: the beginning of that day, or just before its end.</summary>
    public DateTimeOffset? Bound(string key, bool isEnd)
    {
        const string BoundFix =
            "write a date, 2026-12-01, a local time of the zone, 2026-12-01T09:00, or an instant, 2026-12-01T09:00-03:00";
        if (_schedule.Text(key, 40, BoundFix) is not { } text)
        {
            return null;
        }

        if (TryTime(text, out var instant))
        {
            return instant;
        }

        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return Wrong(key, text, BoundFix);
        }

        IsRead = true;
        if (isEnd && day == DateOnly.MaxValue)
        {
            return DateTimeOffset.MaxValue;
        }

        var midnight = (isEnd ? day.AddDays(1) : day).ToDateTime(TimeOnly.MinValue);
        var start = Zone?.ToInstants(midnight).First;
        return isEnd ? start?.AddTicks(-1) : start;
    }

    /// <summary>Refuses a zone that nothing is read by.</summary>
    /// <param name="kind">The schedule's kind.</param>
    public void RefuseUnread(string kind)
    {
        if (!IsRead)
        {
            var reason = kind switch
            {
                "at" => "the offset of 'at' already says which instant it is",
                _ => $"'{kind}' counts elapsed time, and nothing else in it is read on a clock",
            };
            ScheduleReader.Refuse(_schedule, "zone", reason);
        }
    }

    private bool TryTime(string text, out DateTimeOffset? instant)
    {
        var utc = text.EndsWith('Z') ? $"{text[..^1]}+00:00" : text;
        if (DateTimeOffset.TryParseExact(utc, Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out var said))
        {
            instant = said.ToUniversalTime();
            return true;
        }

        if (DateTime.TryParseExact(text, LocalTimes, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            // A missing local time moves to the end of the gap and a repeated one means its first pass, as with fixed-time cron.
            IsRead = true;
            instant = Zone?.ToInstants(local).First;
            return true;
        }

        instant = null;
        return false;
    }

    private DateTimeOffset? Wrong(string key, string text, string fix)
    {
        _schedule.Report(key, "instant", $"{DocumentText.Quote(text)} is not a date and time", fix);
        return null;
    }

    private static Zone? Read(DocumentObject schedule)
    {
        if (!schedule.Has("zone"))
        {
            return Zone.Default;
        }

        if (schedule.Text("zone", 100) is not { } id)
        {
            return null;
        }

        if (!Zone.TryParse(id, out var zone))
        {
            schedule.Report(
                "zone",
                "zone",
                $"{DocumentText.Quote(id)} is not a time zone",
                $"{DidYouMean.Hint(id, Zone.Ids)}use an IANA id such as {JobDocument.DefaultZone}, Europe/Lisbon or UTC"
            );
        }

        return zone;
    }
}
