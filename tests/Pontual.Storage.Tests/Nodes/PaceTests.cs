using Pontual.Engine.Jobs;
using Pontual.Engine.Nodes;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Pontual.TestKit.Running;

namespace Pontual.Storage.Tests.Nodes;

public sealed class PaceTests
{
    private static readonly DateTimeOffset Origin = new(2026, 3, 8, 3, 0, 0, TimeSpan.Zero);

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_fresh_database_takes_the_speed_and_every_later_node_goes_by_it(Dialect dialect)
    {
        var time = new ManualTime();
        await using var first = await FreshAsync(dialect, time, speed: 60);
        time.Advance(TimeSpan.FromSeconds(30));

        await using var untold = await AgainAsync(first, time, speed: null);
        await using var told = await AgainAsync(first, time, speed: 60);

        foreach (var database in (TestDatabase[])[first, untold, told])
        {
            (database.Schedules.Speed, database.Schedules.Now).ShouldBe((60, Origin.AddMinutes(30)));
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Another_speed_than_the_databases_is_refused(Dialect dialect)
    {
        var time = new ManualTime();
        await using var first = await FreshAsync(dialect, time, speed: 60);

        var refused = await Should.ThrowAsync<DatabaseException>(() => AgainAsync(first, time, speed: 1));

        refused.Fault.ShouldBe(DatabaseFault.Refused);
        refused.Message.ShouldContain("goes at speed 60, not 1");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_database_that_was_used_at_real_time_stays_so(Dialect dialect)
    {
        var time = new ManualTime();
        await using var first = await FreshAsync(dialect, time, speed: null);
        await RegisterAsync(first, time);

        var refused = await Should.ThrowAsync<DatabaseException>(() => AgainAsync(first, time, speed: 60));

        refused.Message.ShouldContain("goes at speed 1, not 60");
        await using var same = await AgainAsync(first, time, speed: 1);
        same.Schedules.Now.ShouldBe(time.GetUtcNow());
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Runs_start_and_end_in_real_time_and_a_delay_goes_on_by_the_schedules(Dialect dialect)
    {
        var time = new ManualTime();
        await using var database = await FreshAsync(dialect, time, speed: 60);
        await RegisterAsync(database, time);
        var clock = database.Schedules;
        var planner = new OccurrencePlanner(new PlannerOptions(), new SystemRandomBytes(), clock);
        var definition = SomeJob.Definition("wait", job => job with { Schedule = new DelaySchedule(TimeSpan.FromMinutes(10)) });
        await database.Jobs.ApplyAsync(
            new JobChanges([new JobPut(definition)], []),
            due => planner.Decide(due, clock.Now),
            clock.Now,
            StorageRig.None
        );
        time.Advance(TimeSpan.FromSeconds(1));

        var planned = await database.Plans.PlanDueAsync(clock.Now, 10, due => planner.Decide(due, clock.Now), StorageRig.None);
        var request = new ClaimRequest("n", [new ClaimLane(null, 10)], null, time.GetUtcNow());
        var leased = (await database.Runs.ClaimAsync(request, StorageRig.None)).Runs.ShouldHaveSingleItem();
        time.Advance(TimeSpan.FromSeconds(2));
        var end = Settlement.Of(leased, new Outcome.Success(), leased.ClaimedAt, time.GetUtcNow(), 0);
        (await database.Runs.SettleAsync([end], StorageRig.None)).ShouldBe([true]);

        planned.Runs.ShouldBe(1);
        var run = (await database.Views.FindAsync(leased.Run.Id, StorageRig.None))!.Run;
        (run.DueAt, run.StartedAt, run.FinishedAt).ShouldBe((Origin, time.GetUtcNow().AddSeconds(-2), time.GetUtcNow()));
        (await database.Jobs.FindAsync(definition.Name, StorageRig.None))!.NextDue.ShouldBe(Origin.AddMinutes(3 + 10));
    }

    private static Task RegisterAsync(TestDatabase database, ManualTime time) =>
        database.Nodes.RegisterAsync(
            new NodeRecord("n", "host", 1, "mark", "0.1.0", ["worker"], time.GetUtcNow(), time.GetUtcNow().AddHours(1)),
            isFirstStay: true,
            time.GetUtcNow(),
            StorageRig.None
        );

    private static async Task<TestDatabase> FreshAsync(Dialect dialect, ManualTime time, int? speed)
    {
        var database =
            dialect is Dialect.Sqlite
                ? await TestDatabase.OnDiskAsync(time, migrated: false)
                : await TestDatabase.CreateAsync(dialect, time, migrated: false);
        (database.Options.Speed, database.Options.Origin) = (speed, speed is null ? null : Origin);
        await database.MigrateAsync();
        return database;
    }

    private static Task<TestDatabase> AgainAsync(TestDatabase first, ManualTime time, int? speed) =>
        TestDatabase.OpenAsync(
            new StorageOptions
            {
                SqlitePath = first.Options.SqlitePath,
                PostgreSql = first.Options.PostgreSql,
                Speed = speed,
            },
            time
        );
}
