using System.Globalization;
using System.Text.Json;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Jobs;

/// <summary>Reads <c>schedule</c>: <c>{ cron, zone, dst }</c>, <c>{ every, from }</c>, <c>{ at, zone }</c> or <c>manual</c>.</summary>
internal sealed class ScheduleReader(DocumentObject job, ICollection<DocumentProblem> problems)
{
    private const string Forms = "{ cron: \"* * * * *\" }, { every: 30s }, { at: 2026-12-01T09:00 } or manual";

    private static readonly string[] Keys = ["cron", "every", "at", "after", "zone", "dst", "from"];
    private static readonly string[] Instants = ["yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz"];

    /// <returns>The schedule, and what was written for it: null for manual.</returns>
    public (Schedule Schedule, JsonElement? Document) Read()
    {
        var manual = (ManualSchedule.Instance, (JsonElement?)null);
        if (job.Get("schedule") is not { } json || (DocumentText.TryRead(json, out var word) && word == "manual"))
        {
            return manual;
        }

        if (json.ValueKind is not JsonValueKind.Object)
        {
            job.Report("schedule", "type", $"{DocumentText.Quote(json)} is not a schedule", $"write {Forms}");
            return manual;
        }

        var schedule = DocumentObject.Open(json, job.PathOf("schedule"), problems, Keys)!;
        return (OfKind(schedule) ?? ManualSchedule.Instance, json.Clone());
    }

    private Schedule? OfKind(DocumentObject schedule)
    {
        string[] kinds = ["cron", "every", "at", "after"];
        var said = kinds.Where(schedule.Has).ToList();
        if (said.Count != 1)
        {
            var found = said.Count == 0 ? "none of cron, every and at" : string.Join(" and ", said);
            job.Report("schedule", "schedule", $"a schedule is of one kind, and here is {found}", $"write {Forms}");
            return null;
        }

        return said[0] switch
        {
            "every" => Every(schedule),
            "at" => Once(schedule),
            "after" => After(schedule),
            _ => Cron(schedule),
        };
    }

    private static Schedule? After(DocumentObject schedule)
    {
        schedule.Report(
            "after",
            "not-available",
            "running after other jobs is not available yet",
            "give the job a time of its own, or leave the schedule out and start it through the API"
        );
        return null;
    }

    private static Schedule? Cron(DocumentObject schedule)
    {
        schedule.Report("cron", "not-available", "cron schedules are read as soon as their parser is here", "use every");
        return null;
    }

    private static EverySchedule? Every(DocumentObject schedule)
    {
        Refuse(schedule, "dst", "a fixed rate does not know the clock's changes");
        var period = schedule.Span("every", TimeSpan.FromSeconds(1), TimeSpan.FromDays(366));
        var anchor = schedule.Has("from") ? Instant(schedule, "from") : DateTimeOffset.UnixEpoch;
        return period is null || anchor is null ? null : new EverySchedule(period.Value, anchor.Value);
    }

    private static OnceSchedule? Once(DocumentObject schedule)
    {
        Refuse(schedule, "dst", "one instant has no repetition to decide about");
        Refuse(schedule, "from", "only 'every' has a beginning");
        return Instant(schedule, "at") is { } at ? new OnceSchedule(at) : null;
    }

    private static DateTimeOffset? Instant(DocumentObject schedule, string key)
    {
        const string Fix = "write a date and time, 2026-12-01T09:00 (in the zone) or 2026-12-01T09:00-03:00";
        if (schedule.Text(key, 40, Fix) is not { } text)
        {
            return null;
        }

        var utc = text.EndsWith('Z') ? $"{text[..^1]}+00:00" : text;
        if (DateTimeOffset.TryParseExact(utc, Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
        {
            return instant;
        }

        schedule.Report(key, "instant", $"{DocumentText.Quote(text)} is not a date and time", Fix);
        return null;
    }

    private static void Refuse(DocumentObject schedule, string key, string reason)
    {
        if (schedule.Has(key))
        {
            schedule.Report(key, "conflict", $"'{key}' has no meaning here: {reason}", "leave it out");
        }
    }
}
