using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Texts;

/// <summary>A schedule in words, for people. The zone is not named: whoever shows it names it.</summary>
public static class ScheduleText
{
    private static readonly English EnglishWords = new();
    private static readonly Portuguese PortugueseWords = new();

    /// <summary>Such as "at 09:00 and 14:00, Monday to Friday".</summary>
    public static string InEnglish(Schedule schedule) => In(EnglishWords, schedule);

    /// <summary>The same in the Portuguese of Brazil.</summary>
    public static string InPortuguese(Schedule schedule) => In(PortugueseWords, schedule);

    private static string In(Language language, Schedule schedule) =>
        schedule switch
        {
            CronSchedule cron => new CronWords(language).Of(cron.Expression),
            EverySchedule { Anchor: var anchor } every
                when anchor.UtcTicks % every.Period.Ticks != DateTimeOffset.UnixEpoch.Ticks % every.Period.Ticks =>
                $"{language.EveryPeriod(every.Period)}, {language.CountedFrom(anchor)}",
            EverySchedule every => language.EveryPeriod(every.Period),
            OnceSchedule once => language.Once(once.At),
            _ => language.WhenAsked,
        };
}
