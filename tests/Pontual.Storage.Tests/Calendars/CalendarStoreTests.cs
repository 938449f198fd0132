using Pontual.Engine.Calendars;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Pontual.TestKit.Checking;

namespace Pontual.Storage.Tests.Calendars;

public sealed class CalendarStoreTests
{
    private static readonly OccurrencePlanner Planner = new(
        new PlannerOptions(),
        new SeededBytes(new Random(7)),
        new ScheduleClock(TimeProvider.System)
    );

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_calendar_is_kept_as_it_was_written_and_grows_by_revisions(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        const string Text = """{"name":"mine","description":"Ours","dates":["2026-12-24",{"date":"12-31","name":"Réveillon"}]}""";

        var created = await PutAsync(rig, Text);
        var same = await PutAsync(rig, Text);
        var updated = await PutAsync(rig, """{"name":"mine","weekdays":["SAT"]}""", expected: 1);
        var late = await PutAsync(rig, Text, expected: 1);
        var again = await PutAsync(rig, Text, expected: 0);
        var other = await PutAsync(rig, """{"name":"a","weekdays":["SAT"]}""", expected: 0);
        var stored = (await rig.Database.Calendars.FindAsync(TenantName.Default, "mine", default))!;

        created.ShouldBe((JobChange.Created, 1));
        same.ShouldBe((JobChange.Unchanged, 1));
        updated.ShouldBe((JobChange.Updated, 2));
        late.ShouldBe((JobChange.Conflict, 2));
        again.ShouldBe((JobChange.Conflict, 2));
        other.ShouldBe((JobChange.Created, 1));
        CalendarDocument.Serialize(stored.Definition).ShouldBe("""{"name":"mine","weekdays":["SAT"]}""");
        (stored.Revision, stored.UpdatedAt).ShouldBe((2, rig.Now));
        (await rig.Database.Calendars.ListAsync(TenantName.Default, default))
            .Select(calendar => calendar.Definition.Name)
            .ShouldBe(["a", "mine"]);
        (await rig.Database.Calendars.FindAsync(TenantName.Default, "nobody", default)).ShouldBeNull();
    }

    [Theory(DisplayName = "A window that is put over now skips the next occurrences, with the reason; without it they run")]
    [MemberData(nameof(Both))]
    public async Task A_change_is_seen_at_the_next_planning(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await using var another = dialect is Dialect.PostgreSql ? rig.Database.Another(rig.Time) : null;
        var otherNode = another ?? rig.Database; // A database in memory has one process only.
        await PutAsync(rig, """{"name":"mine","dates":["2020-01-01"]}""");
        var job = await rig.PutAsync(Job("minutely", """{"every":"1m","except":["mine"]}"""));
        await PlanAsync(rig, rig.Database, 60);

        await PutAsync(rig, """{"name":"mine","windows":[{"from":"2026-03-09T12:01:30Z","to":"2026-03-09T13:00Z","name":"Upgrade"}]}""");
        await PlanAsync(rig, otherNode, 120);
        await PlanAsync(rig, rig.Database, 180);
        var during = await RunsAsync(rig, job);
        await PutAsync(rig, """{"name":"mine","dates":["2020-01-01"]}""");
        await PlanAsync(rig, otherNode, 240);
        var after = await RunsAsync(rig, job);

        during
            .Where(run => run.State is RunState.Skipped)
            .Select(run => (run.Reason, run.DueAt, run.Count))
            .ShouldBe([(RunReason.Window, StorageRig.At(120), 2L)]);
        during.Where(run => run.State is RunState.Pending).Select(run => run.DueAt).ShouldBe([StorageRig.At(60)]);
        after.Where(run => run.State is RunState.Pending).Max(run => run.DueAt).ShouldBe(StorageRig.At(240));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_was_owed_before_the_change_is_decided_by_the_old_calendar(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await PutAsync(rig, """{"name":"mine","windows":[{"from":"2026-03-09T12:00Z","to":"2026-03-09T13:00Z"}]}""");
        var job = await rig.PutAsync(Job("minutely", """{"every":"1m","except":["mine"]}"""));

        rig.Time.Advance(TimeSpan.FromSeconds(125));
        await PutAsync(rig, """{"name":"mine","dates":["2020-01-01"]}""");
        await PlanAsync(rig, rig.Database, 180);

        var runs = await RunsAsync(rig, job);
        runs.Where(run => run.State is RunState.Skipped).Select(run => (run.Reason, run.Count)).ShouldBe([(RunReason.Window, 2L)]);
        runs.Where(run => run.State is RunState.Pending).Select(run => run.DueAt).ShouldBe([StorageRig.At(180)]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_new_holiday_moves_the_next_due_time_of_jobs_that_shift(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect); // Monday 2026-03-09, 12:00 UTC
        await PutAsync(rig, """{"name":"mine","dates":["2020-01-01"]}""");
        var before = await rig.PutAsync(
            Job("monthly", """{"cron":"0 9 10 * *","zone":"UTC","except":["mine"],"shift":"next-business-day"}""")
        );

        await PutAsync(rig, """{"name":"mine","dates":["2026-03-10"]}""");
        var moved = (await rig.FindAsync("monthly"))!;
        await PutAsync(rig, """{"name":"mine","dates":["2020-01-01"]}""");
        var back = (await rig.FindAsync("monthly"))!;

        before.NextDue.ShouldBe(DateTimeOffset.Parse("2026-03-10T09:00Z"));
        moved.NextDue.ShouldBe(DateTimeOffset.Parse("2026-03-11T09:00Z"));
        back.NextDue.ShouldBe(DateTimeOffset.Parse("2026-03-10T09:00Z"));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_calendar_that_jobs_name_stays_until_none_does(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await PutAsync(rig, """{"name":"mine","dates":["2020-01-01"]}""");
        await rig.PutAsync(Job("one", """{"every":"1m","except":["mine"]}"""));
        await rig.PutAsync(Job("two", """{"cron":"0 9 * * *","only":["weekdays","mine"]}"""));

        var used = await RemoveAsync(rig);
        await rig.PutAsync(Job("one", """{"every":"1m","except":["br"]}"""));
        var stillUsed = await RemoveAsync(rig);
        await rig.ApplyAsync(new JobChanges([], [JobName.Parse("two")]));
        var removed = await RemoveAsync(rig);
        var gone = await RemoveAsync(rig);

        (used.Change, string.Join(' ', used.UsedBy)).ShouldBe((JobChange.Conflict, "one two"));
        (stillUsed.Change, string.Join(' ', stillUsed.UsedBy)).ShouldBe((JobChange.Conflict, "two"));
        removed.Change.ShouldBe(JobChange.Removed);
        gone.Change.ShouldBe(JobChange.NotFound);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_job_that_names_no_calendar_there_is_is_refused(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var definition = Job("one", """{"every":"1m","except":["mine"]}""");

        var refused = await rig.ApplyAsync(new JobChanges([new JobPut(definition)], []));
        var together = await rig.ApplyAsync(
            new JobChanges([new JobPut(definition)], [])
            {
                Calendars = new CalendarChanges([new CalendarPut(Read("""{"name":"mine","weekdays":["MON"]}"""))], []),
            }
        );

        refused.Single().Change.ShouldBe(JobChange.Conflict);
        together.Single().Change.ShouldBe(JobChange.Created);
        (await rig.FindAsync("one"))!.Definition.Schedule.LeftOut(StorageRig.Start)!.Calendar.ShouldBe("mine");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_refused_change_of_jobs_leaves_the_calendars_as_they_were(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);

        var outcome = await rig.ApplyAsync(
            new JobChanges([new JobPut(Job("one", """{"every":"1m","except":["mine"]}"""), ExpectedRevision: 4)], [])
            {
                Calendars = new CalendarChanges([new CalendarPut(Read("""{"name":"mine","weekdays":["MON"]}"""))], []),
            }
        );

        outcome.Single().Change.ShouldBe(JobChange.Conflict);
        (await rig.Database.Calendars.ListAsync(TenantName.Default, default)).ShouldBeEmpty();
    }

    private static CalendarDefinition Read(string text) => CalendarDocument.Deserialize(text);

    private static JobDefinition Job(string name, string schedule) =>
        JobDocument.Deserialize(
            $$$"""{"name":"{{{name}}}","schedule":{{{schedule}}},"target":{"handler":{"name":"noop"}},"overlap":"allow","catch-up":"all"}"""
        );

    private static async Task<(JobChange, int)> PutAsync(StorageRig rig, string text, int? expected = null)
    {
        var changes = new CalendarChanges([new CalendarPut(Read(text), expected)], []);
        var changed = (await rig.Database.Calendars.ApplyAsync(changes, due => Planner.Decide(due, rig.Now), rig.Now, default)).Single();
        return (changed.Change, changed.Revision);
    }

    private static async Task<CalendarChanged> RemoveAsync(StorageRig rig) =>
        (
            await rig.Database.Calendars.ApplyAsync(
                new CalendarChanges([], ["mine"]),
                due => Planner.Decide(due, rig.Now),
                rig.Now,
                default
            )
        ).Single();

    private static async Task PlanAsync(StorageRig rig, TestDatabase node, double atSecond)
    {
        rig.Time.Advance(StorageRig.At(atSecond) - rig.Now);
        await node.Plans.PlanDueAsync(rig.Now, 100, due => Planner.Decide(due, rig.Now), default);
    }

    private static async Task<IReadOnlyList<Run>> RunsAsync(StorageRig rig, Job job) =>
        [.. (await rig.Database.Views.ListAsync(new RunQuery { Job = job.Name, Limit = 100 }, default)).OrderBy(run => run.DueAt)];
}
