using Pontual.Engine.Clocks;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Runs;

public class LeftOutTests
{
    private static readonly OccurrencePlanner Planner = new(
        new PlannerOptions(),
        new SystemRandomBytes(),
        new ScheduleClock(TimeProvider.System)
    );

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory(
        DisplayName = "What a calendar leaves out stands in the ledger as skipped, with the calendar's and the holiday's name, one stretch for each"
    )]
    [MemberData(nameof(Both))]
    public async Task Left_out_due_times_are_in_the_ledger(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var schedule = new EverySchedule(TimeSpan.FromHours(6))
        {
            Zone = Zone.Utc,
            Terms = new Terms { Calendars = new CalendarRules { Except = [BuiltIn("weekends"), BuiltIn("br")] } },
        };
        var job = await rig.PutAsync(
            StorageRig.Define("left-out") with
            {
                Schedule = schedule,
                ScheduleDocument = StorageRig.Json("""{"every":"6h","zone":"UTC","except":["weekends","br"]}"""),
            }
        );

        rig.Time.Advance(new DateTimeOffset(2026, 4, 6, 0, 0, 0, TimeSpan.Zero) - StorageRig.Start);
        await rig.Database.Plans.PlanDueAsync(rig.Now, 100, due => Planner.Decide(due, rig.Now), StorageRig.None);

        var runs = await rig.Database.Views.ListAsync(new RunQuery(job.Name, Limit: 100), StorageRig.None);
        runs.Where(run => run.Reason == RunReason.ExcludedDay)
            .OrderBy(run => run.DueAt)
            .Select(run => $"{run.DueAt:MM-dd HH}h {run.Error} x{run.Count}")
            .ShouldBe([
                "03-14 00h weekends: weekend x8",
                "03-21 00h weekends: weekend x8",
                "03-28 00h weekends: weekend x8",
                "04-03 00h br: Paixão de Cristo x4",
                "04-04 00h weekends: weekend x8",
            ]);
        runs.Sum(run => run.Count).ShouldBe(schedule.DueTimes(StorageRig.Start).TakeWhile(at => at <= rig.Now).Count());
    }

    private static Calendar BuiltIn(string name) =>
        BuiltInCalendars.TryFind(name, out var found) ? found : throw new ArgumentException(name, nameof(name));
}
