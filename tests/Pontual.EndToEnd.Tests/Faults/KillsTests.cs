using Pontual.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>kill -9 of nodes at random moments under load, on PostgreSQL: one, two or all at once, each back after up to five seconds.</summary>
public sealed class KillsTests(ITestOutputHelper output)
{
    [Fact(
        DisplayName = "S2-01 kill -9 of random nodes on PostgreSQL: nothing is lost, nothing runs twice at once, no dead node's result is taken"
    )]
    [Trait("Category", "Faults")]
    [Trait("Campaign", "Kills")]
    public async Task Kills_lose_nothing()
    {
        var kills = CampaignPlan.Count(ofShort: 4, ofLong: 500);
        await using var server = await PostgresServer.CreateAsync();
        var plan = new CampaignPlan
        {
            Name = "kills",
            PostgreSql = server.Connection,
            Nodes = CampaignPlan.Long ? 4 : 3,
            Schedules = CampaignPlan.Long ? 150 : 40,
        };

        var report = await Campaign.RunAsync(plan, campaign => KillAsync(campaign, kills));

        output.WriteLine(report.ToString());
        Assert.Empty(report.Verdicts);
        Assert.True(report.Count("kill") >= kills, report.ToString());
        Assert.True(report.Starts > kills && report.Acknowledged > kills / 2, report.ToString());
    }

    private static async Task KillAsync(Campaign campaign, int kills)
    {
        var killed = 0;
        var starting = new List<Task>();
        while (killed < kills)
        {
            // Nodes that are killed before they have begun anything prove nothing.
            await campaign.BeginsAsync(TimeSpan.FromSeconds(90));
            await campaign.RestAsync(0.1 + (campaign.Random.NextDouble() * 1.4));
            var up = campaign.Nodes.Where(node => node.Url is not null).ToList();
            if (up.Count == 0)
            {
                continue;
            }

            var share = campaign.Random.Next(10) switch
            {
                0 => up.Count,
                < 4 => 2,
                _ => 1,
            };
            var chosen = campaign.Random.GetItems([.. up], share).Distinct().ToList();
            await Task.WhenAll(chosen.Select(campaign.KillAsync));
            killed += chosen.Count;
            starting.AddRange(
                chosen.Select(node => BackAsync(campaign, node, campaign.Random.NextDouble() * campaign.Random.NextDouble() * 5))
            );
        }

        await Task.WhenAll(starting);
    }

    private static async Task BackAsync(Campaign campaign, FleetNode node, double after)
    {
        await campaign.RestAsync(after);
        await node.StartAsync();
    }
}
