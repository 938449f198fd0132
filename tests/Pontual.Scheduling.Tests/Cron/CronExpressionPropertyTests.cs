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
}
