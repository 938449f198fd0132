using Npgsql;
using Pontual.EndToEnd.Tests.Running;
using Pontual.TestKit.Faults;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>What happens to a database: restarts, broken and refused connections, stalls, commits whose answer is lost. Nodes reach it through a proxy.</summary>
public sealed class DatabaseTests(ITestOutputHelper output)
{
    private static readonly string[] Kinds =
    [
        "restart",
        "commit",
        "terminate",
        "crash",
        "cut",
        "full",
        "stall",
        "commit",
        "slow",
        "silence",
    ];

    [Fact(DisplayName = "Restarts, stalls, lost connections and lost answers of PostgreSQL: nothing is lost and all goes on by itself")]
    [Trait("Category", "Faults")]
    [Trait("Campaign", "Database")]
    public async Task A_faulty_database_loses_nothing()
    {
        var faults = CampaignPlan.Count(ofShort: 5, ofLong: 60);
        await using var server = await PostgresServer.CreateAsync();
        await using var proxy = FaultProxy.InFrontOf(server.Connection);
        var plan = new CampaignPlan
        {
            Name = "database",
            PostgreSql = proxy.ConnectionString,
            Schedules = CampaignPlan.Long ? 120 : 40,
        };

        var report = await Campaign.RunAsync(plan, campaign => BreakAsync(campaign, server, proxy, faults));

        output.WriteLine(report.ToString());
        Assert.Empty(report.Verdicts);
        Assert.Equal(faults, report.Faults.Values.Sum());
        Assert.True(report.Starts > 50, report.ToString());
    }

    private static async Task BreakAsync(Campaign campaign, PostgresServer server, FaultProxy proxy, int faults)
    {
        for (var i = 0; i < faults; i++)
        {
            var from = campaign.Time.GetUtcNow();
            var kind = Kinds[i % Kinds.Length];
            var what = await DoAsync(kind, campaign, server, proxy);
            var until = campaign.Time.GetUtcNow();
            campaign.Fault($"{kind} {what}".TrimEnd(), from - TimeSpan.FromMilliseconds(100), until + Campaign.Takeover);
            await campaign.GoesOnAsync(TimeSpan.FromSeconds(30), $"after {kind}");
            await campaign.RestAsync(1 + (campaign.Random.NextDouble() * 2));
        }
    }

    private static async Task<string> DoAsync(string kind, Campaign campaign, PostgresServer server, FaultProxy proxy)
    {
        switch (kind)
        {
            case "restart":
                await server.RestartAsync("fast");
                return "";
            case "crash":
                await server.RestartAsync("immediate");
                return "";
            case "terminate":
                return $"{await AskAsync(server, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")} connections";
            case "cut":
                return $"{proxy.Reset()} connections";
            case "commit":
                return await CutCommitsAsync(campaign, proxy);
            case "full":
                return await FillAsync(campaign, server, proxy);
            case "stall":
                return await ForAWhileAsync(campaign, server.Pause, server.Resume);
            case "silence":
                return await ForAWhileAsync(campaign, proxy.BlackHole, proxy.Heal);
            default:
                return await ForAWhileAsync(campaign, () => proxy.Latency = TimeSpan.FromMilliseconds(250), proxy.Heal);
        }
    }

    /// <summary>Half of them happened, half did not; no client is told.</summary>
    private static async Task<string> CutCommitsAsync(Campaign campaign, FaultProxy proxy)
    {
        for (var i = 0; i < 6; i++)
        {
            await proxy.CutNextCommit(happens: i % 2 == 0).WaitAsync(TimeSpan.FromSeconds(20), campaign.Time);
            await campaign.RestAsync(0.2);
        }

        return "of 6";
    }

    /// <summary>Others take every connection the server gives (53300), and ours are cut.</summary>
    private static async Task<string> FillAsync(Campaign campaign, PostgresServer server, FaultProxy proxy)
    {
        await using var others = NpgsqlDataSource.Create($"{server.Connection};Maximum Pool Size=200;Pooling=false");
        var held = new List<NpgsqlConnection>();
        proxy.Reset();
        for (var tries = 0; tries < 400; tries++)
        {
            try
            {
                held.Add(await others.OpenConnectionAsync());
            }
            catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                proxy.Reset();
                await campaign.RestAsync(0.02);
            }
        }

        await campaign.RestAsync(4);
        held.ForEach(connection => connection.Dispose());
        return $"with {held.Count} of others";
    }

    /// <summary>From a moment to well beyond the lease; in the long form once a minute.</summary>
    private static async Task<string> ForAWhileAsync(Campaign campaign, Action begin, Action end)
    {
        double[] spans = CampaignPlan.Long ? [2, 5, 12, 12, 25, 60] : [3, 9];
        var seconds = campaign.Random.GetItems(spans, 1)[0];
        begin();
        await campaign.RestAsync(seconds);
        end();
        return $"for {seconds} s";
    }

    private static async Task<object?> AskAsync(PostgresServer server, string question)
    {
        await using var source = NpgsqlDataSource.Create($"{server.Connection};Pooling=false");
        await using var command = source.CreateCommand(question);
        return await command.ExecuteScalarAsync();
    }
}
