using Pontual.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>Nodes whose clocks are half a minute before and after the database's, and are set while they work. Due times go by the database's clock.</summary>
public sealed class ClocksTests(ITestOutputHelper output)
{
    [ShiftedClockFact(DisplayName = "Nodes with wrong clocks that jump: nothing early, nothing twice, nobody declared dead")]
    [Trait("Category", "Faults")]
    [Trait("Campaign", "Clocks")]
    public async Task Wrong_clocks_change_nothing()
    {
        var steps = CampaignPlan.Count(ofShort: 4, ofLong: 50);
        await using var server = await PostgresServer.CreateAsync();
        using var clocks = await ShiftedClock.CompileAsync();
        clocks.Set(1, TimeSpan.FromSeconds(-30));
        clocks.Set(3, TimeSpan.FromSeconds(30));
        var plan = new CampaignPlan
        {
            Name = "clocks",
            PostgreSql = server.Connection,
            Schedules = CampaignPlan.Long ? 120 : 40,
            Environment = clocks.Environment,
        };

        var report = await Campaign.RunAsync(plan, campaign => SetAsync(campaign, clocks, steps));

        output.WriteLine(report.ToString());
        Assert.Empty(report.Verdicts);
        Assert.Equal(steps, report.Count("clock"));
        Assert.True(report.Starts > 50, report.ToString());
    }

    private static async Task SetAsync(Campaign campaign, ShiftedClock clocks, int steps)
    {
        double[] spans = [1, 5, 30, 60, 3_600, 86_400, 0];
        await campaign.RestAsync(5);
        for (var i = 0; i < steps; i++)
        {
            var number = campaign.Random.Next(campaign.Nodes.Count) + 1;
            var ahead = TimeSpan.FromSeconds(campaign.Random.GetItems(spans, 1)[0] * (campaign.Random.Next(2) == 0 ? 1 : -1));
            var at = campaign.Time.GetUtcNow();
            clocks.Set(number, ahead);

            // It explains nothing: neither another start nor a late one.
            campaign.Fault("clock", at, at, campaign.Nodes[number - 1]);
            await campaign.RestAsync(1 + (campaign.Random.NextDouble() * 2));
        }
    }
}
