using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Texts;

/// <summary>The words and small grammar of one language. Times of day are seconds of the day; days of the week count from Monday, 1, to Sunday, 7.</summary>
internal abstract class Language
{
    private const int Minute = 60;
    private const int Hour = 3600;

    public abstract string And { get; }

    public abstract string Or { get; }

    public abstract string EveryDay { get; }

    /// <summary>A job without times of its own.</summary>
    public abstract string WhenAsked { get; }

    public abstract string WhenTheSystemStarts { get; }

    /// <summary>Before a day of the week that must hold too.</summary>
    public abstract string OnlyIf { get; }

    public abstract string OnOddDays { get; }

    public abstract string OnEvenDays { get; }

    /// <summary>The last Monday to Friday of the month.</summary>
    public abstract string OnLastWeekday { get; }

    /// <summary>"now": neither seconds ago nor in seconds.</summary>
    public abstract string Now { get; }

    /// <summary>"at 09:00 and 14:00".</summary>
    public abstract string Times(IReadOnlyList<int> times);

    /// <summary>"at 09:00", after a day.</summary>
    public string Time(int time) => Times([time]);

    /// <summary>"every 5 minutes"; of one, "every minute".</summary>
    public abstract string Every(int count, TimeUnit unit);

    /// <summary>"at minute 30", "at seconds 10 and 20": one time in each larger unit for each value.</summary>
    public abstract string At(IReadOnlyList<int> values, TimeUnit unit);

    /// <summary>"during minutes 0 and 30 of the hour": all of these units.</summary>
    public abstract string During(IReadOnlyList<int> values, TimeUnit unit);

    /// <summary>From one time of day to another, both included.</summary>
    public abstract string Between(int first, int last);

    /// <summary>"on Mondays and Thursdays".</summary>
    public abstract string OnWeekdays(IReadOnlyList<int> days);

    /// <summary>"Monday to Friday".</summary>
    public abstract string WeekdayRange(int first, int last);

    /// <summary>"Monday or Thursday", bare.</summary>
    public abstract string WeekdayNames(IReadOnlyList<int> days);

    public abstract string EveryDayExcept(int day);

    /// <summary>"the first and last Monday of the month"; 0 stands for the last.</summary>
    public abstract string Nth(int day, IReadOnlyList<int> nths);

    /// <summary><see cref="Nth"/> with its preposition.</summary>
    public abstract string OnNth(int day, IReadOnlyList<int> nths);

    /// <summary>"on days 1 and 15 of the month".</summary>
    public abstract string OnDates(IReadOnlyList<int> days);

    /// <summary>"on 25 December".</summary>
    public abstract string OnDatesOf(int month, IReadOnlyList<int> days);

    /// <summary>The day so many days before the last of the month.</summary>
    public abstract string BeforeMonthEnd(int days);

    /// <summary>The Monday to Friday nearest to a day.</summary>
    public abstract string NearestWeekday(int day);

    public abstract string InMonths(IReadOnlyList<int> months);

    public abstract string MonthRange(int first, int last);

    public abstract string InYears(IReadOnlyList<int> years);

    /// <summary>"from 2026 to 2030"; with a step, "every 5 years from 2025 to 2060".</summary>
    public abstract string YearRange(int step, int first, int last);

    /// <summary>"every 1 hour and 30 minutes".</summary>
    public abstract string EveryPeriod(TimeSpan period);

    /// <summary>"10 minutes after the previous run ended".</summary>
    public abstract string AfterTheEnd(TimeSpan delay);

    /// <summary>"12 hours after the previous run started".</summary>
    public abstract string AfterTheStart(TimeSpan delay);

    public abstract string CountedFrom(DateTime local);

    public abstract string Once(DateTime local);

    public abstract string Starting(DateTime local);

    public abstract string Until(DateTime local);

    public abstract string Spread(TimeSpan most);

    /// <summary>The word before calendars that due times must be in.</summary>
    public abstract string Only { get; }

    /// <summary>The word before calendars that due times must not be in.</summary>
    public abstract string Except { get; }

    /// <summary>"in the calendars "a" and "b"".</summary>
    public abstract string In(IReadOnlyList<string> calendars, string word);

    /// <summary>A calendar that was written into the schedule and has no name.</summary>
    public abstract string InItsOwnCalendar { get; }

    /// <summary>What a built-in calendar covers: "on weekends".</summary>
    /// <param name="name">Its name in lower case, without a state.</param>
    /// <param name="state">The state of Brazil whose holidays it has too; null for none.</param>
    public abstract string OnBuiltIn(string name, string? state);

    public abstract string ShiftedToNextBusinessDay { get; }

    public abstract string ShiftedToPreviousBusinessDay { get; }

    public abstract string Of(GapRule rule);

    public abstract string Of(OverlapRule rule);

    /// <summary>"in 5 minutes".</summary>
    public abstract string In(int count, TimeUnit unit);

    /// <summary>"5 minutes ago".</summary>
    public abstract string Ago(int count, TimeUnit unit);

    /// <summary>A near day from -1, yesterday, to 1, tomorrow, without its time.</summary>
    public abstract string Near(int days);

    /// <summary>A day of the coming week, or of the one that is past.</summary>
    public abstract string Near(int weekday, bool isPast);

    /// <summary>"on 5 January", "on 5 January 2027".</summary>
    public abstract string OnDate(DateTime local, bool withYear);

    /// <summary>How a length of time is put: one unit where it is short, else all that are not zero.</summary>
    public string Length(TimeSpan length)
    {
        (double Count, TimeUnit Unit)[] units =
        [
            (length.Days, TimeUnit.Day),
            (length.Hours, TimeUnit.Hour),
            (length.Minutes, TimeUnit.Minute),
            (Math.Round((length.Ticks % TimeSpan.TicksPerMinute) / (double)TimeSpan.TicksPerSecond, 3), TimeUnit.Second),
        ];
        var parts = units.Where(part => part.Count > 0).ToList();
        if (parts.Count == 2 && parts[1].Unit - parts[0].Unit == -1 && InSmaller(length, parts[1].Unit) is var count and <= MostInSmaller)
        {
            return Count(count, parts[1].Unit);
        }

        return List([.. parts.Select(part => Count(part.Count, part.Unit))], And);
    }

    /// <summary>"1 hour", "1.5 seconds".</summary>
    protected abstract string Count(double count, TimeUnit unit);

    protected abstract string To(string first, string last);

    private const double MostInSmaller = 150; // "90 minutes", "36 hours", but "2 days and 12 hours" where the number would be large.

    public static string List(IReadOnlyList<string> words, string word) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} {word} {words[^1]}";

    /// <summary>A list in which three or more neighbours become a range: "1, 3 to 5 and 9".</summary>
    protected string Ranges(IReadOnlyList<int> values, Func<int, string> write)
    {
        var words = Bits.Stretches(values)
            .SelectMany(stretch =>
                stretch.Last - stretch.First > 1 ? [To(write(stretch.First), write(stretch.Last))]
                : stretch.Last == stretch.First ? [write(stretch.First)]
                : new[] { write(stretch.First), write(stretch.Last) }
            );
        return List([.. words], And);
    }

    protected static (int Hour, int Minute, int Second) Clock(int time) => (time / Hour, time / Minute % 60, time % 60);

    protected static int TimeOf(DateTime local) => (int)(local.TimeOfDay.Ticks / TimeSpan.TicksPerSecond);

    private static double InSmaller(TimeSpan length, TimeUnit unit) =>
        unit switch
        {
            TimeUnit.Second => length.TotalSeconds,
            TimeUnit.Minute => length.TotalMinutes,
            _ => length.TotalHours,
        };
}

/// <summary>What a number counts, from the finest.</summary>
internal enum TimeUnit
{
    Second,
    Minute,
    Hour,
    Day,
}
