using System.Diagnostics;
using Pontual.Scheduling.Cron;
using Shouldly;

namespace Pontual.Scheduling.Tests.Cron;

public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("* * * * *", "2026-01-01T00:00:00", "2026-01-01T00:01:00")]
    [InlineData("*/30 * * * * *", "2026-01-01T00:00:00", "2026-01-01T00:00:30")]
    [InlineData("0 9,14 * * 1-5", "2026-01-02T14:00:00", "2026-01-05T09:00:00")]
    [InlineData("*/5 8-19 * * *", "2026-01-01T19:55:00", "2026-01-02T08:00:00")]
    [InlineData("55 23 * * *", "2026-12-31T23:55:00", "2027-01-01T23:55:00")]
    [InlineData("0 0 29 2 *", "2026-01-01T00:00:00", "2028-02-29T00:00:00")]
    [InlineData("0 0 29 2 *", "2096-03-01T00:00:00", "2104-02-29T00:00:00")]
    [InlineData("0 0 13 * 5", "2026-02-13T00:00:00", "2026-02-20T00:00:00")] // both days restricted: either
    [InlineData("0 0 */2 * 1", "2026-11-01T00:00:00", "2026-11-09T00:00:00")] // a star narrows the other: an odd Monday
    [InlineData("0 22-2 * * *", "2026-01-01T02:00:00", "2026-01-01T22:00:00")]
    [InlineData("0 22-2/2 * * *", "2026-01-01T00:00:00", "2026-01-01T02:00:00")]
    [InlineData("0 0 * * FRI-MON", "2026-11-23T00:00:00", "2026-11-27T00:00:00")]
    [InlineData("0 0 1 NOV-FEB *", "2026-02-01T00:00:00", "2026-11-01T00:00:00")]
    [InlineData("0 0 * * 7", "2026-11-21T00:00:00", "2026-11-22T00:00:00")]
    [InlineData("0 0 * * 5-7", "2026-11-22T00:00:00", "2026-11-27T00:00:00")]
    [InlineData("0 0 * * 07-7", "2026-11-22T00:00:00", "2026-11-29T00:00:00")]
    [InlineData("0 0 * * 7/2", "2026-11-22T00:00:00", "2026-11-24T00:00:00")] // as 0/2
    [InlineData("0 0 * * 7-1", "2026-11-22T00:00:00", "2026-11-23T00:00:00")]
    [InlineData("0 0 ? * mon", "2026-11-21T00:00:00", "2026-11-23T00:00:00")]
    [InlineData("0 0 L * ?", "2026-02-01T00:00:00", "2026-02-28T00:00:00")]
    [InlineData("0 0 L-2 * ?", "2026-02-01T00:00:00", "2026-02-26T00:00:00")]
    [InlineData("0 0 LW * ?", "2026-01-01T00:00:00", "2026-01-30T00:00:00")]
    [InlineData("0 0 15W * ?", "2026-08-01T00:00:00", "2026-08-14T00:00:00")] // the 15th is a Saturday
    [InlineData("0 0 1W * ?", "2026-07-31T00:00:00", "2026-08-03T00:00:00")] // never leaves the month
    [InlineData("0 0 31W * ?", "2026-02-01T00:00:00", "2026-03-31T00:00:00")] // February has no 31st: it does not fire
    [InlineData("0 0 ? * 5L", "2026-11-01T00:00:00", "2026-11-27T00:00:00")]
    [InlineData("0 0 ? * MON#2", "2026-11-01T00:00:00", "2026-11-09T00:00:00")]
    [InlineData("0 0 ? * 1#5", "2026-01-01T00:00:00", "2026-03-30T00:00:00")]
    [InlineData("0 0 0 1 1 ? 2030", "2026-01-01T00:00:00", "2030-01-01T00:00:00")]
    [InlineData("0 0 0 1 1 ? 2026-2040/7", "2026-01-01T00:00:00", "2033-01-01T00:00:00")]
    [InlineData("5/20 * * * *", "2026-01-01T00:45:00", "2026-01-01T01:05:00")]
    [InlineData("@yearly", "2026-01-01T00:00:00", "2027-01-01T00:00:00")]
    [InlineData("@Weekly", "2026-11-21T00:00:00", "2026-11-22T00:00:00")]
    [InlineData("\t 0\t3  * *\t* ", "2026-01-01T00:00:00", "2026-01-01T03:00:00")]
    public void The_next_local_time_is_the_one_a_person_expects(string text, string after, string expected)
    {
        var expression = CronExpression.Parse(text);

        var next = expression.NextLocal(DateTime.Parse(after));

        next.ShouldBe(DateTime.Parse(expected));
    }

    [Theory]
    [InlineData("", 1, "expression")]
    [InlineData("   ", 1, "expression")]
    [InlineData(null, 1, "expression")]
    [InlineData("* * * *", 8, "expression")]
    [InlineData("* * * * * * * *", 15, "expression")]
    [InlineData("60 * * * *", 1, "minute")]
    [InlineData("0 24 * * *", 3, "hour")]
    [InlineData("0 0 0 * *", 5, "day of month")]
    [InlineData("0 0 32 * *", 5, "day of month")]
    [InlineData("0 0 1 13 *", 7, "month")]
    [InlineData("0 0 1 JAM *", 7, "month")]
    [InlineData("0 0 * * 8", 9, "day of week")]
    [InlineData("99999 * * * *", 1, "minute")]
    [InlineData("* */24 * * *", 5, "hour")]
    [InlineData("*/70 * * * *", 3, "minute")]
    [InlineData("*/0 * * * *", 3, "minute")]
    [InlineData("*/-5 * * * *", 3, "minute")]
    [InlineData("/5 * * * *", 1, "minute")]
    [InlineData("5/* * * * *", 3, "minute")]
    [InlineData("5- * * * *", 3, "minute")]
    [InlineData("1,,2 * * * *", 3, "minute")]
    [InlineData("1, * * * *", 3, "minute")]
    [InlineData("1-2-3 * * * *", 4, "minute")]
    [InlineData("*5 * * * *", 2, "minute")]
    [InlineData("? * * * *", 1, "minute")]
    [InlineData("0 0 ?,1 * *", 5, "day of month")]
    [InlineData("0 0 L-31 * *", 7, "day of month")]
    [InlineData("0 0 W * *", 5, "day of month")]
    [InlineData("0 0 * * 1#6", 11, "day of week")]
    [InlineData("0 0 * * L", 9, "day of week")]
    [InlineData("0 0 0 1 1 * 1969", 13, "year")]
    [InlineData("0 0 0 1 1 * 2030-2020", 13, "year")]
    [InlineData("@reboot", 1, "expression")]
    [InlineData(" @dailyish", 2, "expression")]
    [InlineData("0 9 * * *\0", 10, "expression")]
    [InlineData("0 9\n* * *", 4, "expression")]
    [InlineData("0 ９ * * *", 3, "expression")]
    public void A_wrong_expression_names_the_column_and_the_field(string? text, int column, string field)
    {
        var read = CronExpression.TryParse(text, out var expression, out var problem);

        read.ShouldBeFalse();
        expression.ShouldBeNull();
        problem.ShouldNotBeNull();
        (problem.Column, problem.Field).ShouldBe((column, field), problem.Message);
        Should.Throw<CronFormatException>(() => CronExpression.Parse(text)).Problem.ShouldBe(problem);
    }

    [Fact]
    public void A_text_of_more_than_256_characters_is_refused()
    {
        var text = "0 0 * * *" + new string(' ', 247);

        CronExpression.TryParse(text, out _, out _).ShouldBeTrue();
        CronExpression.TryParse(text + " ", out _, out var problem).ShouldBeFalse();
        problem!.Column.ShouldBe(257);
    }

    [Theory]
    [InlineData("0 0 30 2 *", true)]
    [InlineData("0 0 31 4,6,9,11 *", true)]
    [InlineData("0 0 L-30 2 *", true)]
    [InlineData("0 0 30W 2 *", true)]
    [InlineData("0 0 29 2 ? ", false)]
    [InlineData("0 0 0 29 2 ? 2025-2027", true)]
    [InlineData("0 0 0 1 1 ? 1999", false)]
    [InlineData("0 0 ? 2 1#5", false)]
    [InlineData("0 0 30 2 1", false)]
    public void An_expression_that_can_never_fire_is_recognised(string text, bool never) =>
        CronExpression.Parse(text).NeverFires.ShouldBe(never);

    /// <summary>The best of many tries, so that a busy machine does not fail it; the answer takes microseconds.</summary>
    [Theory]
    [InlineData("0 0 29 2 1#5")]
    [InlineData("0 0 31 2 *")]
    [InlineData("0 0 30W 2 *")]
    [InlineData("0 0 L-30 2 ?")]
    [InlineData("0 0 0 31 2 ? 1970-2199")]
    [InlineData("0 0 0 30W 2 ? */2")]
    [InlineData("59 59 23 29 2 ? 2199")]
    [InlineData("0 0 0 29 2 ? 2100")]
    [InlineData("0 0 ? 2 0#5")]
    public void A_text_made_to_take_long_is_answered_within_a_millisecond(string text)
    {
        var best = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var clock = Stopwatch.StartNew();
            var expression = CronExpression.Parse(text);
            _ = expression.NeverFires;
            _ = expression.NextLocal(new DateTime(2026, 11, 21));
            _ = expression.PreviousLocal(new DateTime(2026, 11, 21));
            best = clock.Elapsed < best ? clock.Elapsed : best;
        }

        best.ShouldBeLessThan(TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void When_all_its_years_are_past_there_is_no_next_time() =>
        CronExpression.Parse("0 0 0 1 1 ? 2020-2025").NextLocal(new DateTime(2026, 1, 1)).ShouldBeNull();

    [Theory]
    [InlineData("@daily", "0 0 * * *")]
    [InlineData("  0   9\t* *  mon-fri ", "0 9 * * MON-FRI")]
    public void Equal_texts_in_normal_form_are_equal_expressions(string one, string other)
    {
        var first = CronExpression.Parse(one);
        var second = CronExpression.Parse(other);

        first.ShouldBe(second);
        first.GetHashCode().ShouldBe(second.GetHashCode());
        first.ToString().ShouldBe(other);
    }

    [Theory]
    [InlineData("0 9,14 * * 1-5", false)]
    [InlineData("30 2 */2 * *", false)]
    [InlineData("0 0 9 ? * MON-FRI 2026-2030", false)]
    [InlineData("30 * * * *", true)]
    [InlineData("0 8-19 * * *", true)]
    [InlineData("0/15 3 * * *", true)]
    [InlineData("*/30 0 9 * * *", true)]
    public void A_star_a_step_or_a_range_in_the_time_makes_it_interval_like(string text, bool intervalLike) =>
        CronExpression.Parse(text).IsIntervalLike.ShouldBe(intervalLike);
}
