using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Tests.Texts.Grammar;
using Pontual.Scheduling.Texts;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Texts;

/// <summary>Every description is a sentence of its language's grammar, and says exactly what the expression does: read back, it gives the same times and days.</summary>
public sealed class ScheduleTextGrammarTests
{
    private static readonly EnglishSentence English = new();
    private static readonly PortugueseSentence Portuguese = new();
    private static readonly DateOnly FirstDay = new(2026, 1, 1);
    private static readonly DateOnly LastDay = new(2030, 12, 31);

    public static TheoryData<string> Spoken => [.. SpokenExpressions.All];

    [Fact]
    public void The_table_is_long_and_holds_nothing_twice()
    {
        SpokenExpressions.All.Count().ShouldBeGreaterThanOrEqualTo(150);
        SpokenExpressions.All.ShouldBeUnique();
    }

    [Theory]
    [MemberData(nameof(Spoken))]
    public void A_description_reads_back_as_what_the_expression_does(string text) => ReadsBack(text);

    [Fact]
    public void Any_expression_reads_back_as_what_it_does() => Expressions.Valid.Check(400, ReadsBack);

    [Theory]
    [InlineData("at 09:00, on day 1 and 15 of the month")]
    [InlineData("at 09:00 and 10:00 and 11:00, every day")]
    [InlineData("every 1 minutes")]
    [InlineData("at 09:00, every day.")]
    [InlineData("at 09:00,  every day")]
    [InlineData("every day, at 09:00")]
    [InlineData("at 9h, every day")]
    public void The_english_grammar_refuses_what_is_wrong(string text) => Should.Throw<FormatException>(() => English.Read(text));

    [Theory]
    [InlineData("às 1h, todos os dias")]
    [InlineData("à 2h, todos os dias")]
    [InlineData("às 9h, todo segunda-feira")]
    [InlineData("às 9h, toda sábado")]
    [InlineData("às 9h, na primeiro segunda-feira do mês")]
    [InlineData("às 9h, nos dias 1º do mês")]
    [InlineData("a cada hora, das 1h às 9h")]
    [InlineData("às 9h, every day")]
    public void The_portuguese_grammar_refuses_what_is_wrong(string text) => Should.Throw<FormatException>(() => Portuguese.Read(text));

    private static void ReadsBack(string text)
    {
        var expression = CronExpression.Parse(text);
        var schedule = new CronSchedule(expression, Zone.Default);
        foreach (
            var (words, grammar) in new (string, Sentence)[]
            {
                (ScheduleText.InEnglish(schedule), English),
                (ScheduleText.InPortuguese(schedule), Portuguese),
            }
        )
        {
            IsWellFormed(words);
            Compare(expression, grammar.Read(words), $"«{text}» is put as «{words}»");
        }
    }

    private static void IsWellFormed(string words)
    {
        words.ShouldNotContain("  ");
        words.ShouldBe(words.Trim(' ', '.', ',', ';'));
        char.IsUpper(words[0]).ShouldBeFalse(words);
    }

    private static void Compare(CronExpression expression, Reading reading, string context)
    {
        for (var day = FirstDay; day <= LastDay; day = day.AddDays(1))
        {
            reading.Includes(day).ShouldBe(Fires(expression, day), $"{context}: {day:yyyy-MM-dd}");
        }

        if (expression.NextLocal(new DateTime(1970, 1, 1).AddTicks(-1)) is not { } first)
        {
            return; // No date ever matches, and so no time either.
        }

        if (expression.ToString().Split(' ').Length == 7)
        {
            CompareYears(expression, reading, context);
        }

        var times = new HashSet<int>();
        for (DateTime? at = first; at is { } time && time.Date == first.Date; at = expression.NextLocal(time))
        {
            times.Add((int)time.TimeOfDay.TotalSeconds);
        }

        reading.Times().SetEquals(times).ShouldBeTrue($"{context}: it says {times.Count} times otherwise");
    }

    private static void CompareYears(CronExpression expression, Reading reading, string context)
    {
        for (var year = 1970; year <= 2199; year++)
        {
            var start = new DateTime(year, 1, 1);
            var fires = expression.NextLocal(start.AddSeconds(-1)) is { } next && next.Year == year;
            Enumerable
                .Range(0, DateTime.IsLeapYear(year) ? 366 : 365)
                .Any(day => reading.Includes(DateOnly.FromDateTime(start).AddDays(day)))
                .ShouldBe(fires, $"{context}: {year}");
        }
    }

    private static bool Fires(CronExpression expression, DateOnly day) =>
        expression.NextLocal(day.ToDateTime(TimeOnly.MinValue).AddSeconds(-1)) is { } next && DateOnly.FromDateTime(next) == day;
}
