using System.Globalization;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Texts;
using Pontual.Scheduling.Zones;

namespace Pontual.Server.Api;

/// <summary>The occurrences of a schedule.</summary>
/// <param name="Occurrences">In rising order.</param>
/// <param name="Description">The schedule in words; null when it never fires.</param>
/// <param name="Note">Why there are none or fewer than were asked for; null otherwise.</param>
/// <param name="Next">The next one as seen from now, in words ("tomorrow at 09:00"); null when there is none.</param>
/// <param name="LeftOut">Due times among and before these that calendars leave out, as many as were asked for.</param>
internal sealed record PreviewView(
    IReadOnlyList<OccurrenceView> Occurrences,
    IReadOnlyDictionary<string, string>? Description,
    string? Note,
    IReadOnlyDictionary<string, string>? Next,
    IReadOnlyList<LeftOutView> LeftOut
)
{
    /// <summary>Of a schedule with no date to fire on.</summary>
    public static PreviewView Never(string why) => new([], null, why, null, []);

    /// <summary>The first occurrences after an instant.</summary>
    public static PreviewView After(Schedule schedule, DateTimeOffset from, int count, DateTimeOffset now)
    {
        var found = HasTimes(schedule) ? schedule.Occurrences(from).Take(count).ToList() : [];
        var note =
            WithoutTimes(schedule)
            ?? (
                found.Count == 0 ? "It does not fire any more after that."
                : found.Count < count ? "It does not fire any more after the last one."
                : null
            );
        var until = found.Count > 0 ? found[^1] : DateTimeOffset.MaxValue;
        var leftOut = CalendarsOf(schedule) ? LeftOutView.Between(schedule, from, until, count) : [];
        return Of(schedule, found, note, leftOut, now);
    }

    /// <summary>The last occurrences before an instant, still in rising order.</summary>
    public static PreviewView Before(Schedule schedule, DateTimeOffset before, int count, DateTimeOffset now)
    {
        var found = new List<DateTimeOffset>();
        for (var at = schedule.Previous(before); at is { } previous && found.Count < count; at = schedule.Previous(previous))
        {
            found.Add(previous);
        }

        found.Reverse();
        var note =
            WithoutTimes(schedule)
            ?? (
                found.Count == 0 ? "It did not fire before that."
                : found.Count < count ? "It did not fire before the first one."
                : null
            );
        var leftOut = CalendarsOf(schedule) && found.Count > 0 ? LeftOutView.Between(schedule, found[0], before.AddTicks(-1), count) : [];
        return Of(schedule, found, note, leftOut, now);
    }

    private static PreviewView Of(
        Schedule schedule,
        List<DateTimeOffset> found,
        string? note,
        IReadOnlyList<LeftOutView> leftOut,
        DateTimeOffset now
    ) =>
        new(
            [.. found.Select(at => OccurrenceView.Of(schedule, at))],
            InBoth(ScheduleText.InEnglish(schedule), ScheduleText.InPortuguese(schedule)),
            note,
            HasTimes(schedule) && schedule.Next(now) is { } next
                ? InBoth(RelativeText.InEnglish(next, now, schedule.Zone), RelativeText.InPortuguese(next, now, schedule.Zone))
                : null,
            leftOut
        );

    private static Dictionary<string, string> InBoth(string english, string portuguese) =>
        new() { ["en"] = english, ["pt-BR"] = portuguese };

    private static bool HasTimes(Schedule schedule) => WithoutTimes(schedule) is null;

    private static bool CalendarsOf(Schedule schedule) => HasTimes(schedule) && !schedule.Terms.Calendars.IsNone;

    private static string? WithoutTimes(Schedule schedule) =>
        schedule switch
        {
            ManualSchedule => "It has no time of its own: it runs when somebody asks.",
            StartupSchedule => "It has no time of its own: it runs each time the system starts.",
            DelaySchedule delay =>
                $"It has no times of its own: each run is due {ScheduleText.InEnglish(new DelaySchedule(delay.Delay) { FromStart = delay.FromStart })}.",
            _ => null,
        };
}

/// <summary>One occurrence: in UTC, in the zone, and what moved it: a change of the clock, a calendar or jitter.</summary>
internal sealed record OccurrenceView(string At, string Local, string? Note)
{
    public static OccurrenceView Of(Schedule schedule, DateTimeOffset at)
    {
        var shown = schedule.Show(at, schedule.Zone);
        string[] notes = [.. new[] { shown.Note, Jitter(schedule, at) }.OfType<string>()];
        return new OccurrenceView(
            Instants.FormatShort(at),
            Instants.FormatLocal(shown.Local),
            notes.Length == 0 ? null : string.Join(' ', notes)
        );
    }

    private static string? Jitter(Schedule schedule, DateTimeOffset at) =>
        schedule.Terms.Jitter is not null && schedule.NominalOf(at) is { } nominal && nominal != at
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Due at {schedule.Zone.ToLocal(nominal):HH:mm:ss}, moved later by {(at - nominal).TotalSeconds:0} s of jitter."
            )
            : null;
}

/// <summary>One due time that a calendar leaves out.</summary>
/// <param name="At">In UTC.</param>
/// <param name="Local">In the zone.</param>
/// <param name="Calendar">The calendar that says so.</param>
/// <param name="Name">What it calls that time; null when it has no name for it.</param>
/// <param name="Outside">It is outside of the calendars that the schedule keeps to.</param>
internal sealed record LeftOutView(string At, string Local, string Calendar, string? Name, bool Outside)
{
    private const int MostLookedAt = 10_000;

    /// <summary>The first ones between two instants, the first of them exclusive.</summary>
    public static IReadOnlyList<LeftOutView> Between(Schedule schedule, DateTimeOffset from, DateTimeOffset until, int most) =>
        [
            .. schedule
                .DueTimes(from)
                .Take(MostLookedAt)
                .TakeWhile(at => at <= until)
                .Select(at => (At: at, Why: schedule.LeftOut(at)))
                .Where(due => due.Why is not null)
                .Take(most)
                .Select(due => Of(due.At, due.Why!, schedule.Zone)),
        ];

    private static LeftOutView Of(DateTimeOffset at, Exclusion why, Zone zone) =>
        new(Instants.FormatShort(at), Instants.FormatLocal(zone.ToLocal(at)), why.Calendar, why.Name, why.IsOutside);
}
