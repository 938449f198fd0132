using Pontual.EndToEnd.Tests.Running;
using Pontual.TestKit.Checking;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>SIGSTOP of nodes for longer than their lease (10 s), then SIGCONT: what they held is taken over meanwhile, and they change nothing when they wake.</summary>
public sealed class PausesTests(ITestOutputHelper output)
{
    [Fact(DisplayName = "A node stopped for longer than its lease: others take over, its processes are killed, its writes are refused")]
    [Trait("Category", "Faults")]
    [Trait("Campaign", "Pauses")]
    public async Task Stopped_nodes_change_nothing_when_they_wake()
    {
        var pauses = CampaignPlan.Count(ofShort: 2, ofLong: 51);
        await using var server = await PostgresServer.CreateAsync();
        var plan = new CampaignPlan
        {
            Name = "pauses",
            PostgreSql = server.Connection,
            Nodes = CampaignPlan.Long ? 5 : 3,
            Schedules = CampaignPlan.Long ? 150 : 40,
        };
        var late = new List<Verdict>();

        var report = await Campaign.RunAsync(plan, campaign => PauseAsync(campaign, pauses, late));

        output.WriteLine(report.ToString());
        Assert.Empty(report.Verdicts);
        Assert.Empty(late);
        Assert.True(report.Count("pause") >= pauses, report.ToString());
        Assert.True(report.Dropped + report.Refused > 0, $"nothing was refused: {report}");
    }

    private static async Task PauseAsync(Campaign campaign, int pauses, List<Verdict> late)
    {
        var together = campaign.Nodes.Count - 2;
        for (var paused = 0; paused < pauses; paused += together)
        {
            var chosen = campaign.Nodes.ToArray();
            campaign.Random.Shuffle(chosen);
            await Task.WhenAll(chosen.Take(Math.Min(together, pauses - paused)).Select(node => PauseAsync(campaign, node, late)));
            await campaign.RestAsync(3);
        }
    }

    private static async Task PauseAsync(Campaign campaign, FleetNode node, List<Verdict> late)
    {
        await campaign.RestAsync(campaign.Random.NextDouble() * 2);
        var stopped = campaign.Time.GetUtcNow();
        node.Pause();

        // The lease ends after 10 s at most; the supervisor kills what the node started before that.
        await campaign.RestAsync(10.5);
        var alive = campaign.Journal.OpenProcesses(node.Witness);
        lock (late)
        {
            late.AddRange(
                alive.Select(start => new Verdict(
                    "outlived",
                    start.Job,
                    $"the process of run {start.RunId} outlived the lease of {node.Witness}"
                ))
            );
        }

        await campaign.RestAsync(1 + (campaign.Random.NextDouble() * 4));
        node.Resume();
        campaign.Fault(
            $"pause {node.Witness}",
            stopped - TimeSpan.FromMilliseconds(100),
            campaign.Time.GetUtcNow() + Campaign.Takeover,
            node
        );
    }
}
