using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Texts;

/// <summary>An instant as people say it from now: seconds and minutes while it is near, then a day and a time of the day.</summary>
public static class RelativeText
{
    private const int DaysWithinAWeek = 6;

    /// <summary>"in 40 seconds", "in 5 minutes", "today at 14:00", "on Monday at 09:00", "on 5 January at 09:00"; of the past "3 minutes ago", "yesterday at 09:00".</summary>
    /// <param name="at">The instant.</param>
    /// <param name="now">From where it is seen.</param>
    /// <param name="zone">Whose days and clocks.</param>
    public static string InEnglish(DateTimeOffset at, DateTimeOffset now, Zone zone) => In(Languages.English, at, now, zone);

    /// <summary>The same in the Portuguese of Brazil: "em 5 minutos", "hoje às 14h", "segunda-feira às 9h", "há 3 minutos".</summary>
    /// <param name="at">The instant.</param>
    /// <param name="now">From where it is seen.</param>
    /// <param name="zone">Whose days and clocks.</param>
    public static string InPortuguese(DateTimeOffset at, DateTimeOffset now, Zone zone) => In(Languages.Portuguese, at, now, zone);

    private static string In(Language language, DateTimeOffset at, DateTimeOffset now, Zone zone)
    {
        var (local, today) = (zone.ToLocal(at).DateTime, zone.ToLocal(now).DateTime);
        return Soon(language, at - now) ?? $"{Day(language, local, today)} {language.Time((int)local.TimeOfDay.TotalMinutes * 60)}";
    }

    /// <summary>Rounded to the nearest; null from an hour on, or from what would be written as one.</summary>
    private static string? Soon(Language language, TimeSpan distance)
    {
        var seconds = Math.Round(Math.Abs(distance.TotalSeconds), MidpointRounding.AwayFromZero);
        var minutes = Math.Round(Math.Abs(distance.TotalMinutes), MidpointRounding.AwayFromZero);
        return (seconds, minutes) switch
        {
            (0, _) => language.Now,
            (< 60, _) => Say((int)seconds, TimeUnit.Second),
            (_, < 60) => Say((int)minutes, TimeUnit.Minute),
            _ => null,
        };

        string Say(int count, TimeUnit unit) => distance > TimeSpan.Zero ? language.In(count, unit) : language.Ago(count, unit);
    }

    private static string Day(Language language, DateTime local, DateTime today)
    {
        var days = DateOnly.FromDateTime(local).DayNumber - DateOnly.FromDateTime(today).DayNumber;
        var weekday = local.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)local.DayOfWeek;
        return Math.Abs(days) switch
        {
            <= 1 => language.Near(days),
            <= DaysWithinAWeek => language.Near(weekday, isPast: days < 0),
            _ => language.OnDate(local, withYear: local.Year != today.Year),
        };
    }
}
