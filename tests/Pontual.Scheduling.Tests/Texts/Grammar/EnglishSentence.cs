namespace Pontual.Scheduling.Tests.Texts.Grammar;

/// <summary>The English a description may be written in.</summary>
internal sealed class EnglishSentence : Sentence
{
    private const string Time = @"(?:[01]\d|2[0-3]):[0-5]\d(?::(?!00)[0-5]\d)?";
    private const string Number = @"\d+(?: to \d+)?";
    private const string Of = " of the month";

    private static readonly string[] Weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    private static readonly string[] Ordinals = ["last", "first", "second", "third", "fourth", "fifth"];
    private static readonly string[] Months =
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];

    private static readonly string Day = AnyOf(Weekdays);
    private static readonly string Month = AnyOf(Months);
    private static readonly string Several = $@"(?:{Many(Number, "and")}|\d+ to \d+)";
    private static readonly string Nth = $@"the {List(AnyOf(Ordinals), "and")} {Day}{Of}";
    private static readonly string Length = List(
        @"(?:1 (?:second|minute|hour|day)|(?!1 )\d+(?:\.\d+)? (?:second|minute|hour|day)s)",
        "and"
    );
    private static readonly string Moment = $@"[1-9]\d? {Month} \d{{4}}(?: at {Time})?";

    private static readonly string DayItem =
        $"(?:{Nth.Insert(0, "on ")}|on day {@"\d+"}{Of}|on days {Several}{Of}|on (?:odd|even) days{Of}|on the last day{Of}|on the next-to-last day{Of}"
        + $@"|(?!1 )\d+ days before the last day{Of}|on the last weekday{Of}|on the weekday nearest to day \d+{Of}|on {List(@"\d+", "and")} {Month}"
        + $"|on {List(Day + "s", "and")}|every day except {Day}|{Day} to {Day})";

    public EnglishSentence()
    {
        Times();
        Days();
        var month = $"(?:in {List(Month, "and")}|from {Month} to {Month})";
        Phrase(
            List(month, "and"),
            (match, reading) => reading.Limits.Add([.. Each(month, match.Value).Select(one => InMonths(one.Value))])
        );
        Phrase($@"in {List(@"\d{4}", "and")}", (match, reading) => reading.Limits.Add([In(Numbers(match.Value, "to"))]));
        Phrase(@"(?:every (?<n>\d+) years )?from (?<a>\d{4}) to (?<b>\d{4})", (match, reading) => reading.Limits.Add([YearRange(match)]));
        Terms();
    }

    private void Times()
    {
        Phrase("only when asked|when the system starts");
        Phrase($"every (?:second|minute|hour|day|{Length})(?:, counted from {Moment})(?=, |;|$)");
        Phrase($"{Length} after the previous run (?:ended|started)");
        Phrase($"once, on {Moment}");
        Phrase(
            $"at {List(Time, "and")}",
            (match, reading) => reading.Listed.AddRange(Each(Time, match.Value).Select(one => Clock(one.Value)))
        );
        Phrase(
            @"every (?:(?<unit>second|minute|hour|day)|(?<n>(?!1 )\d+) (?<unit>second|minute|hour|day)s)",
            (match, reading) =>
                reading.Every = Unit(match.Groups["unit"].Value) * (match.Groups["n"].Success ? int.Parse(match.Groups["n"].Value) : 1)
        );
        Phrase($"every {Length}");
        Phrase($@"at (?:minute \d+|minutes {Several})", (match, reading) => reading.AtMinutes = Numbers(match.Value, "to"));
        Phrase(
            $@"during (?:minute \d+|minutes {Several}) of the hour",
            (match, reading) => reading.DuringMinutes = Numbers(match.Value, "to")
        );
        Phrase($@"at (?:second \d+|seconds {Several})", (match, reading) => reading.AtSeconds = Numbers(match.Value, "to"));
        Phrase(
            List($"from {Time} to {Time}", "and"),
            (match, reading) =>
                reading.Between.AddRange(
                    Each($"from ({Time}) to ({Time})", match.Value).Select(one => (Clock(one.Groups[1].Value), Clock(one.Groups[2].Value)))
                )
        );
        Phrase($@"during (?:hour \d+|hours {Several})", (match, reading) => reading.DuringHours = Numbers(match.Value, "to"));
    }

    private void Days()
    {
        Phrase("every day");
        Phrase(
            $"{DayItem}(?:(?:, | and | or ){DayItem})*",
            (match, reading) => reading.Days.AddRange(Each(DayItem, match.Value).Select(item => DayOf(item.Value)))
        );
        var condition = $"(?:{Nth}|{Day} to {Day}|{Day})";
        Phrase(
            $"only if it is {List(condition, "or")}",
            (match, reading) => reading.Limits.Add([.. Each(condition, match.Value).Select(one => DayOf(one.Value))])
        );
    }

    private void Terms()
    {
        foreach (var (before, word) in new[] { ("only", "or"), ("except", "and") })
        {
            var named = $"in the calendar(?: \"[^\"]+\"|s {Many("\"[^\"]+\"", word)})";
            Phrase(
                $"{before} {List($"(?:on (?:weekends|weekdays|national holidays of Brazil|holidays of Brazil [(][A-Z]{{2}}[)])|{named}|in its own calendar)", word)}"
            );
        }

        Phrase("moving to the (?:next|previous) business day if needed");
        Phrase($"spread over up to {Length}");
        Phrase($"starting on {Moment}");
        Phrase($"until {Moment}");
        Phrase("times that the clock skips (?:run right after the change|run as much later|do not run)");
        Phrase("times that come twice run (?:the first time|the second time|both times)");
    }

    private static Func<DateOnly, bool> DayOf(string item)
    {
        var numbers = Numbers(item, "to");
        var weekdays = Each(Day, item).Select(match => Array.IndexOf(Weekdays, match.Value) + 1).ToList();
        var ordinals = Each($@"\b{AnyOf(Ordinals)}\b", item).Select(match => Array.IndexOf(Ordinals, match.Value)).ToList();
        return item switch
        {
            _ when item.Contains("odd") => day => day.Day % 2 == 1,
            _ when item.Contains("even") && !item.Contains("eventh") => day => day.Day % 2 == 0,
            _ when item.Contains("last weekday") => day => IsNearest(day, DateTime.DaysInMonth(day.Year, day.Month)),
            _ when item.Contains("nearest") => day => IsNearest(day, numbers[0]),
            _ when item.Contains("next-to-last") => day => FromEnd(day) == 1,
            _ when item.Contains("before the last day") => day => FromEnd(day) == numbers[0],
            _ when item.Contains("the last day") => day => FromEnd(day) == 0,
            _ when ordinals.Count > 0 => day => ordinals.Any(nth => IsNth(day, weekdays[0], nth)),
            _ when item.Contains("except") => day => Weekday(day) != weekdays[0],
            _ when weekdays.Count == 2 && item.Contains(" to ") => day => Round(weekdays[0], weekdays[1], 7).Contains(Weekday(day)),
            _ when weekdays.Count > 0 => day => weekdays.Contains(Weekday(day)),
            _ when item.EndsWith(Of, StringComparison.Ordinal) => day => numbers.Contains(day.Day),
            _ => day => numbers.Contains(day.Day) && InMonths(item)(day),
        };
    }

    private static Func<DateOnly, bool> InMonths(string text)
    {
        var named = Each(Month, text).Select(match => Array.IndexOf(Months, match.Value) + 1).ToList();
        var months = text.StartsWith("from", StringComparison.Ordinal) ? Round(named[0], named[1], 12) : named;
        return day => months.Contains(day.Month);
    }

    private static Func<DateOnly, bool> In(List<int> years) => day => years.Contains(day.Year);

    private static Func<DateOnly, bool> YearRange(System.Text.RegularExpressions.Match match)
    {
        var (first, last) = (int.Parse(match.Groups["a"].Value), int.Parse(match.Groups["b"].Value));
        var step = match.Groups["n"].Success ? int.Parse(match.Groups["n"].Value) : 1;
        return day => day.Year >= first && day.Year <= last && (day.Year - first) % step == 0;
    }

    private static int Clock(string text) =>
        text.Split(':').Select(int.Parse).Concat([0]).Take(3).Aggregate(0, (total, part) => (total * 60) + part);

    private static int Unit(string name) =>
        name switch
        {
            "second" => 1,
            "minute" => 60,
            "hour" => 3600,
            _ => 86_400,
        };
}
