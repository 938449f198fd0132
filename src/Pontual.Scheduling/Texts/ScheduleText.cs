using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Texts;

/// <summary>A schedule in words, for people. The zone is not named: whoever shows it names it.</summary>
public static class ScheduleText
{
    /// <summary>Such as "at 09:00 and 14:00, Monday to Friday".</summary>
    public static string InEnglish(Schedule schedule) => In(Languages.English, schedule);

    /// <summary>The same in the Portuguese of Brazil: "às 9h e às 14h, de segunda a sexta-feira".</summary>
    public static string InPortuguese(Schedule schedule) => In(Languages.Portuguese, schedule);

    private static string In(Language language, Schedule schedule) =>
        string.Join(
            "; ",
            [string.Join(", ", [Times(language, schedule), .. Terms(language, schedule)]), .. ClockChanges(language, schedule)]
        );

    private static string Times(Language language, Schedule schedule) =>
        schedule switch
        {
            CronSchedule cron => new CronWords(language).Of(cron.Expression),
            EverySchedule every when IsAnchored(every) =>
                $"{language.EveryPeriod(every.Period)}, {language.CountedFrom(schedule.Zone.ToLocal(every.Anchor).DateTime)}",
            EverySchedule every => language.EveryPeriod(every.Period),
            DelaySchedule { FromStart: true } delay => language.AfterTheStart(delay.Delay),
            DelaySchedule delay => language.AfterTheEnd(delay.Delay),
            OnceSchedule once => language.Once(schedule.Zone.ToLocal(once.At).DateTime),
            StartupSchedule => language.WhenTheSystemStarts,
            _ => language.WhenAsked,
        };

    // The anchor matters unless the period counted from it falls on the same instants as counted from the epoch.
    private static bool IsAnchored(EverySchedule every) =>
        every.Anchor.UtcTicks % every.Period.Ticks != DateTimeOffset.UnixEpoch.Ticks % every.Period.Ticks;

    private static IEnumerable<string> Terms(Language language, Schedule schedule)
    {
        var terms = schedule.Terms;
        if (terms.Calendars.Only is { Count: > 0 } only)
        {
            yield return $"{language.Only} {Calendars(language, only, language.Or)}";
        }

        if (terms.Calendars.Except is { Count: > 0 } except)
        {
            yield return $"{language.Except} {Calendars(language, except, language.And)}";
        }

        if (terms.Calendars.Shift != DayShift.None)
        {
            yield return terms.Calendars.Shift == DayShift.NextBusinessDay
                ? language.ShiftedToNextBusinessDay
                : language.ShiftedToPreviousBusinessDay;
        }

        if (terms.Jitter is { } jitter)
        {
            yield return language.Spread(jitter.Most);
        }

        if (terms.Start is { } start)
        {
            yield return language.Starting(schedule.Zone.ToLocal(start).DateTime);
        }

        if (terms.End is { } end)
        {
            yield return language.Until(schedule.Zone.ToLocal(end).DateTime);
        }
    }

    /// <summary>Built-in calendars by what they cover, the others by their names.</summary>
    private static string Calendars(Language language, IReadOnlyList<Calendar> calendars, string word)
    {
        var named = calendars
            .Where(calendar => calendar.Name.Length > 0 && !IsBuiltIn(calendar))
            .Select(calendar => calendar.Name)
            .ToList();
        var words = calendars.Where(IsBuiltIn).Select(calendar => calendar.Name.Split('-', 2)).Select(parts => OnBuiltIn(language, parts));
        var own = calendars.Where(calendar => calendar.Name.Length == 0).Select(_ => language.InItsOwnCalendar).Distinct();
        return Language.List([.. words, .. named.Count == 0 ? Array.Empty<string>() : [language.In(named, word)], .. own], word);
    }

    private static string OnBuiltIn(Language language, string[] parts) =>
        language.OnBuiltIn(parts[0].ToLowerInvariant(), parts.Length > 1 ? parts[1].ToUpperInvariant() : null);

    // Somebody's own calendar of the same name may cover anything.
    private static bool IsBuiltIn(Calendar calendar) =>
        BuiltInCalendars.TryFind(calendar.Name, out var builtIn) && (!calendar.IsBound || calendar.Equals(builtIn));

    private static IEnumerable<string> ClockChanges(Language language, Schedule schedule)
    {
        var rules = (schedule as CronSchedule)?.Dst;
        if (rules?.Gap is { } gap)
        {
            yield return language.Of(gap);
        }

        if (rules?.Overlap is { } overlap)
        {
            yield return language.Of(overlap);
        }
    }
}
