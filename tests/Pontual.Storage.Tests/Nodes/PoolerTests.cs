using Pontual.Engine.Hosting;
using Pontual.Engine.Jobs;
using Pontual.TestKit;
using Pontual.TestKit.Faults;

namespace Pontual.Storage.Tests.Nodes;

public class PoolerTests
{
    [Fact]
    public async Task Two_nodes_work_through_a_pooler_that_gives_each_transaction_another_session()
    {
        await using var bouncer = await PgBouncer.StartAsync(TestDatabase.Server, sessions: 5);
        await using var database = await TestDatabase.ThroughAsync(bouncer.ConnectionString);
        await using var asks = await WholeNode.StartAsync(database.Options, NodeRoles.Api, TimeSpan.FromMilliseconds(100));
        await using var works = await WholeNode.StartAsync(database.Options, NodeRoles.All, TimeSpan.FromMilliseconds(100));
        await asks.DefineAsync("count", "count");

        var runs = new List<Guid>();
        for (var round = 0; round < 25; round++)
        {
            runs.AddRange(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => asks.WishAsync("count"))));
        }

        await Poll.UntilAsync(() => works.Attempts.Count == runs.Count, TimeSpan.FromSeconds(60));
        works.Attempts.Values.ShouldAllBe(times => times == 1);
        var counted = async () => (await database.Jobs.FindAsync(JobName.Parse("count"), default))!.Totals.Runs;
        await Poll.UntilAsync(() => counted().GetAwaiter().GetResult() == runs.Count, TimeSpan.FromSeconds(20));
        works.Database.EngineVersion.ShouldEndWith("(behind a pooler)");
        asks.Warnings.Concat(works.Warnings).ShouldBeEmpty();
    }
}
