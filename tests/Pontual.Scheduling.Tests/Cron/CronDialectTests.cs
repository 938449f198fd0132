using Pontual.Scheduling.Cron;
using Shouldly;

namespace Pontual.Scheduling.Tests.Cron;

public sealed class CronDialectTests
{
    private static readonly ParseOptions Crontab = new() { Dialect = CronDialect.Crontab };
    private static readonly ParseOptions Quartz = new() { Dialect = CronDialect.Quartz };

    /// <summary>Which dialects take a text: ours, a crontab, Quartz.</summary>
    [Theory]
    [InlineData("0 9 * * 1-5", true, true, false)]
    [InlineData("0 9 * * 7", true, true, false)]
    [InlineData("0 9 * * MON,wed-FRI", true, true, false)]
    [InlineData("*/15 0-12/3 1,15 JAN-MAR *", true, true, false)]
    [InlineData("@hourly", true, true, true)]
    [InlineData("@daily", true, true, true)]
    [InlineData("0 9 ? * 1", true, false, false)]
    [InlineData("0 9 L * *", true, false, false)]
    [InlineData("0 9 LW * *", true, false, false)]
    [InlineData("0 9 15W * *", true, false, false)]
    [InlineData("0 9 * * 5L", true, false, false)]
    [InlineData("0 9 * * 5#2", true, false, false)]
    [InlineData("H 9 * * *", true, false, false)]
    [InlineData("0 22-2 * * *", true, false, false)]
    [InlineData("0 9 * * FRI-MON", true, false, false)]
    [InlineData("0 9 * NOV-FEB *", true, false, false)]
    [InlineData("5/20 * * * *", true, false, false)]
    [InlineData("0 0 9 * * 1", true, false, false)]
    [InlineData("0 0 9 * * ?", true, false, true)]
    [InlineData("0 0 9 ? * 1-5", true, false, true)]
    [InlineData("0 0 9 ? * 0", true, false, false)]
    [InlineData("0 0 9 ? * 7", true, false, true)]
    [InlineData("0 0 9 ? * L", false, false, true)]
    [InlineData("0 0 9 ? * 7L", true, false, true)]
    [InlineData("0 0 9 L-3 * ?", true, false, true)]
    [InlineData("0 0 9 L-3W * ?", false, false, false)]
    [InlineData("0 0 9 ? * ?", true, false, false)]
    [InlineData("0 0 9 1 * 2", true, false, false)]
    [InlineData("0 0/5 9 * * ? 2026-2030", true, false, true)]
    [InlineData("0 /5 9 * * ?", false, false, true)]
    [InlineData("0 0 H * * ?", true, false, false)]
    public void Each_dialect_takes_what_is_its_own(string text, bool ours, bool crontab, bool quartz)
    {
        var taken = new[] { ParseOptions.Default, Crontab, Quartz }.Select(options => CronExpression.TryParse(text, options, out _, out _));

        taken.ShouldBe([ours, crontab, quartz]);
    }

    [Theory]
    [InlineData("0 0 9 ? * 2-6", "0 0 9 ? * 1-5")]
    [InlineData("0 0 9 ? * 1,7", "0 0 9 ? * 0,6")]
    [InlineData("0 0 9 ? * mon-fri", "0 0 9 ? * MON-FRI")]
    [InlineData("0 0 9 ? * L", "0 0 9 ? * 6")]
    [InlineData("0 0 9 ? * 6L", "0 0 9 ? * 5L")]
    [InlineData("0 0 9 ? * 6#3", "0 0 9 ? * 5#3")]
    [InlineData("0 0 9 ? * 2/2", "0 0 9 ? * 1/2")]
    [InlineData("0 0 9 ? * 7-2", "0 0 9 ? * 6-1")]
    [InlineData("0 0 9 ? * 07", "0 0 9 ? * 6")]
    [InlineData("/5 * * * * ?", "*/5 * * * * ?")]
    [InlineData(" 0  0 12 L-3 * ? 2026/2 ", "0 0 12 L-3 * ? 2026/2")]
    public void A_Quartz_text_prints_in_our_dialect(string text, string expected)
    {
        var expression = CronExpression.Parse(text, Quartz);

        expression.ToString().ShouldBe(expected);
        CronExpression.Parse(expected).ShouldBe(expression);
    }

    /// <summary>Dates after Sunday, 2026-11-01, as Quartz.NET 4.7.3 itself answers.</summary>
    [Theory]
    [InlineData("0 0 12 ? * L", "11-07 11-14 11-21")]
    [InlineData("0 0 12 ? * 6-2/2", "11-01 11-06 11-08")]
    [InlineData("0 0 12 ? * 5/2", "11-05 11-07 11-12")]
    [InlineData("0 0 12 ? * /2", "11-01 11-03 11-05")]
    [InlineData("0 0 12 ? * MON#2", "11-09 12-14 01-11")]
    [InlineData("0 0 12 ? * MONL", "11-30 12-28 01-25")]
    [InlineData("0 0 12 L,15 * ?", "11-15 11-30 12-15")]
    [InlineData("0 0 12 LW,3 * ?", "11-03 11-30 12-03")]
    [InlineData("0 0 12 15W,3W * ?", "11-03 11-16 12-03")]
    public void A_Quartz_text_means_what_Quartz_means(string text, string expected)
    {
        var expression = CronExpression.Parse(text, Quartz);

        var dates = new List<string>();
        for (var at = expression.NextLocal(new DateTime(2026, 11, 1)); dates.Count < 3; at = expression.NextLocal(at.Value))
        {
            dates.Add(at!.Value.ToString("MM-dd"));
        }

        string.Join(' ', dates).ShouldBe(expected);
    }

    [Theory]
    [InlineData("0 9 ? * 1", CronDialect.Crontab, 5, "day of month")]
    [InlineData("0 9 * * 5#2", CronDialect.Crontab, 10, "day of week")]
    [InlineData("5/20 * * * *", CronDialect.Crontab, 2, "minute")]
    [InlineData("0 22-2 * * *", CronDialect.Crontab, 3, "hour")]
    [InlineData("0 0 9 * * 1", CronDialect.Crontab, 11, "expression")]
    [InlineData("0 9 * * 1-5", CronDialect.Quartz, 12, "expression")]
    [InlineData("0  0 9 ? * 0", CronDialect.Quartz, 12, "day of week")]
    [InlineData("0 0 9 L-3W * ?", CronDialect.Quartz, 10, "day of month")]
    [InlineData("0 0 9 ? * ?", CronDialect.Quartz, 11, "day of week")]
    [InlineData("0 0 9 * * *", CronDialect.Quartz, 11, "day of week")]
    [InlineData("0 0 H * * ?", CronDialect.Quartz, 5, "hour")]
    public void Columns_are_those_of_the_users_text(string text, CronDialect dialect, int column, string field)
    {
        CronExpression.TryParse(text, new ParseOptions { Dialect = dialect }, out _, out var problem).ShouldBeFalse();

        (problem!.Column, problem.Field).ShouldBe((column, field), problem.Message);
    }

    [Theory]
    [InlineData("@every 90s", "period")]
    [InlineData("@reboot", "system starts")]
    public void What_only_a_schedule_reads_is_refused_with_its_name(string text, string reason)
    {
        CronExpression.TryParse(text, out _, out var problem).ShouldBeFalse();

        problem!.Message.ShouldContain("Schedule.Parse");
        problem.Message.ShouldContain(reason);
    }
}
