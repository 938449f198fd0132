using Xunit.Abstractions;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>Promises 1 and 3 over simulated time in worlds of other kinds: without faults, with many edits, with many jobs. A class of its own, so that it runs beside
/// the other.</summary>
public sealed class SimulatedWorldsTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("PONTUAL_LONG") == "1";

    public static TheoryData<int> Years => [.. Enumerable.Range(2026, Long ? 10 : 1)];

    [Theory(DisplayName = "S2-01 ten years of 1,000 schedules with faults, each year by its own seed (a week in the short form)")]
    [MemberData(nameof(Years))]
    [Trait("Category", "Simulate")]
    public async Task Ten_years_of_a_thousand_schedules(int year)
    {
        var plan = new SimulationPlan(year, Jobs: 1_000, TimeSpan.FromDays(Long ? 366 : 7), FaultEvery: TimeSpan.FromHours(12))
        {
            EditEvery = TimeSpan.FromHours(1),
            Beginning = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };

        var report = await Task.Run(() => SimulatedWorld.RunAsync(plan));

        output.WriteLine(report.ToString());
        Console.WriteLine(report);
        Assert.Empty(report.Verdicts);
    }

    [Fact(DisplayName = "S2-01 without faults every occurrence runs exactly once, or is skipped because its job was busy")]
    [Trait("Category", "Simulate")]
    public async Task Without_faults_everything_runs_once()
    {
        var plan = new SimulationPlan(Seed: 7, Jobs: 100, TimeSpan.FromDays(60), FaultEvery: null);

        var report = await Task.Run(() => SimulatedWorld.RunAsync(plan));

        output.WriteLine(report.ToString());
        Assert.Empty(report.Verdicts);
        var leftOut = report.Skips.GetValueOrDefault("excluded-day") + report.Skips.GetValueOrDefault("window");
        Assert.True(leftOut > 0 && report.Links > 0 && report.Full > 100, report.ToString());
        Assert.True(report.Starts - report.Links > (report.Occurrences - leftOut) * 9 / 10, report.ToString());
    }

    [Fact(DisplayName = "Pauses and edits within seconds of due times: nothing starts that was paused, and no due time is lost or doubled")]
    [Trait("Category", "Simulate")]
    public async Task Changes_around_due_times_lose_nothing()
    {
        var plan = new SimulationPlan(Seed: 11, Jobs: 60, TimeSpan.FromDays(60), FaultEvery: null) { EditEvery = TimeSpan.FromMinutes(10) };

        var report = await Task.Run(() => SimulatedWorld.RunAsync(plan));

        output.WriteLine(report.ToString());
        Assert.True(report.Verdicts.Count == 0, report.ToString());
        Assert.True(report.Skips.GetValueOrDefault("paused") > 100, report.ToString());
    }

    [Fact]
    public async Task A_seed_repeats_itself_to_the_last_start()
    {
        var plan = new SimulationPlan(Seed: 99, Jobs: 20, TimeSpan.FromDays(30), FaultEvery: TimeSpan.FromHours(4));

        var first = await Task.Run(() => SimulatedWorld.RunAsync(plan));
        var second = await Task.Run(() => SimulatedWorld.RunAsync(plan));

        Assert.Equal(first.ToString(), second.ToString());
    }
}
