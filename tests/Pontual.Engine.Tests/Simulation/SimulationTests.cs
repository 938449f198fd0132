using Xunit.Abstractions;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>
/// Promises 1 and 3 over simulated time with seeded faults. <c>./test</c> runs a short form, <c>./test simulate</c> ten years of 1,000 schedules;
/// <c>PONTUAL_SEED=n</c> replays a seed.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("PONTUAL_LONG") == "1";

    public static TheoryData<int> Seeds
    {
        get
        {
            if (int.TryParse(Environment.GetEnvironmentVariable("PONTUAL_SEED"), out var given))
            {
                return [given];
            }

            return [.. Enumerable.Range(1, Long ? 200 : 5)];
        }
    }

    [Theory(
        DisplayName = "S2-01 months of schedules under kills, freezes, set clocks and a failing store: every occurrence is accounted for, none overlaps"
    )]
    [MemberData(nameof(Seeds))]
    [Trait("Category", "Simulate")]
    public async Task Faults_lose_nothing(int seed)
    {
        var plan = new SimulationPlan(seed, Jobs: 40, TimeSpan.FromDays(60), FaultEvery: TimeSpan.FromHours(6))
        {
            EditEvery = TimeSpan.FromHours(2),
        };

        var report = await Task.Run(() => SimulatedWorld.RunAsync(plan));

        output.WriteLine(report.ToString());
        Assert.True(report.Verdicts.Count == 0, $"{report}\nReplay with PONTUAL_SEED={seed} ./test simulate");
    }
}
