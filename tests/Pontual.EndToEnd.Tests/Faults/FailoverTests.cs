using Npgsql;
using Pontual.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>The primary is killed, its synchronous standby promoted, and the old primary made the new standby, by copying or by winding back.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    [Fact(DisplayName = "Failover to a synchronous standby: every acknowledged write is there, and writes resume within 30 s")]
    [Trait("Category", "Faults")]
    [Trait("Campaign", "Failover")]
    public async Task A_failover_loses_nothing()
    {
        var failovers = CampaignPlan.Count(ofShort: 1, ofLong: 20);
        await using var one = await PostgresServer.CreateAsync("one");
        await using var two = await PostgresServer.StandbyOfAsync(one, "two");
        await WaitsForAsync(one, two);
        var plan = new CampaignPlan
        {
            Name = "failover",
            PostgreSql =
                $"Host=127.0.0.1:{one.Port},127.0.0.1:{two.Port};Username=pontual;Database=postgres;Target Session Attributes=primary",
            Schedules = CampaignPlan.Long ? 100 : 40,
        };
        var resumed = new List<TimeSpan>();

        var report = await Campaign.RunAsync(plan, campaign => FailOverAsync(campaign, one, two, failovers, resumed));

        output.WriteLine($"{report}; writes resumed after {string.Join(", ", resumed.Select(span => $"{span.TotalSeconds:0.0}"))} s");
        Progress.Say("failover", $"writes resumed after at most {resumed.Max().TotalSeconds:0.0} s");
        Assert.Empty(report.Verdicts);
        Assert.Equal(failovers, report.Count("failover"));
        Assert.True(report.Acknowledged > failovers, report.ToString());
    }

    private static async Task FailOverAsync(
        Campaign campaign,
        PostgresServer primary,
        PostgresServer standby,
        int failovers,
        List<TimeSpan> resumed
    )
    {
        for (var i = 0; i < failovers; i++)
        {
            await campaign.RestAsync(1 + (campaign.Random.NextDouble() * 3));
            var from = campaign.Time.GetUtcNow();
            await primary.KillAsync();
            await standby.PromoteAsync();
            var promoted = campaign.Time.GetUtcNow();
            resumed.Add(await campaign.GoesOnAsync(TimeSpan.FromSeconds(30), "after a failover"));
            campaign.Fault(
                $"failover to {standby.Name}",
                from - TimeSpan.FromMilliseconds(100),
                promoted + resumed[^1] + Campaign.Takeover
            );
            (primary, standby) = (standby, primary);
            if (i + 1 < failovers)
            {
                await standby.FollowAsync(primary, rewinding: i % 2 == 1);
                await WaitsForAsync(primary, standby);
            }
        }
    }

    /// <summary>From now on the primary acknowledges nothing that the standby has not written.</summary>
    private static async Task WaitsForAsync(PostgresServer primary, PostgresServer standby)
    {
        await using var source = NpgsqlDataSource.Create($"{primary.Connection};Pooling=false");
        await using var set = source.CreateCommand($"ALTER SYSTEM SET synchronous_standby_names = '{standby.Name}'");
        await set.ExecuteNonQueryAsync();
        await using var reload = source.CreateCommand("SELECT pg_reload_conf()");
        await reload.ExecuteScalarAsync();
        await Wait.ForAsync<object>(
            "synchronous standby",
            TimeSpan.FromSeconds(30),
            async () =>
            {
                await using var ask = source.CreateCommand(
                    "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'"
                );
                return await ask.ExecuteScalarAsync();
            }
        );
    }
}
