using System.Globalization;
using System.Text.Json;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;

namespace Pontual.Engine.Jobs;

/// <summary>Reads <c>schedule</c>: <c>{ cron, zone, dst }</c>, <c>{ every, from }</c>, <c>{ at, zone }</c> or <c>manual</c>.</summary>
internal sealed class ScheduleReader(ICollection<DocumentProblem> problems)
{
    private const string Forms = "{ cron: \"* * * * *\" }, { every: 30s }, { at: 2026-12-01T09:00 } or manual";

    private static readonly string[] Keys = ["cron", "every", "at", "after", "zone", "dst", "from"];
    private static readonly string[] LocalTimes = ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF"];
    private static readonly string[] Instants = ["yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz"];

    /// <returns>The schedule, and what was written for it: null for manual.</returns>
    public (Schedule Schedule, JsonElement? Document) Read(JsonElement json, string path)
    {
        var manual = (ManualSchedule.Instance, (JsonElement?)null);
        if (DocumentText.TryRead(json, out var word) && word == "manual")
        {
            return manual;
        }

        if (json.ValueKind is not JsonValueKind.Object)
        {
            problems.Add(new(path, "type", $"{DocumentText.Quote(json)} is not a schedule", $"write {Forms}"));
            return manual;
        }

        var schedule = DocumentObject.Open(json, path, problems, Keys)!;
        return (OfKind(schedule) ?? ManualSchedule.Instance, json.Clone());
    }

    private Schedule? OfKind(DocumentObject schedule)
    {
        string[] kinds = ["cron", "every", "at", "after"];
        var said = kinds.Where(schedule.Has).ToList();
        if (said.Count != 1)
        {
            var found = said.Count == 0 ? "none of cron, every and at" : string.Join(" and ", said);
            problems.Add(new(schedule.Path, "schedule", $"a schedule is of one kind, and here is {found}", $"write {Forms}"));
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

    private CronSchedule? Cron(DocumentObject schedule)
    {
        Refuse(schedule, "from", "only 'every' has a beginning");
        var expression = Expression(schedule);
        var zone = ZoneOf(schedule);
        var dst = Dst(schedule);
        return expression is null || zone is null ? null : new CronSchedule(expression, zone, dst);
    }

    private static CronExpression? Expression(DocumentObject schedule)
    {
        if (schedule.Text("cron", DocumentText.LongestText, "put the expression in quotes: cron: \"*/5 * * * *\"") is not { } text)
        {
            return null;
        }

        if (!CronExpression.TryParse(text, out var expression, out var problem))
        {
            var where = problem.Field == CronProblem.WholeExpression ? "" : $", {problem.Field}";
            schedule.Report(
                "cron",
                "cron",
                $"{DocumentText.Quote(text)} at column {problem.Column}{where}: {problem.Message.TrimEnd('.')}",
                problem.Suggestion is { } meant
                    ? $"write '{meant}', if that is what is meant"
                    : "write 5 fields (minute, hour, day, month, weekday), or 6 with a leading second",
                problem.Column
            );
        }
        else if (expression.NeverFires)
        {
            schedule.Report("cron", "never", $"{DocumentText.Quote(text)} can never fire: there is no such date", "check day and month", 1);
        }

        return expression;
    }

    private static Zone? ZoneOf(DocumentObject schedule)
    {
        if (!schedule.Has("zone"))
        {
            return Zone.Parse(JobDocument.DefaultZone);
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

    private DstRules? Dst(DocumentObject schedule)
    {
        if (
            schedule.Get("dst") is not { } json
            || DocumentObject.Open(json, schedule.PathOf("dst"), problems, "gap", "overlap") is not { } dst
        )
        {
            return null;
        }

        GapRule? gap = dst.TryWord("gap", JobWords.Gaps, out var saidGap) ? saidGap : null;
        OverlapRule? overlap = dst.TryWord("overlap", JobWords.Repeats, out var saidOverlap) ? saidOverlap : null;
        return gap is null && overlap is null ? null : new DstRules(gap, overlap);
    }

    private static EverySchedule? Every(DocumentObject schedule)
    {
        Refuse(schedule, "dst", "a fixed rate does not know the clock's changes");
        var period = schedule.Span("every", TimeSpan.FromSeconds(1), TimeSpan.FromDays(366));
        var anchor = schedule.Has("from") ? Instant(schedule, "from") : DateTimeOffset.UnixEpoch;
        if (!schedule.Has("from"))
        {
            Refuse(schedule, "zone", "'every' counts elapsed time; only a local 'from' has a zone");
        }

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
            Refuse(schedule, "zone", $"the offset of '{key}' already says which instant it is");
            return instant.ToUniversalTime();
        }

        if (DateTime.TryParseExact(text, LocalTimes, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            // A missing local time moves to the end of the gap and a repeated one means its first pass, as with fixed-time cron.
            return ZoneOf(schedule)?.ToInstants(local).First;
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
