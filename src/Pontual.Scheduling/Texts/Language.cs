namespace Pontual.Scheduling.Texts;

/// <summary>The words and small grammar of one language, from which <see cref="CronWords"/> builds its sentences. Days of the week count from Sunday, 0.</summary>
internal abstract class Language
{
    public abstract string And { get; }

    public abstract string Or { get; }

    public abstract string EveryDay { get; }

    public abstract string WhenAsked { get; }

    /// <summary>A fixed time with its preposition: "09:00", "às 9h".</summary>
    public abstract string Time(int hour, int minute, int second);

    /// <summary>What stands before a list of times, once.</summary>
    public abstract string BeforeTimes { get; }

    /// <summary>"every 5 minutes"; of one, "every minute".</summary>
    public abstract string Every(int count, TimeUnit unit);

    /// <summary>"at minute 30", "at seconds 10 and 20".</summary>
    public abstract string AtValues(IReadOnlyList<int> values, TimeUnit unit);

    /// <summary>From one time of the day to another, both included.</summary>
    public abstract string Between(int firstHour, int firstMinute, int lastHour, int lastMinute);

    /// <summary>"Monday to Friday", "on Monday and Thursday".</summary>
    public abstract string OnWeekdays(IReadOnlyList<int> days);

    /// <summary>"on days 1 and 15 of the month".</summary>
    public abstract string OnDates(IReadOnlyList<int> days);

    /// <summary>The day so many days before the last of the month.</summary>
    public abstract string BeforeMonthEnd(int days);

    /// <summary>The Monday to Friday nearest to a day; of day 0, the last one of the month.</summary>
    public abstract string NearestWeekday(int day);

    /// <summary>The n-th such day of the month; of 0, the last.</summary>
    public abstract string NthWeekday(int day, int nth);

    /// <summary>Joins two restrictions that must both hold.</summary>
    public abstract string OnlyIf(string one, string other);

    public abstract string InMonths(IReadOnlyList<int> months);

    public abstract string InYears(IReadOnlyList<int> years);

    /// <summary>"3 days 2 hours".</summary>
    public abstract string EveryPeriod(TimeSpan period);

    public abstract string CountedFrom(DateTimeOffset anchor);

    public abstract string Once(DateTimeOffset at);

    protected abstract string To(string first, string last);

    public static string List(IReadOnlyList<string> words, string word) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} {word} {words[^1]}";

    /// <summary>A list in which three or more neighbours become a range: "1, 3 to 5 and 9".</summary>
    protected string Ranges(IReadOnlyList<int> values, Func<int, string> write)
    {
        var words = new List<string>();
        for (var first = 0; first < values.Count; )
        {
            var last = first;
            while (last + 1 < values.Count && values[last + 1] == values[last] + 1)
            {
                last++;
            }

            if (last - first >= 2)
            {
                words.Add(To(write(values[first]), write(values[last])));
            }
            else
            {
                words.AddRange(values.Skip(first).Take(last - first + 1).Select(write));
            }

            first = last + 1;
        }

        return List(words, And);
    }

    /// <summary>Three or more values without a hole.</summary>
    protected static bool AreNeighbours(IReadOnlyList<int> values) => values.Count > 2 && values[^1] - values[0] == values.Count - 1;

    /// <summary>The parts of a period that are not zero, from days to seconds.</summary>
    protected static IEnumerable<(int Count, TimeUnit Unit)> Parts(TimeSpan period)
    {
        (int Count, TimeUnit Unit)[] parts =
        [
            (period.Days, TimeUnit.Day),
            (period.Hours, TimeUnit.Hour),
            (period.Minutes, TimeUnit.Minute),
            (period.Seconds, TimeUnit.Second),
        ];
        return parts.Where(part => part.Count > 0);
    }
}

/// <summary>What a number counts.</summary>
internal enum TimeUnit
{
    Second,
    Minute,
    Hour,
    Day,
}
