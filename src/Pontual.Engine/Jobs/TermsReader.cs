using System.Text.Json;
using Pontual.Engine.Calendars;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Jobs;

/// <summary>Reads what holds for a schedule beside its times: <c>start</c>, <c>end</c>, <c>jitter</c>, <c>only</c>, <c>except</c> and <c>shift</c>.</summary>
internal sealed class TermsReader(DocumentObject schedule, ScheduleClocks clocks, ICollection<DocumentProblem> problems, string seed)
{
    private const int MostCalendars = 50;

    /// <param name="bare">The schedule without terms; null when it is wrong.</param>
    /// <returns>Null when something is wrong.</returns>
    public Terms? Read(Schedule? bare)
    {
        var before = problems.Count;
        var start = clocks.Bound("start", isEnd: false);
        var end = clocks.Bound("end", isEnd: true);
        if (start > end)
        {
            schedule.Report("end", "conflict", "the end is before the start", "give an end after 'start', or leave one of the two out");
        }

        var jitter = JitterOf(bare);
        var rules = new CalendarRules
        {
            Only = Calendars("only"),
            Except = Calendars("except"),
            Shift = ShiftOf(bare),
        };
        if (problems.Count > before)
        {
            return null;
        }

        var hasRules = rules != CalendarRules.None;
        return start is null && end is null && jitter is null && !hasRules
            ? Terms.None
            : new Terms
            {
                Start = start,
                End = end,
                Jitter = jitter,
                Calendars = hasRules ? rules : CalendarRules.None,
            };
    }

    private Jitter? JitterOf(Schedule? bare)
    {
        if (bare is StartupSchedule)
        {
            ScheduleReader.Refuse(schedule, "jitter", "a start of the system has no next due time to stay before");
        }

        return schedule.Span("jitter", TimeSpan.FromSeconds(1), Jitter.Longest) is not { } most ? null
            : most.Ticks % TimeSpan.TicksPerSecond == 0 ? new Jitter(most, seed)
            : Fraction(most);
    }

    private Jitter? Fraction(TimeSpan most)
    {
        schedule.Report("jitter", "range", $"{Duration.Format(most)} is not a whole number of seconds", "use whole seconds, such as 2m");
        return null;
    }

    private DayShift ShiftOf(Schedule? bare)
    {
        if (bare is not (null or CronSchedule))
        {
            ScheduleReader.Refuse(schedule, "shift", "only the days of a cron expression can be moved");
        }

        return schedule.TryWord("shift", JobWords.Shifts, out var shift) ? shift : DayShift.None;
    }

    /// <summary>One calendar or a list of them.</summary>
    private IReadOnlyList<Calendar> Calendars(string key)
    {
        if (schedule.Get(key) is not { } json)
        {
            return [];
        }

        clocks.IsRead = true;
        if (json.ValueKind is JsonValueKind.Array && json.GetArrayLength() is 0 or > MostCalendars)
        {
            schedule.Report(
                key,
                "length",
                $"'{key}' names {json.GetArrayLength()} calendars",
                $"name 1 to {MostCalendars}, or leave '{key}' out"
            );
            return [];
        }

        return CalendarDocument.ReadList(json, schedule.PathOf(key), problems);
    }
}
