using System.Globalization;
using System.Text.Json.Nodes;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;
using Calendar = Pontual.Scheduling.Calendars.Calendar;

namespace Pontual.Engine.Jobs;

/// <summary>Writes a schedule that nobody wrote: one that a program made.</summary>
internal static class ScheduleWriter
{
    /// <exception cref="NotSupportedException">It cannot be written: it is manual, or of calendars without a name.</exception>
    public static JsonObject Write(Schedule schedule)
    {
        var json = schedule switch
        {
            CronSchedule cron => Cron(cron),
            EverySchedule every => Every(every),
            DelaySchedule { FromStart: true } every => new JsonObject
            {
                ["every"] = Duration.Format(every.Delay),
                ["from"] = ScheduleReader.LastStart,
            },
            DelaySchedule delay => new JsonObject { ["delay"] = Duration.Format(delay.Delay) },
            OnceSchedule once => new JsonObject { ["at"] = Instant(once.At) },
            StartupSchedule => new JsonObject { ["cron"] = "@reboot" },
            var other => throw new NotSupportedException($"A {other.GetType().Name} has no document."),
        };
        if (!schedule.Terms.Calendars.IsNone && schedule.Zone != Zone.Default)
        {
            json["zone"] = schedule.Zone.Id;
        }

        AddTerms(json, schedule.Terms);
        return json;
    }

    private static void AddTerms(JsonObject json, Terms terms)
    {
        Add("start", terms.Start is { } start ? Instant(start) : null);
        Add("end", terms.End is { } end ? Instant(end) : null);
        Add("jitter", terms.Jitter is { } jitter ? Duration.Format(jitter.Most) : null);
        Add("only", Names(terms.Calendars.Only));
        Add("except", Names(terms.Calendars.Except));
        Add("shift", terms.Calendars.Shift is DayShift.None ? null : JobWords.Of(JobWords.Shifts, terms.Calendars.Shift));

        void Add(string key, JsonNode? value)
        {
            if (value is not null)
            {
                json[key] = value;
            }
        }
    }

    private static JsonArray? Names(IReadOnlyList<Calendar> calendars) =>
        calendars.Count == 0 ? null : new JsonArray([.. calendars.Select(calendar => (JsonNode)calendar.Name)]);

    private static JsonObject Cron(CronSchedule cron)
    {
        var json = new JsonObject { ["cron"] = cron.Expression.ToString(), ["zone"] = cron.Zone.Id };
        var dst = new JsonObject();
        if (cron.Dst?.Gap is { } gap)
        {
            dst["gap"] = JobWords.Of(JobWords.Gaps, gap);
        }

        if (cron.Dst?.Overlap is { } overlap)
        {
            dst["overlap"] = JobWords.Of(JobWords.Repeats, overlap);
        }

        if (dst.Count > 0)
        {
            json["dst"] = dst;
        }

        return json;
    }

    private static JsonObject Every(EverySchedule every)
    {
        var json = new JsonObject { ["every"] = Duration.Format(every.Period) };
        if (every.Anchor != DateTimeOffset.UnixEpoch)
        {
            json["from"] = Instant(every.Anchor);
        }

        return json;
    }

    private static string Instant(DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
