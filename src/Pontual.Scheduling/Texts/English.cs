using System.Globalization;

namespace Pontual.Scheduling.Texts;

/// <summary>English.</summary>
internal sealed class English : Language
{
    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private static readonly string[] Ordinals = ["last", "first", "second", "third", "fourth", "fifth"];

    public override string And => "and";

    public override string Or => "or";

    public override string EveryDay => "every day";

    public override string WhenAsked => "only when asked";

    public override string BeforeTimes => "at ";

    public override string Time(int hour, int minute, int second) =>
        second == 0 ? $"{hour:00}:{minute:00}" : $"{hour:00}:{minute:00}:{second:00}";

    public override string Every(int count, TimeUnit unit) => count == 1 ? $"every {Name(unit)}" : $"every {count} {Name(unit)}s";

    public override string AtValues(IReadOnlyList<int> values, TimeUnit unit) =>
        $"at {Name(unit)}{(values.Count == 1 ? "" : "s")} {Ranges(values, value => $"{value}")}";

    public override string Between(int firstHour, int firstMinute, int lastHour, int lastMinute) =>
        $"from {Time(firstHour, firstMinute, 0)} to {Time(lastHour, lastMinute, 0)}";

    public override string OnWeekdays(IReadOnlyList<int> days) =>
        days is [1, 2, 3, 4, 5] ? "Monday to Friday" : $"on {Ranges(days, day => Days[day])}";

    public override string OnDates(IReadOnlyList<int> days) =>
        $"on day{(days.Count == 1 ? "" : "s")} {Ranges(days, day => $"{day}")} of the month";

    public override string BeforeMonthEnd(int days) =>
        days switch
        {
            0 => "on the last day of the month",
            1 => "on the last day but one of the month",
            _ => $"{days} days before the last day of the month",
        };

    public override string NearestWeekday(int day) =>
        day == 0 ? "on the last Monday-to-Friday day of the month" : $"on the Monday-to-Friday day nearest to day {day} of the month";

    public override string NthWeekday(int day, int nth) => $"on the {Ordinals[nth]} {Days[day]} of the month";

    public override string OnlyIf(string one, string other) => $"{one}, if it is also {other}";

    public override string InMonths(IReadOnlyList<int> months) =>
        $"{(AreNeighbours(months) ? "from" : "in")} {Ranges(months, month => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month))}";

    public override string InYears(IReadOnlyList<int> years) => $"in {Ranges(years, year => $"{year}")}";

    public override string EveryPeriod(TimeSpan period)
    {
        var parts = Parts(period).ToList();
        return parts is [(1, var unit)]
            ? Every(1, unit)
            : $"every {string.Join(' ', parts.Select(part => $"{part.Count} {Name(part.Unit)}{(part.Count == 1 ? "" : "s")}"))}";
    }

    public override string CountedFrom(DateTimeOffset anchor) => $"counted from {anchor.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";

    public override string Once(DateTimeOffset at) => $"once, on {at.UtcDateTime:yyyy-MM-dd} at {at.UtcDateTime:HH:mm:ss} UTC";

    protected override string To(string first, string last) => $"{first} to {last}";

    private static string Name(TimeUnit unit) =>
        unit switch
        {
            TimeUnit.Second => "second",
            TimeUnit.Minute => "minute",
            TimeUnit.Hour => "hour",
            _ => "day",
        };
}
