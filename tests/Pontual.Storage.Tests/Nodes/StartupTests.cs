using Pontual.Engine.Audit;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Nodes;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Nodes;

public class StartupTests
{
    private static readonly OccurrencePlanner Planner = new(
        new PlannerOptions(),
        new SystemRandomBytes(),
        new ScheduleClock(TimeProvider.System)
    );

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory(
        DisplayName = "@reboot is due once when the first scheduler enters, and not when another joins, renews its stay or replaces it in time"
    )]
    [MemberData(nameof(Both))]
    public async Task A_start_makes_its_jobs_due_once(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        (await EnterAsync(rig, "first")).ShouldBeFalse("No job waits for a start.");
        await rig.PutAsync(Define("up"));
        (await rig.FindAsync("up"))!.NextDue.ShouldBeNull();

        (await EnterAsync(rig, "joins")).ShouldBeFalse();
        await LeaveAsync(rig, "first");
        (await EnterAsync(rig, "replaces")).ShouldBeFalse();
        await LeaveAsync(rig, "joins");
        await LeaveAsync(rig, "replaces");
        (await EnterAsync(rig, "api", roles: ["api"])).ShouldBeFalse();
        (await EnterAsync(rig, "same process", isFirstStay: false)).ShouldBeFalse();
        await LeaveAsync(rig, "same process");
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        (await EnterAsync(rig, "starts")).ShouldBeTrue();

        (await rig.FindAsync("up"))!.NextDue.ShouldBe(rig.Now);
        (await PlanAsync(rig)).Runs.ShouldBe(1);
        var job = (await rig.FindAsync("up"))!;
        (job.Mark, job.NextDue).ShouldBe((rig.Now, null));
        (await rig.ClaimAsync()).Single().Run.DueAt.ShouldBe(rig.Now);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_start_after_the_lease_of_a_lost_node_has_ended_is_one(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(Define("up"));
        (await EnterAsync(rig, "dies")).ShouldBeTrue();
        await PlanAsync(rig);

        rig.Time.Advance(TimeSpan.FromSeconds(9));
        (await EnterAsync(rig, "takes over in time")).ShouldBeFalse();
        rig.Time.Advance(TimeSpan.FromSeconds(11));

        (await EnterAsync(rig, "starts again")).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Of_nodes_that_start_at_the_same_moment_one_starts_the_system(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.PutAsync(Define("up"));

        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => EnterAsync(rig, $"n{number}"))));

        started.Count(first => first).ShouldBe(1);
        (await PlanAsync(rig)).Runs.ShouldBe(1);
        (await PlanAsync(rig)).Runs.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_paused_job_has_its_start_in_the_ledger(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(Define("up"));
        var pause = new Pause(rig.Now, "asleep", "me", null);
        await rig.Database.Jobs.SetPauseAsync(
            job.Name,
            pause,
            Actor.Product,
            due => Planner.Decide(due, rig.Now),
            rig.Now,
            StorageRig.None
        );

        await EnterAsync(rig, "starts");
        await PlanAsync(rig);

        var run = (await rig.Database.Views.ListAsync(new RunQuery(job.Name), StorageRig.None)).Single();
        (run.State, run.Reason, run.DueAt).ShouldBe((RunState.Skipped, RunReason.Paused, rig.Now));
        (await rig.FindAsync("up"))!.NextDue.ShouldBeNull();
    }

    private static JobDefinition Define(string name) => StorageRig.Define(name, schedule: new StartupSchedule());

    private static Task<bool> EnterAsync(StorageRig rig, string id, bool isFirstStay = true, IReadOnlyList<string>? roles = null) =>
        rig.Database.Nodes.RegisterAsync(
            new NodeRecord(id, "host", 1, "mark", "0.1.0", roles ?? ["api", "scheduler", "worker"], rig.Now, rig.Now.AddSeconds(10)),
            isFirstStay,
            rig.Now,
            StorageRig.None
        );

    private static Task LeaveAsync(StorageRig rig, string id) => rig.Database.Nodes.LeaveAsync(id, rig.Now, default, StorageRig.None);

    private static Task<PlanResult> PlanAsync(StorageRig rig) =>
        rig.Database.Plans.PlanDueAsync(rig.Now, 100, due => Planner.Decide(due, rig.Now), StorageRig.None);
}
