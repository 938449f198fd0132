using Pontual.Engine.Alerts;
using Pontual.Engine.Nodes;
using Pontual.Server.Watches;

namespace Pontual.Server.Tests.Watches;

public sealed class NodeWatchTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nodes_that_live_well_are_no_finding() => Assert.Empty(Find(Alive("a"), Alive("b", roles: "worker")));

    [Fact]
    public void A_node_whose_lease_ended_without_a_word_is_lost_until_another_takes_its_place()
    {
        var lost = Lost("a", roles: "worker");

        Assert.Equal([("node-lost", "a-1")], Keys(Find(lost, Alive("main"))));
        Assert.Empty(Find(lost, Alive("main"), Alive("b", roles: "worker", startedAgo: 10)));
        Assert.Empty(Find(lost, Alive("main"), Alive("b", roles: "api,scheduler,worker", startedAgo: 10)));
        Assert.Equal([("node-lost", "a-1")], Keys(Find(lost, Alive("main"), Alive("b", roles: "api", startedAgo: 10))));
        Assert.Equal([("node-lost", "a-1")], Keys(Find(lost, Alive("main"), Alive("b", roles: "worker", startedAgo: 1_000))));
    }

    [Fact]
    public void One_start_takes_the_place_of_one_that_was_lost()
    {
        var found = Find(Lost("a", "worker"), Lost("b", "worker"), Alive("main"), Alive("c", "worker", startedAgo: 10));

        Assert.Single(found);
    }

    [Fact]
    public void A_process_that_lost_its_lease_and_entered_again_is_not_lost()
    {
        var before = Lost("a") with { Id = "a-1-0001" };

        Assert.Empty(Find(before, Alive("a") with { Id = "a-1-0002" }, Alive("main")));
        Assert.Equal([("node-lost", "a-1")], Keys(Find(before, Lost("a") with { Id = "a-1-0002" }, Alive("main"))));
    }

    [Fact]
    public void A_node_that_left_by_itself_is_not_lost() =>
        Assert.Empty(Find(Lost("a") with { LeftAt = Now.AddSeconds(-50) }, Alive("main")));

    [Fact]
    public void Without_a_node_that_plans_nothing_is_planned()
    {
        var found = Find(Lost("a", "scheduler"), Alive("b", "api"));

        Assert.Equal([("node-lost", "a-1"), ("no-scheduler", "schedulers")], Keys(found));
        Assert.All(found, finding => Assert.Equal(Severity.Critical, finding.Severity));
        Assert.Equal(
            [("no-scheduler", "schedulers")],
            Keys(Find(Lost("a", "scheduler") with { LeftAt = Now.AddHours(-1) }, Alive("b", "api")))
        );
    }

    [Theory]
    [InlineData(900, null)]
    [InlineData(-1_200, Severity.Warning)]
    [InlineData(30_000, Severity.Critical)]
    public void A_clock_that_is_off_is_found_by_how_far(int milliseconds, Severity? severity) =>
        Assert.Equal(
            severity,
            Find(Alive("a") with { Condition = new NodeCondition(ClockOffset: TimeSpan.FromMilliseconds(milliseconds)) })
                .Select(finding => (Severity?)finding.Severity)
                .SingleOrDefault()
        );

    [Theory]
    [InlineData(499, 0)]
    [InlineData(500, 1)]
    public void A_slow_way_to_the_database_is_found(int milliseconds, int findings) =>
        Assert.Equal(
            findings,
            Find(Alive("a") with { Condition = new NodeCondition { RoundTrip = TimeSpan.FromMilliseconds(milliseconds) } }).Count
        );

    [Theory]
    [InlineData(50, 10, null)]
    [InlineData(4, 50, Severity.Warning)]
    [InlineData(1, 50, Severity.Critical)]
    [InlineData(25, 4_000, null)]
    public void A_disk_is_nearly_full_by_its_share_and_never_with_much_left(long freeGibibytes, long sizeGibibytes, Severity? severity)
    {
        var disk = new DiskSpace(freeGibibytes << 30, Math.Max(sizeGibibytes, freeGibibytes) << 30);

        var found = Find(Alive("a") with { Condition = new NodeCondition { Disk = disk } });

        Assert.Equal(severity, found.Select(finding => (Severity?)finding.Severity).SingleOrDefault());
    }

    private static IReadOnlyList<Finding> Find(params NodeRecord[] nodes) => NodeWatch.Find(nodes, Now);

    private static IEnumerable<(string, string)> Keys(IReadOnlyList<Finding> found) =>
        found.Select(finding => (finding.Rule, finding.Subject));

    private static NodeRecord Alive(string id, string roles = "api,scheduler,worker", int startedAgo = 3_600) =>
        new(
            $"{id}-1-ab12",
            id,
            1,
            $"mark of {id}",
            "1.0",
            roles.Split(','),
            Now.AddSeconds(-startedAgo),
            Now.AddSeconds(9),
            SeenAt: Now.AddSeconds(-1)
        );

    private static NodeRecord Lost(string id, string roles = "api,scheduler,worker") =>
        Alive(id, roles) with
        {
            LeaseUntil = Now.AddSeconds(-20),
            SeenAt = Now.AddSeconds(-30),
        };
}
