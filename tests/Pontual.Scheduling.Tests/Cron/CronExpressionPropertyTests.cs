using FsCheck.Fluent;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Tests.Oracle;
using Shouldly;

namespace Pontual.Scheduling.Tests.Cron;

public sealed class CronExpressionPropertyTests
{
    [Fact]
    public void What_is_printed_parses_to_an_equal_expression() =>
        Expressions.Valid.Check(
            2_000,
            text =>
            {
                var expression = CronExpression.Parse(text);

                var again = CronExpression.Parse(expression.ToString());

                again.ShouldBe(expression);
                again.NextLocal(new DateTime(2026, 11, 21)).ShouldBe(expression.NextLocal(new DateTime(2026, 11, 21)));
            }
        );

    [Fact]
    public void No_text_throws_anything_but_the_declared_exception() =>
        Expressions.Hostile.Check(
            20_000,
            text =>
            {
                var read = CronExpression.TryParse(text, out var expression, out var problem);

                if (read)
                {
                    problem.ShouldBeNull();
                    CronExpression.Parse(expression!.ToString()).ShouldBe(expression);
                    _ = expression.NextLocal(new DateTime(2026, 11, 21));
                    return;
                }

                Should.Throw<CronFormatException>(() => CronExpression.Parse(text)).Problem.ShouldBe(problem);
                problem!.Column.ShouldBeInRange(1, Math.Min((text?.Length ?? 0) + 1, CronExpression.MaxLength + 1));
            }
        );

    [Fact]
    public void The_previous_time_is_the_inverse_of_the_next() =>
        (
            from text in Expressions.Valid
            from days in Gen.Choose(0, 40_000)
            from second in Gen.Choose(0, 86_399)
            select (text, days, second)
        ).Check(
            4_000,
            given =>
            {
                var expression = CronExpression.Parse(given.text);
                var at = new DateTime(1960, 1, 1).AddDays(given.days).AddSeconds(given.second);

                if (expression.NextLocal(at) is { } next)
                {
                    var before = expression.PreviousLocal(next);

                    (before is null || before <= at).ShouldBeTrue($"{before:s} lies between {at:s} and {next:s}");
                    expression.PreviousLocal(next.AddTicks(1)).ShouldBe(next);
                }

                if (expression.PreviousLocal(at) is { } previous)
                {
                    var after = expression.NextLocal(previous);

                    (after is null || after >= at).ShouldBeTrue($"{after:s} lies between {previous:s} and {at:s}");
                    expression.NextLocal(previous.AddTicks(-1)).ShouldBe(previous);
                }
            }
        );

    [Theory]
    [InlineData("* * * * *")]
    [InlineData("0 0 * * 1")]
    [InlineData("0 0 L * *")]
    [InlineData("0 0 0 1 1 ? *")]
    public void At_both_ends_of_the_calendar_there_is_no_time_beyond(string text)
    {
        var expression = CronExpression.Parse(text);

        expression.NextLocal(DateTime.MaxValue).ShouldBeNull();
        expression.PreviousLocal(DateTime.MinValue).ShouldBeNull();
    }
}
