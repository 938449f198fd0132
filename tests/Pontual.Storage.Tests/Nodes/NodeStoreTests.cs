using Pontual.Engine.Nodes;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Nodes;

public class NodeStoreTests
{
    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_lease_is_renewed_while_it_holds_and_never_after(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.RegisterAsync("n", leaseSeconds: 10);

        rig.Time.Advance(TimeSpan.FromSeconds(9));
        var inTime = await RenewAsync(rig, "n");
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        var late = await RenewAsync(rig, "n");
        await rig.RegisterAsync("left");
        await rig.Database.Nodes.LeaveAsync("left", rig.Now, default, StorageRig.None);

        inTime.Held.ShouldBeTrue();
        late.Held.ShouldBeFalse();
        (await RenewAsync(rig, "left")).Held.ShouldBeFalse();
        (await RenewAsync(rig, "unknown")).Held.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_renewal_brings_wishes_of_this_node_only(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.RegisterAsync("b");
        await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("one")));
        await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("two")));
        var mine = (await rig.ClaimAsync(limit: 1)).Single().Run.Id;
        var theirs = (await rig.ClaimAsync(node: "b")).Single().Run.Id;
        foreach (var id in new[] { mine, theirs })
        {
            await rig.Database.Runs.RequestCancelAsync(id, "requested", null, rig.Now, StorageRig.None);
        }

        (await RenewAsync(rig, "a")).Cancel.ShouldBe([new CancelWish(mine, 1, "requested")]);
        (await RenewAsync(rig, "b")).Cancel.ShouldBe([new CancelWish(theirs, 1, "requested")]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Nodes_of_a_host_whose_process_is_gone_lose_their_lease_at_once(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var asked = new List<NodeRecord>();
        var dead = new NodeRecord("dead", "here", 77, "mark-7", "0.1.0", ["api", "worker"], rig.Now, rig.Now.AddSeconds(10));
        await rig.Database.Nodes.RegisterAsync(dead, false, rig.Now, StorageRig.None);
        await rig.Database.Nodes.RegisterAsync(dead with { Id = "alive", Pid = 78 }, false, rig.Now, StorageRig.None);
        await rig.Database.Nodes.RegisterAsync(dead with { Id = "elsewhere", Host = "there" }, false, rig.Now, StorageRig.None);

        var reaped = await rig.Database.Nodes.ReapAsync("here", node => Ask(node).Pid == 78, rig.Now, StorageRig.None);
        var again = await rig.Database.Nodes.ReapAsync("here", node => node.Pid == 78, rig.Now, StorageRig.None);

        reaped.ShouldBe(["dead"]);
        again.ShouldBeEmpty();
        var seen = asked.Single(node => node.Id == "dead");
        seen.Roles.ShouldBe(dead.Roles);
        (seen with { Roles = dead.Roles }).ShouldBe(dead);
        (await RenewAsync(rig, "dead")).Held.ShouldBeFalse();
        (await RenewAsync(rig, "alive")).Held.ShouldBeTrue();
        (await RenewAsync(rig, "elsewhere")).Held.ShouldBeTrue();

        NodeRecord Ask(NodeRecord node)
        {
            asked.Add(node);
            return node;
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Nodes_of_the_last_day_are_listed_and_older_ones_swept(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect, registers: false);
        await rig.RegisterAsync("old", leaseSeconds: 10);
        await rig.RegisterAsync("holds", leaseSeconds: 10);
        await rig.EnqueueAsync(await rig.PutAsync(StorageRig.Define("sync")));
        await rig.ClaimAsync(node: "holds");
        rig.Time.Advance(TimeSpan.FromDays(2));
        await rig.RegisterAsync("new", leaseSeconds: 10);

        await rig.Database.Runs.SweepAsync(rig.Now, TimeSpan.FromHours(2), StorageRig.None);

        (await rig.Database.Nodes.ListAsync(StorageRig.None)).Select(node => node.Id).ShouldBe(["new"]);
        (await rig.Database.Runs.FindLostAsync(rig.Now, 10, StorageRig.None)).Single().Run.Node.ShouldBe("holds");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_node_is_listed_with_how_it_did_at_its_last_renewal(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect, registers: false);
        await rig.RegisterAsync("n", leaseSeconds: 10);
        (await rig.Database.Nodes.ListAsync(StorageRig.None)).ShouldHaveSingleItem().SeenAt.ShouldBeNull();
        var condition = new NodeCondition(Active: 3, RefusedWrites: 2, TimeSpan.FromMilliseconds(-1_500), rig.Now.AddSeconds(1));
        rig.Time.Advance(TimeSpan.FromSeconds(2));

        await rig.Database.Nodes.RenewAsync("n", rig.Now, rig.Now.AddSeconds(10), condition, StorageRig.None);

        var node = (await rig.Database.Nodes.ListAsync(StorageRig.None)).ShouldHaveSingleItem();
        (node.SeenAt, node.Condition).ShouldBe((rig.Now, condition));
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        var last = condition with { Active = 0, RefusedWrites = 4 };
        await rig.Database.Nodes.LeaveAsync("n", rig.Now, last, StorageRig.None);
        node = (await rig.Database.Nodes.ListAsync(StorageRig.None)).ShouldHaveSingleItem();
        (node.LeftAt, node.SeenAt, node.Condition).ShouldBe((rig.Now, rig.Now, last));
    }

    private static Task<Renewal> RenewAsync(StorageRig rig, string node) =>
        rig.Database.Nodes.RenewAsync(node, rig.Now, rig.Now.AddSeconds(10), default, StorageRig.None);
}
