using System.Globalization;
using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Engine.Tests.Jobs;

public class ScheduleDocumentTests
{
    private static readonly DateTimeOffset NewYear = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_kind_is_read()
    {
        Read("{'cron':'0 9 * * 1'}").ShouldBe(new CronSchedule(CronExpression.Parse("0 9 * * 1"), Zone.Default));
        Read("{'cron':'0 0 9 ? * 2','dialect':'quartz'}").NextDue(NewYear).ShouldBe(Instant("2026-01-05T12:00:00Z"));
        Read("{'cron':'@every 90s'}").ShouldBe(new EverySchedule(TimeSpan.FromSeconds(90)));
        Read("{'cron':'@reboot'}").ShouldBe(new StartupSchedule());
        Read("{'every':'30s'}").ShouldBe(new EverySchedule(TimeSpan.FromSeconds(30)));
        Read("{'delay':'5m'}").ShouldBe(new DelaySchedule(TimeSpan.FromMinutes(5)));
        Read("{'every':'12h','from':'last-start'}").ShouldBe(new DelaySchedule(TimeSpan.FromHours(12)) { FromStart = true });
        Read("{'at':'2026-12-01T09:00'}").ShouldBe(new OnceSchedule(new DateTimeOffset(2026, 12, 1, 12, 0, 0, TimeSpan.Zero)));
        Read("'manual'").ShouldBe(ManualSchedule.Instance);
    }

    [Theory(DisplayName = "An end that is a date includes all of that day, on the clocks of the zone")]
    [InlineData("'start':'2026-03-01','end':'2026-03-02'", "2026-03-01T03:00:00Z", "2026-03-03T02:30:00Z", 96)]
    [InlineData("'start':'2026-03-01T12:00','end':'2026-03-01T13:00'", "2026-03-01T15:00:00Z", "2026-03-01T16:00:00Z", 3)]
    [InlineData("'start':'2026-03-01T12:00Z','end':'2026-03-01T13:00+01:00'", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z", 1)]
    [InlineData("'zone':'Asia/Tokyo','start':'2026-03-01','end':'2026-03-01'", "2026-02-28T15:00:00Z", "2026-03-01T14:30:00Z", 48)]
    public void Beginnings_and_ends_are_inclusive(string bounds, string first, string last, int count)
    {
        var schedule = Read($"{{'every':'30m',{bounds}}}");

        var due = schedule.DueTimes(NewYear).ToList();

        (due[0], due[^1], due.Count).ShouldBe((Instant(first), Instant(last), count));
    }

    [Fact]
    public void Jitter_and_H_are_spread_by_the_name_of_the_job()
    {
        var (one, same, other) = (Job("one"), Job("one"), Job("other"));

        one.Schedule.ShouldBe(same.Schedule);
        one.Schedule.Next(NewYear).ShouldNotBe(other.Schedule.Next(NewYear));
        one.Schedule.Terms.Jitter.ShouldBe(new Jitter(TimeSpan.FromMinutes(2), "one"));

        static JobDefinition Job(string name) =>
            JobDocument.Deserialize($$$"""{"name":"{{{name}}}","schedule":{"cron":"H H * * *","jitter":"2m"},"target":{"http":{} } }""");
    }

    [Fact]
    public void Calendars_are_one_name_or_a_list_and_what_they_are_is_found_later()
    {
        var schedule = Read("{'cron':'0 9 * * *','except':'br','only':['weekdays','own'],'shift':'previous-business-day'}");

        schedule.Terms.Calendars.Except.Single().Name.ShouldBe("br");
        schedule.Terms.Calendars.Unbound.ShouldBe(["own"]);
        schedule.Terms.Calendars.Shift.ShouldBe(DayShift.PreviousBusinessDay);
    }

    [Fact]
    public void What_is_due_on_a_holiday_is_due_and_left_out()
    {
        var schedule = Read("{'every':'24h','from':'2026-01-01T09:00','except':['br']}");
        var christmas = Instant("2026-12-25T12:00:00Z");

        schedule.NextDue(christmas.AddTicks(-1)).ShouldBe(christmas);
        schedule.Next(christmas.AddTicks(-1)).ShouldBe(christmas.AddDays(1));
        schedule.LeftOut(christmas)!.Name.ShouldBe("Natal");
    }

    private static Schedule Read(string text)
    {
        var problems = new List<DocumentProblem>();
        using var json = JsonDocument.Parse(text.Replace('\'', '"'));
        var schedule = JobDocument.ReadSchedule(json.RootElement, "/schedule", problems);
        problems.ShouldBeEmpty();
        return schedule.ShouldNotBeNull();
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
