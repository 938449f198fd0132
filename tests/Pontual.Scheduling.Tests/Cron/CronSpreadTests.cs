using Pontual.Scheduling.Cron;
using Shouldly;

namespace Pontual.Scheduling.Tests.Cron;

public sealed class CronSpreadTests
{
    private const int Seeds = 12_000;

    /// <summary>Computed apart from the code under test, by a script of ten lines: a job must stay where it is through every version.</summary>
    [Theory]
    [InlineData("backup", "H H H H H", "25 19 14 9 1")]
    [InlineData("backup", "H/15 H(9-17) H(1-7) * H(MON-FRI)", "10,25,40,55 10 7 * 3")]
    [InlineData("relatório diário", "H(0-29)/10 H * * *", "5,15,25 0 * * *")]
    [InlineData("", "H H H H H H", "55 54 9 9 10 5")]
    public void The_same_seed_means_the_same_times_for_ever(string seed, string text, string plain)
    {
        var expression = CronExpression.Parse(text, Seed(seed));

        Times(expression).ShouldBe(Times(CronExpression.Parse(plain)));
    }

    [Theory]
    [InlineData("H", 60)]
    [InlineData("H(0-29)", 30)]
    [InlineData("H/15", 15)]
    [InlineData("H(10-29)/10", 10)]
    [InlineData("H(50-9)", 20)]
    public void Seeds_are_spread_evenly(string minute, int choices)
    {
        var counts = Enumerable
            .Range(0, Seeds)
            .GroupBy(seed =>
                CronExpression.Parse($"{minute} * * * *", Seed($"job-{seed}")).NextLocal(new DateTime(2026, 11, 1).AddTicks(-1))
            )
            .Select(group => group.Count())
            .ToList();

        // Five standard deviations of a fair spread.
        var fair = (double)Seeds / choices;
        counts.Count.ShouldBe(choices);
        counts.ShouldAllBe(count => Math.Abs(count - fair) < 5 * Math.Sqrt(fair));
    }

    [Fact]
    public void Fields_are_chosen_apart_from_each_other()
    {
        var pairs = Enumerable
            .Range(0, Seeds)
            .Select(seed => CronExpression.Parse("H H * * *", Seed($"job-{seed}")).NextLocal(new DateTime(2026, 11, 1).AddTicks(-1)))
            .ToHashSet();

        pairs.Count.ShouldBeInRange(1430, 1440); // of 24 x 60; twelve thousand draws leave out hardly any
    }

    [Fact]
    public void A_spread_day_of_the_month_is_one_that_every_month_has()
    {
        var days = Enumerable
            .Range(0, 2_000)
            .Select(seed => CronExpression.Parse("0 0 H 2 *", Seed($"{seed}")).NextLocal(new DateTime(2026, 1, 1))!.Value.Day);

        days.Distinct().Order().ShouldBe(Enumerable.Range(1, 28));
    }

    [Theory]
    [InlineData("H * * * *", true)]
    [InlineData("H 3 * * *", false)]
    [InlineData("H(0-29) H * * *", false)]
    [InlineData("H H(1-5) * * THU", false)]
    [InlineData("H/15 3 * * *", true)]
    [InlineData("H(0-29)/10 3 * * *", true)]
    [InlineData("5,H 3,H * * *", false)]
    [InlineData("H H/6 * * *", true)]
    public void Only_a_step_makes_a_spread_field_interval_like(string text, bool intervalLike) =>
        CronExpression.Parse(text, Seed("a")).IsIntervalLike.ShouldBe(intervalLike);

    [Fact]
    public void The_seed_tells_expressions_with_H_apart_and_no_others()
    {
        CronExpression.Parse("H 3 * * *", Seed("a")).ShouldNotBe(CronExpression.Parse("H 3 * * *", Seed("b")));
        CronExpression.Parse("h 3 * * *", Seed("a")).ShouldBe(CronExpression.Parse("H 3 * * *", Seed("a")));
        CronExpression.Parse("0 3 * * THU", Seed("a")).ShouldBe(CronExpression.Parse("0 3 * * THU", Seed("b")));
        CronExpression.Parse("H 3 * * *", Seed("a")).ToString().ShouldBe("H 3 * * *");
    }

    [Theory]
    [InlineData("0 0 0 1 1 ? H", 13, "year")]
    [InlineData("H( * * * *", 3, "minute")]
    [InlineData("H(5) * * * *", 4, "minute")]
    [InlineData("H(5-70) * * * *", 5, "minute")]
    [InlineData("H(5-10 * * * *", 7, "minute")]
    [InlineData("H/0 * * * *", 3, "minute")]
    [InlineData("H-5 * * * *", 2, "minute")]
    [InlineData("5-H * * * *", 3, "minute")]
    public void A_wrong_spread_names_column_and_field(string text, int column, string field)
    {
        CronExpression.TryParse(text, out _, out var problem).ShouldBeFalse();

        (problem!.Column, problem.Field).ShouldBe((column, field), problem.Message);
    }

    private static ParseOptions Seed(string seed) => new() { Seed = seed };

    private static List<DateTime?> Times(CronExpression expression)
    {
        List<DateTime?> times = [new DateTime(2026, 1, 1)];
        for (var count = 0; count < 40; count++)
        {
            times.Add(expression.NextLocal(times[^1]!.Value));
        }

        return times;
    }
}
