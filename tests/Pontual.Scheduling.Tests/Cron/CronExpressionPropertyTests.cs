using FsCheck;
using FsCheck.Fluent;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Tests.Oracle;
using Shouldly;

namespace Pontual.Scheduling.Tests.Cron;

public sealed class CronExpressionPropertyTests
{
    private const int DaysTried = 70;

    /// <summary>Each case is ten questions, so that the long form (PONTUAL_LONG=1) asks millions.</summary>
    [Fact]
    public void Next_is_the_smallest_match_after_and_previous_the_largest_before() =>
        (from given in Expressions.OfAnyDialect from instants in Gen.ArrayOf(Instants, 5) select (given, instants)).Check(
            4_000,
            sample =>
            {
                var ((text, options), instants) = sample;
                var expression = CronExpression.Parse(text, options);
                var naive = new NaiveCron(text, options.Seed, options.Dialect == CronDialect.Quartz);

                expression.IsIntervalLike.ShouldBe(naive.IntervalLike);
                DateTime? latest = null;
                foreach (var at in instants.Order())
                {
                    var (next, previous) = (expression.NextLocal(at), expression.PreviousLocal(at));

                    IsSame(naive.NextWithin(at, DaysTried), next, next - at).ShouldBeTrue($"next of {at:s} is {next:s}");
                    IsSame(naive.PreviousWithin(at, DaysTried), previous, at - previous)
                        .ShouldBeTrue($"previous of {at:s} is {previous:s}");
                    (next is null || naive.Matches(next.Value)).ShouldBeTrue();
                    (previous is null || naive.Matches(previous.Value)).ShouldBeTrue();
                    (next is null || latest is null || next >= latest).ShouldBeTrue("a later question has no earlier answer");
                    latest = next;
                }
            },
            longTimes: 100
        );

    [Fact]
    public void What_is_printed_parses_to_an_equal_expression() =>
        Expressions.OfAnyDialect.Check(
            4_000,
            given =>
            {
                var expression = CronExpression.Parse(given.Text, given.Options);

                var again = CronExpression.Parse(expression.ToString(), new ParseOptions { Seed = given.Options.Seed });

                again.ShouldBe(expression);
                again.GetHashCode().ShouldBe(expression.GetHashCode());
                again.ToString().ShouldBe(expression.ToString());
                again.IsIntervalLike.ShouldBe(expression.IsIntervalLike);
                var at = new DateTime(2026, 11, 21);
                for (var count = 0; count < 5 && expression.NextLocal(at) is { } next; count++)
                {
                    again.NextLocal(at).ShouldBe(next);
                    at = next;
                }
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

    private static Gen<DateTime> Instants =>
        from day in Gen.Frequency((9, Gen.Choose(0, 84_000)), (1, Gen.Choose(-719_000, 2_900_000)))
        from second in Gen.Choose(0, 86_399)
        from tick in Gen.Elements(0L, 0L, 0L, 1L, 9_999_999L)
        select new DateTime(1970, 1, 1).AddDays(day).AddSeconds(second).AddTicks(tick);

    // What the oracle did not find in its days is further away, or nowhere.
    private static bool IsSame(DateTime? naive, DateTime? real, TimeSpan? distance) =>
        naive is null ? real is null || distance > TimeSpan.FromDays(DaysTried - 1) : naive == real;
}
