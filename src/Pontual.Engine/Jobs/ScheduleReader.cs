using System.Text.Json;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Jobs;

/// <summary>Reads <c>schedule</c>: one of cron, every, delay and at with the keys that go with it, or <c>manual</c>.</summary>
/// <param name="problems">Takes what is wrong.</param>
/// <param name="seed">What <c>H</c> and jitter are spread by: the job's name.</param>
internal sealed class ScheduleReader(ICollection<DocumentProblem> problems, string seed)
{
    private const string Forms =
        "{ cron: \"* * * * *\" }, { every: 30s }, { delay: 30s }, { at: 2026-12-01T09:00 }, { cron: \"@reboot\" } or manual";

    /// <summary>The word under <c>from</c> for a period that counts from the start of the run before.</summary>
    public const string LastStart = "last-start";

    private static readonly string[] Kinds = ["cron", "every", "delay", "at", "after"];

    private static readonly string[] Keys =
    [
        .. Kinds,
        "zone",
        "dst",
        "dialect",
        "from",
        "start",
        "end",
        "jitter",
        "only",
        "except",
        "shift",
    ];

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
        var said = Kinds.Where(schedule.Has).ToList();
        if (said.Count != 1)
        {
            var found = said.Count == 0 ? "none of cron, every, delay and at" : string.Join(" and ", said);
            problems.Add(new(schedule.Path, "schedule", $"a schedule is of one kind, and here is {found}", $"write {Forms}"));
            return null;
        }

        if (said[0] == "after")
        {
            schedule.Report(
                "after",
                "not-available",
                "running after other jobs is not available yet",
                "give the job a time of its own, or leave the schedule out and start it through the API"
            );
            return null;
        }

        if (said[0] != "every")
        {
            Refuse(schedule, "from", "only 'every' is aligned to an instant; a schedule begins with 'start'");
        }

        var clocks = new ScheduleClocks(schedule);
        var bare = said[0] switch
        {
            "every" => Every(schedule, clocks),
            "delay" => Delay(schedule),
            "at" => Once(schedule, clocks),
            _ => Cron(schedule, clocks),
        };
        var terms = new TermsReader(schedule, clocks, problems, seed).Read(bare);
        clocks.RefuseUnread(said[0]);
        return bare is null || terms is null || clocks.Zone is null ? null : bare with { Terms = terms, Zone = clocks.Zone };
    }

    private Schedule? Cron(DocumentObject schedule, ScheduleClocks clocks)
    {
        var text = schedule.Text("cron", DocumentText.LongestText, "put the expression in quotes: cron: \"*/5 * * * *\"");
        CronDialect dialect = schedule.TryWord("dialect", JobWords.Dialects, out var said) ? said : CronDialect.Pontual;
        var dst = Dst(schedule);
        clocks.IsRead = true;
        if (text is null)
        {
            return null;
        }

        if (!Schedule.TryParse(text, clocks.Zone, new ParseOptions { Dialect = dialect, Seed = seed }, out var read, out var problem))
        {
            Report(schedule, $"{DocumentText.Quote(text)} at column {problem.Column}: {problem.Message.TrimEnd('.')}", problem);
            return null;
        }

        if (read is not CronSchedule cron)
        {
            Refuse(schedule, "dst", "this does not know the clock's changes");
            return read;
        }

        if (cron.Expression.NeverFires)
        {
            var why = cron.Expression.WhyNever();
            var fix = why?.Suggestion is { } meant ? $"write '{meant}', if that is what is meant" : "check day and month";
            schedule.Report("cron", "never", $"{DocumentText.Quote(text)} can never fire: there is no such date", fix, why?.Column ?? 1);
        }

        return cron with
        {
            Dst = dst,
        };
    }

    private static void Report(DocumentObject schedule, string message, CronProblem problem) =>
        schedule.Report(
            "cron",
            "cron",
            message,
            problem.Suggestion is { } meant
                ? $"write '{meant}', if that is what is meant"
                : "write 5 fields (minute, hour, day, month, weekday), or 6 with a leading second",
            problem.Column
        );

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

    private static Schedule? Every(DocumentObject schedule, ScheduleClocks clocks)
    {
        RefuseCronKeys(schedule, "a fixed rate does not know the clock's changes");
        var period = schedule.Span("every", TimeSpan.FromSeconds(1), TimeSpan.FromDays(366));
        if (schedule.Get("from") is { } from && DocumentText.TryRead(from, out var word) && word == LastStart)
        {
            Refuse(schedule, "jitter", "it counts from the start of the run before, which spreads runs by itself");
            return period is { } distance ? new DelaySchedule(distance) { FromStart = true } : null;
        }

        var anchor = schedule.Has("from") ? clocks.Instant("from") : DateTimeOffset.UnixEpoch;
        return period is null || anchor is null ? null : new EverySchedule(period.Value, anchor.Value);
    }

    private static DelaySchedule? Delay(DocumentObject schedule)
    {
        RefuseCronKeys(schedule, "a fixed delay does not know the clock's changes");
        Refuse(schedule, "jitter", "a delay counts from the end of the run before, which spreads runs by itself");
        return schedule.Span("delay", TimeSpan.FromSeconds(1), TimeSpan.FromDays(366)) is { } delay ? new DelaySchedule(delay) : null;
    }

    private static OnceSchedule? Once(DocumentObject schedule, ScheduleClocks clocks)
    {
        RefuseCronKeys(schedule, "one instant has no repetition to decide about");
        Refuse(schedule, "start", "'at' says when");
        Refuse(schedule, "end", "'at' says when");
        return clocks.Instant("at") is { } at ? new OnceSchedule(at) : null;
    }

    private static void RefuseCronKeys(DocumentObject schedule, string reason)
    {
        Refuse(schedule, "dst", reason);
        Refuse(schedule, "dialect", "only 'cron' is written in one");
    }

    internal static void Refuse(DocumentObject schedule, string key, string reason)
    {
        if (schedule.Has(key))
        {
            schedule.Report(key, "conflict", $"'{key}' has no meaning here: {reason}", "leave it out");
        }
    }
}
