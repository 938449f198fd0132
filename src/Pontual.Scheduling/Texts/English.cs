using System.Globalization;
using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Texts;

/// <summary>English.</summary>
internal sealed class English : Language
{
    private static readonly string[] Days = ["", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private static readonly string[] Ordinals = ["last", "first", "second", "third", "fourth", "fifth"];

    public override string And => "and";

    public override string Or => "or";

    public override string EveryDay => "every day";

    public override string WhenAsked => "only when asked";

    public override string WhenTheSystemStarts => "when the system starts";

    public override string OnlyIf => "only if it is";

    public override string OnOddDays => "on odd days of the month";

    public override string OnEvenDays => "on even days of the month";

    public override string OnLastWeekday => "on the last weekday of the month";

    public override string ShiftedToNextBusinessDay => "moving to the next business day if needed";

    public override string ShiftedToPreviousBusinessDay => "moving to the previous business day if needed";

    public override string InItsOwnCalendar => "in its own calendar";

    public override string Only => "only";

    public override string Except => "except";

    public override string Now => "now";

    public override string Times(IReadOnlyList<int> times) => $"at {List([.. times.Select(Written)], And)}";

    public override string Every(int count, TimeUnit unit) => count == 1 ? $"every {Name(unit)}" : $"every {Count(count, unit)}";

    public override string At(IReadOnlyList<int> values, TimeUnit unit) => $"at {Numbers(values, unit)}";

    public override string During(IReadOnlyList<int> values, TimeUnit unit) =>
        $"during {Numbers(values, unit)}{(unit == TimeUnit.Minute ? " of the hour" : "")}";

    public override string Between(int first, int last) => $"from {Written(first)} to {Written(last)}";

    public override string OnWeekdays(IReadOnlyList<int> days) => $"on {List([.. days.Select(day => $"{Days[day]}s")], And)}";

    public override string WeekdayRange(int first, int last) => To(Days[first], Days[last]);

    public override string WeekdayNames(IReadOnlyList<int> days) => List([.. days.Select(day => Days[day])], Or);

    public override string EveryDayExcept(int day) => $"every day except {Days[day]}";

    public override string Nth(int day, IReadOnlyList<int> nths) =>
        $"the {List([.. nths.Select(nth => Ordinals[nth])], And)} {Days[day]} of the month";

    public override string OnNth(int day, IReadOnlyList<int> nths) => $"on {Nth(day, nths)}";

    public override string OnDates(IReadOnlyList<int> days) =>
        $"on day{(days.Count == 1 ? "" : "s")} {Ranges(days, day => $"{day}")} of the month";

    public override string OnDatesOf(int month, IReadOnlyList<int> days) =>
        $"on {List([.. days.Select(day => $"{day}")], And)} {Month(month)}";

    public override string BeforeMonthEnd(int days) =>
        days switch
        {
            0 => "on the last day of the month",
            1 => "on the next-to-last day of the month",
            _ => $"{days} days before the last day of the month",
        };

    public override string NearestWeekday(int day) => $"on the weekday nearest to day {day} of the month";

    public override string InMonths(IReadOnlyList<int> months) => $"in {List([.. months.Select(Month)], And)}";

    public override string MonthRange(int first, int last) => $"from {Month(first)} to {Month(last)}";

    public override string InYears(IReadOnlyList<int> years) => $"in {List([.. years.Select(year => $"{year}")], And)}";

    public override string YearRange(int step, int first, int last) => $"{(step == 1 ? "" : $"every {step} years ")}from {first} to {last}";

    public override string EveryPeriod(TimeSpan period) =>
        $"every {(Length(period) is ['1', ' ', .. var unit] && !unit.Contains(' ') ? unit : Length(period))}";

    public override string AfterTheEnd(TimeSpan delay) => $"{Length(delay)} after the previous run ended";

    public override string AfterTheStart(TimeSpan delay) => $"{Length(delay)} after the previous run started";

    public override string CountedFrom(DateTime local) => $"counted from {Moment(local)}";

    public override string Once(DateTime local) => $"once, on {Moment(local)}";

    public override string Starting(DateTime local) => $"starting on {(TimeOf(local) == 0 ? Date(local) : Moment(local))}";

    public override string Until(DateTime local) => $"until {(TimeOf(local) == 86_399 ? Date(local) : Moment(local))}";

    public override string Spread(TimeSpan most) => $"spread over up to {Length(most)}";

    public override string In(IReadOnlyList<string> calendars, string word) =>
        $"in the calendar{(calendars.Count == 1 ? "" : "s")} {List([.. calendars.Select(Quoted)], word)}";

    public override string OnBuiltIn(string name, string? state) =>
        name switch
        {
            "weekends" => "on weekends",
            "weekdays" => "on weekdays",
            _ when state is null => "on national holidays of Brazil",
            _ => $"on holidays of Brazil ({state})",
        };

    public override string Of(GapRule rule) =>
        rule switch
        {
            GapRule.RunAtEnd => "times that the clock skips run right after the change",
            GapRule.RunShifted => "times that the clock skips run as much later",
            _ => "times that the clock skips do not run",
        };

    public override string Of(OverlapRule rule) =>
        rule switch
        {
            OverlapRule.First => "times that come twice run the first time",
            OverlapRule.Second => "times that come twice run the second time",
            _ => "times that come twice run both times",
        };

    public override string In(int count, TimeUnit unit) => $"in {Count(count, unit)}";

    public override string Ago(int count, TimeUnit unit) => $"{Count(count, unit)} ago";

    public override string Near(int days) =>
        days switch
        {
            < 0 => "yesterday",
            0 => "today",
            _ => "tomorrow",
        };

    public override string Near(int weekday, bool isPast) => $"{(isPast ? "last" : "on")} {Days[weekday]}";

    public override string OnDate(DateTime local, bool withYear) =>
        withYear ? $"on {Date(local)}" : string.Create(CultureInfo.InvariantCulture, $"on {local:d MMMM}");

    protected override string Count(double count, TimeUnit unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:0.###} {Name(unit)}{(count == 1 ? "" : "s")}");

    protected override string To(string first, string last) => $"{first} to {last}";

    private string Numbers(IReadOnlyList<int> values, TimeUnit unit) =>
        $"{Name(unit)}{(values.Count == 1 ? "" : "s")} {Ranges(values, value => $"{value}")}";

    private static string Written(int time) =>
        Clock(time) is (var hour, var minute, var second) && second == 0 ? $"{hour:00}:{minute:00}" : $"{hour:00}:{minute:00}:{second:00}";

    private static string Month(int month) => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month);

    private static string Date(DateTime local) => string.Create(CultureInfo.InvariantCulture, $"{local:d MMMM yyyy}");

    private static string Moment(DateTime local) => $"{Date(local)} at {Written(TimeOf(local))}";

    private static string Quoted(string calendar) => $"\"{calendar}\"";

    private static string Name(TimeUnit unit) =>
        unit switch
        {
            TimeUnit.Second => "second",
            TimeUnit.Minute => "minute",
            TimeUnit.Hour => "hour",
            _ => "day",
        };
}
