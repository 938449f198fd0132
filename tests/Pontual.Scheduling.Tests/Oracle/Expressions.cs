using FsCheck;
using FsCheck.Fluent;
using Pontual.Scheduling.Cron;

namespace Pontual.Scheduling.Tests.Oracle;

/// <summary>Generators of what people write, and of what nobody should.</summary>
internal static class Expressions
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <summary>Valid expressions of five, six or seven fields.</summary>
    public static Gen<string> Valid { get; } =
        Gen.OneOf(
            FiveFields(Field(0, 59, 59), Field(0, 23, 23)),
            FiveFields(Field(0, 59, 59), Field(0, 23, 23)),
            from second in Field(0, 59, 59)
            from five in FiveFields(Field(0, 59, 59), Field(0, 23, 23))
            select $"{second} {five}",
            from five in FiveFields(Field(0, 59, 59), Field(0, 23, 23))
            from year in Gen.Elements("*", "2026-2030", "2020,2031", "2025-2060/5", "*/2")
            select $"0 {five} {year}"
        );

    /// <summary>Expressions of every dialect, with the options they are read by: ours with and without H, crontabs, Quartz.</summary>
    public static Gen<(string Text, ParseOptions Options)> OfAnyDialect { get; } =
        Gen.Frequency(
            (3, Valid.Select(text => (text, ParseOptions.Default))),
            (
                2,
                from text in Spread
                from seed in Gen.Elements("", "a", "backup", "relatório diário", "x-17")
                select (text, new ParseOptions { Seed = seed })
            ),
            (1, Crontab.Select(text => (text, new ParseOptions { Dialect = CronDialect.Crontab }))),
            (2, Quartz.Select(text => (text, new ParseOptions { Dialect = CronDialect.Quartz })))
        );

    /// <summary>Expressions whose times lie where clocks change, with many matching days.</summary>
    public static Gen<string> NearMidnight { get; } =
        from minute in Gen.Elements("0", "30", "15,45", "*", "*/15", "*/20", "5-50/15", "59")
        from hour in Gen.Elements("0", "1", "2", "3", "1,2", "0,23", "*", "0-4", "22-3", "*/2", "9")
        from day in Gen.Elements("* * *", "* * *", "* * SUN", "*/2 * *", "* * 0,6", "L * *", "? * 7L", "1W * ?")
        select $"{minute} {hour} {day}";

    /// <summary>Any text at all, and valid texts with a few characters changed, taken out or put in.</summary>
    public static Gen<string?> Hostile { get; } =
        Gen.OneOf(
            ArbMap.Default.GeneratorFor<string?>(),
            Gen.ArrayOf(Gen.Elements<char>([.. "0123456789*/,-?LW#H()@ \tMONJANfri\0é９\uD800"]))
                .Select(signs => (string?)new string(signs)),
            from text in Valid
            from at in Gen.Choose(0, text.Length - 1)
            from length in Gen.Choose(0, 2)
            from sign in Gen.Elements("", "*", "/", "-", ",", "L", "W", "#", "?", "99", "-1", "00", "\0", " ", "MON", "\u00a0")
            select (string?)(text[..at] + sign + text[Math.Min(text.Length, at + length)..])
        );

    private static Gen<string> Spread =>
        from second in Gen.Elements("", "", "H ", "H/20 ", "0 ")
        from minute in Gen.Elements("H", "H/15", "H(0-29)", "H(0-29)/10", "H,5", "0", "*", "H(50-59)/7", "H/59", "7,H(10-20)")
        from hour in Gen.Elements("H", "H/6", "H(9-17)", "H(9-17)/3", "*", "9", "H(0-7),22")
        from date in Gen.Elements("*", "*", "?", "H", "H/10", "H(1-7)", "15", "H,L", "*/2")
        from month in Gen.Elements("*", "*", "H", "H/3", "1-6")
        from week in Gen.Elements("*", "*", "?", "H", "H/2", "H(1-5)", "MON-FRI")
        select $"{second}{minute} {hour} {date} {month} {week}";

    private static Gen<string> Crontab =>
        from minute in Ordered(0, 59)
        from hour in Ordered(0, 23)
        from date in Gen.Frequency((2, Gen.Constant("*")), (1, Ordered(1, 31)))
        from month in Gen.Frequency((2, Gen.Constant("*")), (1, Ordered(1, 12)), (1, Gen.Elements(Months)))
        from week in Gen.Frequency((2, Gen.Constant("*")), (1, Ordered(0, 7)), (1, Gen.Elements(Days)))
        select $"{minute} {hour} {date} {month} {week}";

    private static Gen<string> Quartz =>
        from second in Gen.Elements("0", "*", "/5", "0/30", "10,40")
        from minute in Gen.OneOf(Field(0, 59, 59), Gen.Constant("/7"))
        from hour in Field(0, 23, 23)
        from month in Gen.Frequency((3, Gen.Constant("*")), (1, Field(1, 12, 12)), (1, Names(Months)))
        from days in Gen.OneOf(
            from date in Gen.OneOf(Field(1, 31, 31), Gen.Elements("*", "L", "L-3", "LW", "15W", "L,15"))
            select (date, week: "?"),
            from week in Gen.OneOf(Field(1, 7, 7), Names(Days), Gen.Elements("*", "L", "6L", "FRIL", "2#1", "MON#3", "7#5", "/2"))
            select (date: "?", week)
        )
        from year in Gen.Elements("", "", "", " *", " 2026-2040", " 2025/3")
        select $"{second} {minute} {hour} {days.date} {month} {days.week}{year}";

    private static Gen<string> Ordered(int first, int last)
    {
        var value = Gen.Choose(first, last);
        var range = from one in value from other in value select $"{Math.Min(one, other)}-{Math.Max(one, other)}";
        var item = Gen.Frequency(
            (2, Gen.Constant("*")),
            (3, value.Select(one => $"{one}")),
            (1, Gen.Choose(1, last).Select(step => $"*/{step}")),
            (1, range),
            (1, from ends in range from step in Gen.Choose(1, last) select $"{ends}/{step}")
        );
        return Gen.Frequency((3, item), (1, from one in item from other in item select $"{one},{other}"));
    }

    private static Gen<string> FiveFields(Gen<string> minute, Gen<string> hour) =>
        from m in minute
        from h in hour
        from d in DayOfMonth
        from month in Gen.Frequency((3, Gen.Constant("*")), (1, Field(1, 12, 12)), (1, Names(Months)))
        from w in DayOfWeek
        select $"{m} {h} {d} {month} {w}";

    private static Gen<string> DayOfMonth { get; } =
        Gen.Frequency(
            (4, Gen.Constant("*")),
            (1, Gen.Constant("?")),
            (2, Field(1, 31, 31)),
            (1, Gen.Elements("L", "LW", "L-3", "15W", "1W", "31W", "L,15", "30W,1"))
        );

    private static Gen<string> DayOfWeek { get; } =
        Gen.Frequency(
            (4, Gen.Constant("*")),
            (1, Gen.Constant("?")),
            (2, Field(0, 7, 7)),
            (1, Names(Days)),
            (1, Gen.Elements("5L", "SUNL", "MON#2", "1#5", "0#1,SATL", "7#3"))
        );

    private static Gen<string> Names(string[] names) =>
        from one in Gen.Elements(names)
        from other in Gen.Elements(names)
        from form in Gen.Choose(0, 2)
        select form switch
        {
            0 => one,
            1 => $"{one}-{other}",
            _ => $"{one},{other}",
        };

    private static Gen<string> Field(int first, int last, int largestStep)
    {
        var value = Gen.Choose(first, last);
        var item = Gen.Frequency(
            (3, Gen.Constant("*")),
            (4, value.Select(one => $"{one}")),
            (1, Gen.Choose(1, largestStep).Select(step => $"*/{step}")),
            (1, from one in value from other in value select $"{one}-{other}"),
            (1, from one in value from other in value from step in Gen.Choose(1, largestStep) select $"{one}-{other}/{step}"),
            (1, from one in value from step in Gen.Choose(1, largestStep) select $"{one}/{step}")
        );
        return Gen.Frequency((3, item), (1, from one in item from other in item select $"{one},{other}"));
    }
}
