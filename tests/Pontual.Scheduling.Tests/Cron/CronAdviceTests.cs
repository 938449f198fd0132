using FsCheck.Fluent;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Cron;

public sealed class CronAdviceTests
{
    [Theory]
    [InlineData("*/60 * * * *", 3, "minute", "0 * * * *")]
    [InlineData("*/90 * * * *", 3, "minute", "@every 90m")]
    [InlineData("*/120 * * * *", 3, "minute", "0 */2 * * *")]
    [InlineData("*/90 9-17 * * *", 3, "minute", null)]
    [InlineData("* */24 * * *", 5, "hour", "0 0 * * *")]
    [InlineData("30 */24 * * *", 6, "hour", "30 0 * * *")]
    [InlineData("0 */36 * * *", 5, "hour", "@every 36h")]
    [InlineData("*/60 * * * * *", 3, "second", "0 * * * * *")]
    [InlineData("*/45 */70 * * * *", 8, "minute", null)]
    [InlineData("60 * * * *", 1, "minute", "0 * * * *")]
    [InlineData("0 24 * * *", 3, "hour", "0 0 * * *")]
    [InlineData("0-60 9 * * *", 3, "minute", "0-59 9 * * *")]
    [InlineData("0 8-24 * * *", 5, "hour", "0 8-23 * * *")]
    [InlineData("9 30 * * *", 3, "hour", "30 9 * * *")]
    [InlineData("0 9 * 15 *", 7, "month", "0 9 15 * *")]
    [InlineData("0 9 * * 15", 9, "day of week", "0 9 15 * *")]
    [InlineData("0 9 MON * *", 5, "day of month", "0 9 * * MON")]
    [InlineData("0 9 * MON-FRI *", 7, "month", "0 9 * * MON-FRI")]
    [InlineData("0 9 JAN * *", 5, "day of month", "0 9 * JAN *")]
    [InlineData("0 0 0 1 1 2030 *", 11, "day of week", "0 0 0 1 1 * 2030")]
    [InlineData("9:30 * * * *", 2, "minute", "30 9 * * *")]
    [InlineData("9:30 * * *", 11, "expression", "30 9 * * *")]
    [InlineData("9:30", 5, "expression", "30 9 * * *")]
    [InlineData("9am", 4, "expression", "0 9 * * *")]
    [InlineData("9h30", 5, "expression", "30 9 * * *")]
    [InlineData("0 9am * * *", 4, "hour", "0 9 * * *")]
    [InlineData("15 9pm * * 1-5", 5, "hour", "15 21 * * 1-5")]
    [InlineData("monday", 7, "expression", "0 0 * * MON")]
    [InlineData("monday 9:30", 12, "expression", "30 9 * * MON")]
    [InlineData("0 9 * * monday", 12, "day of week", "0 9 * * MON")]
    [InlineData("0 9 * * thurs,tues", 12, "day of week", "0 9 * * THU,TUE")]
    [InlineData("0 9 * * SEG", 9, "day of week", "0 9 * * MON")]
    [InlineData("0 9 * * seg-sex", 9, "day of week", "0 9 * * MON-FRI")]
    [InlineData("0 9 * * TER,QUI", 9, "day of week", "0 9 * * TUE,THU")]
    [InlineData("0 9 * * segunda-feira", 9, "day of week", "0 9 * * MON")]
    [InlineData("0 9 * * sábado", 10, "expression", "0 9 * * SAT")]
    [InlineData("0 9 * * DOM", 9, "day of week", "0 9 * * SUN")]
    [InlineData("0 9 1 FEV *", 7, "month", "0 9 1 FEB *")]
    [InlineData("0 9 1 ago-dez *", 7, "month", "0 9 1 AUG-DEC *")]
    [InlineData("0 9 1 january *", 10, "month", "0 9 1 JAN *")]
    [InlineData("0 ９ * * *", 3, "expression", "0 9 * * *")]
    [InlineData("0 9 * * 1–5", 10, "expression", "0 9 * * 1-5")]
    [InlineData("0\u00a09 * * *", 2, "expression", "0 9 * * *")]
    [InlineData("0 9\n* * *", 4, "expression", "0 9 * * *")]
    [InlineData("“0 9 * * *”", 1, "expression", "0 9 * * *")]
    [InlineData("\"0 9 * * *\"", 1, "minute", "0 9 * * *")]
    [InlineData("*5 * * * *", 2, "minute", "*/5 * * * *")]
    [InlineData("/5 * * * *", 1, "minute", "*/5 * * * *")]
    [InlineData("*/5m * * * *", 4, "minute", "*/5 * * * *")]
    [InlineData("*/0 * * * *", 3, "minute", "* * * * *")]
    [InlineData("*/-5 * * * *", 3, "minute", "*/5 * * * *")]
    [InlineData("** * * * *", 2, "minute", "* * * * *")]
    [InlineData("? 9 * * *", 1, "minute", "* 9 * * *")]
    [InlineData("1,,2 * * * *", 3, "minute", "1,2 * * * *")]
    [InlineData("1, * * * *", 3, "minute", "1 * * * *")]
    [InlineData("5- * * * *", 3, "minute", "5 * * * *")]
    [InlineData("0;30 * * * *", 2, "minute", "0,30 * * * *")]
    [InlineData("0 9 * * MON - FRI", 9, "month", "0 9 * * MON-FRI")]
    [InlineData("0 9 * * 1, 3", 11, "month", "0 9 * * 1,3")]
    [InlineData("0 9 * *", 8, "expression", "0 9 * * *")]
    [InlineData("*/5 *", 6, "expression", "*/5 * * * *")]
    [InlineData("*", 2, "expression", "* * * * *")]
    [InlineData("0 9 * * * * * *", 15, "expression", "0 9 * * * * *")]
    [InlineData("0 9 * * 1-5 /usr/bin/backup --all now", 35, "expression", "0 9 * * 1-5")]
    [InlineData("30 9 * * * root backup", 12, "day of week", "30 9 * * *")]
    [InlineData("@dayly", 1, "expression", "@daily")]
    [InlineData("@Houry", 1, "expression", "@hourly")]
    [InlineData("@anually", 1, "expression", "@annually")]
    [InlineData("weekly", 7, "expression", "@weekly")]
    [InlineData("@banana", 1, "expression", null)]
    [InlineData("@every 5m", 1, "expression", "*/5 * * * *")]
    [InlineData("@every 90s", 1, "expression", null)]
    [InlineData("every 5 minutes", 16, "expression", "@every 5m")]
    [InlineData("30s", 4, "expression", "@every 30s")]
    [InlineData("0 0 * * L", 9, "day of week", "0 0 * * 6")]
    [InlineData("0 0 * * 1#6", 11, "day of week", "0 0 * * 1L")]
    [InlineData("0 0 * * MON2", 12, "day of week", "0 0 * * MON#2")]
    [InlineData("0 0 * * L5", 9, "day of week", "0 0 * * 5L")]
    [InlineData("0 0 W15 * *", 5, "day of month", "0 0 15W * *")]
    [InlineData("0 0 L-3W * *", 8, "day of month", "0 0 L-3 * *")]
    [InlineData("0 0 0 * *", 5, "day of month", "0 0 1 * *")]
    [InlineData("0 0 1 0 *", 7, "month", "0 0 1 1 *")]
    [InlineData("0 0 0 1 1 * 2030-2020", 13, "year", "0 0 0 1 1 * 2020-2030")]
    [InlineData("0 0 0 1 1 * 30", 13, "year", "0 0 0 1 1 * 2030")]
    [InlineData("60 24 * * SEG", 1, "minute", "0 0 * * MON")]
    [InlineData("0 */9999 * * *", 5, "hour", null)]
    [InlineData("every 0 minutes", 16, "expression", null)]
    [InlineData("0 9 * * 1-5 # every workday", 21, "expression", "0 9 * * 1-5")]
    [InlineData("hello", 6, "expression", null)]
    [InlineData("@every  ", 1, "expression", null)]
    [InlineData("* 19 L-1W FEB-MAY *", 9, "day of month", "* 19 L-1 FEB-MAY *")]
    [InlineData("", 1, "expression", null)]
    public void A_wrong_text_is_answered_with_what_was_meant(string text, int column, string field, string? suggestion)
    {
        CronExpression.TryParse(text, out _, out var problem).ShouldBeFalse();

        problem!.Suggestion.ShouldBe(suggestion, problem.Message);
        (problem.Column, problem.Field).ShouldBe((column, field), problem.Message);
        problem.ToString().EndsWith($"Did you mean '{suggestion}'?", StringComparison.Ordinal).ShouldBe(suggestion is not null);
    }

    [Theory]
    [InlineData("0 9 * * 1-5", CronDialect.Quartz, "0 0 9 ? * 2-6")]
    [InlineData("0 0 12 * * *", CronDialect.Quartz, "0 0 12 * * ?")]
    [InlineData("0 0 12 * * MON", CronDialect.Quartz, "0 0 12 ? * MON")]
    [InlineData("0 0 12 ? * ?", CronDialect.Quartz, "0 0 12 * * ?")]
    [InlineData("0 0 12 ? * 0", CronDialect.Quartz, "0 0 12 ? * 1")]
    [InlineData("0 0 12 L-3W * ?", CronDialect.Quartz, "0 0 12 L-3 * ?")]
    [InlineData("0 22-2 * * *", CronDialect.Crontab, "0 22-23,0-2 * * *")]
    [InlineData("0 9 * * FRI-MON", CronDialect.Crontab, "0 9 * * 5-6,0-1")]
    [InlineData("0 9 * * FRI-SUN", CronDialect.Crontab, "0 9 * * 5-7")]
    [InlineData("5/20 * * * *", CronDialect.Crontab, "5-59/20 * * * *")]
    [InlineData("0 9 ? * MON", CronDialect.Crontab, "0 9 * * MON")]
    [InlineData("0 30 9 * * 1", CronDialect.Crontab, "30 9 * * 1")]
    [InlineData("0 0 L * *", CronDialect.Crontab, null)]
    public void A_suggestion_keeps_to_the_dialect(string text, CronDialect dialect, string? suggestion)
    {
        CronExpression.TryParse(text, new ParseOptions { Dialect = dialect }, out _, out var problem).ShouldBeFalse();

        problem!.Suggestion.ShouldBe(suggestion, problem.Message);
    }

    [Theory]
    [InlineData("0 0 31 2 *", 5, "0 0 L 2 *")]
    [InlineData("0 0 0 30 FEB ?", 7, "0 0 0 L FEB ?")]
    [InlineData("0 0 31 4,6 *", 5, "0 0 L 4,6 *")]
    [InlineData("0 0 0 29 2 ? 2025-2027", 7, "0 0 0 L 2 ? 2025-2027")]
    public void An_expression_that_never_fires_says_why(string text, int column, string suggestion)
    {
        var problem = CronExpression.Parse(text).WhyNever();

        (problem!.Column, problem.Field, problem.Suggestion).ShouldBe((column, "day of month", suggestion));
        CronExpression.Parse(suggestion).WhyNever().ShouldBeNull();
    }

    [Fact]
    public void Every_suggestion_parses_and_fires_and_every_problem_of_a_field_names_and_quotes_it() =>
        (from text in Expressions.Hostile from dialect in Gen.Elements(Enum.GetValues<CronDialect>()) select (text, dialect)).Check(
            20_000,
            given =>
            {
                var options = new ParseOptions { Dialect = given.dialect };
                if (CronExpression.TryParse(given.text, options, out _, out var problem))
                {
                    return;
                }

                if (problem.Suggestion is { } suggestion)
                {
                    var meant = Schedule.Parse(suggestion, Zone.Utc, options);
                    meant.Next(new DateTimeOffset(1969, 12, 31, 0, 0, 0, TimeSpan.Zero)).ShouldNotBeNull(suggestion);
                }

                if (problem.Field != CronProblem.WholeExpression)
                {
                    problem.Message.ShouldMatch($"(?i)^{problem.Field} '[^ ]+': .*[0-9]+ to [0-9]+", problem.Message);
                }
            }
        );
}
