using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Schedules;

/// <summary>Changes of the clock, drawn: the upper line is what clocks show, the lower one is UTC.</summary>
public sealed class DaylightSavingTests
{
    // Europe/Berlin, 2026-03-29: 02:00 to 03:00 is missing.
    //   local  01:00 ─ 01:30 ─ 02:00╳03:00 ─ 03:30 ─ 04:00
    //   UTC    00:00 ─ 00:30 ──── 01:00 ──── 01:30 ─ 02:00
    [Theory]
    [InlineData("30 2 * * *", "01:00 +00:30")]
    [InlineData("15,30,45 2 * * *", "01:00 +00:15 +00:30 +00:45")]
    [InlineData("0,30 2,3 * * *", "01:00 01:30 +00:00 +00:30 +01:00 +01:30")]
    [InlineData("30 * * * *", "00:30 01:30 02:30 03:30")]
    [InlineData("*/15 * * * *", "00:15 00:30 00:45 01:00 01:15 01:30")]
    [InlineData("30 1-3 * * *", "00:30 01:30 23:30 +00:30")]
    public void A_gap_of_an_hour_in_Berlin(string cron, string expected) => Due(cron, "Europe/Berlin", "2026-03-29T00:00:00Z", expected);

    // Europe/Berlin, 2026-10-25: 02:00 to 03:00 comes twice.
    //   local  01:30 ─ 02:00 ─ 02:30 ─ 03:00│02:00 ─ 02:30 ─ 03:00 ─ 03:30
    //   UTC    23:30 ─ 00:00 ─ 00:30 ──── 01:00 ──── 01:30 ─ 02:00 ─ 02:30
    [Theory]
    [InlineData("30 2 * * *", "00:30 +01:30")]
    [InlineData("0 2,3 * * *", "00:00 02:00")]
    [InlineData("30 * * * *", "00:30 01:30 02:30 03:30")]
    [InlineData("*/30 * * * *", "00:00 00:30 01:00 01:30 02:00 02:30")]
    public void An_overlap_of_an_hour_in_Berlin(string cron, string expected) =>
        Due(cron, "Europe/Berlin", "2026-10-24T23:59:59Z", expected);

    // Australia/Lord_Howe, 2026-10-04: 02:00 to 02:30 is missing; 2026-04-05: 01:30 to 02:00 comes twice.
    //   local  01:30 ─ 01:45 ─ 02:00╳02:30 ─ 02:45      01:30 ─ 01:45 ─ 02:00│01:30 ─ 01:45 ─ 02:00
    //   UTC    15:00 ─ 15:15 ──── 15:30 ──── 15:45      14:30 ─ 14:45 ──── 15:00 ──── 15:15 ─ 15:30
    [Theory]
    [InlineData("15 2 * * *", "2026-10-03T15:00:00Z", "15:30 +15:15")]
    [InlineData("*/15 * * * *", "2026-10-03T15:00:00Z", "15:15 15:30 15:45 16:00")]
    [InlineData("45 1 * * *", "2026-04-04T14:00:00Z", "14:45 +15:15")]
    [InlineData("*/15 * * * *", "2026-04-04T14:30:00Z", "14:45 15:00 15:15 15:30")]
    public void Half_an_hour_on_Lord_Howe(string cron, string after, string expected) => Due(cron, "Australia/Lord_Howe", after, expected);

    // Pacific/Apia: 2011-12-30 is missing altogether.
    //   local  29th 22:00 ─ 23:00 ─ 24:00╳31st 00:00 ─ 09:00
    //   UTC    30th 08:00 ─ 09:00 ────── 10:00 ─────── 19:00
    [Theory]
    [InlineData("0 9 * * *", "2011-12-30T00:00:00Z", "10:00 19:00 +19:00")]
    [InlineData("0 9 30 12 *", "2011-12-30T00:00:00Z", "10:00")]
    [InlineData("0 * * * *", "2011-12-30T08:00:00Z", "09:00 10:00 11:00")]
    public void A_day_that_never_was_in_Apia(string cron, string after, string expected) => Due(cron, "Pacific/Apia", after, expected);

    // Europe/Dublin has negative daylight saving (winter is the exception): 2026-03-29 01:00 to 02:00 is missing, 2026-10-25 01:00 to 02:00 twice.
    //   local  00:30 ─ 01:00╳02:00 ─ 02:30      00:30 ─ 01:00 ─ 01:30 ─ 02:00│01:00 ─ 01:30 ─ 02:00
    //   UTC    00:30 ──── 01:00 ──── 01:30      23:30 ─ 00:00 ─ 00:30 ──── 01:00 ──── 01:30 ─ 02:00
    [Theory]
    [InlineData("30 1 * * *", "2026-03-29T00:00:00Z", "01:00 +00:30")]
    [InlineData("30 * * * *", "2026-03-29T00:00:00Z", "00:30 01:30 02:30")]
    [InlineData("30 1 * * *", "2026-10-25T00:00:00Z", "00:30 +01:30")]
    [InlineData("30 * * * *", "2026-10-25T00:00:00Z", "00:30 01:30 02:30")]
    public void Negative_daylight_saving_in_Dublin(string cron, string after, string expected) =>
        Due(cron, "Europe/Dublin", after, expected);

    // Africa/Casablanca goes back for Ramadan: 2026-02-15 02:00 to 03:00 comes twice, 2026-03-22 02:00 to 03:00 is missing.
    //   local  02:00 ─ 02:30 ─ 03:00│02:00 ─ 02:30 ─ 03:00      01:30 ─ 02:00╳03:00 ─ 03:30
    //   UTC    01:00 ─ 01:30 ──── 02:00 ──── 02:30 ─ 03:00      01:30 ──── 02:00 ──── 02:30
    [Theory]
    [InlineData("30 2 * * *", "2026-02-15T00:00:00Z", "01:30 +02:30")]
    [InlineData("30 * * * *", "2026-02-15T01:00:00Z", "01:30 02:30 03:30")]
    [InlineData("30 2 * * *", "2026-03-22T00:00:00Z", "02:00 +01:30")]
    [InlineData("30 * * * *", "2026-03-22T01:00:00Z", "01:30 02:30 03:30")]
    public void Ramadan_in_Casablanca(string cron, string after, string expected) => Due(cron, "Africa/Casablanca", after, expected);

    // America/New_York, 2050-03-13: the rules of today go on for ever (the platform's answers have gone wrong after 2037).
    //   local  01:30 ─ 02:00╳03:00 ─ 03:30
    //   UTC    06:30 ──── 07:00 ──── 07:30
    [Theory]
    [InlineData("30 2 * * *", "2050-03-13T00:00:00Z", "07:00 +06:30")]
    [InlineData("30 2 * * *", "2150-03-08T00:00:00Z", "07:00 +06:30")]
    public void Rules_after_2037_in_New_York(string cron, string after, string expected) => Due(cron, "America/New_York", after, expected);

    [Theory]
    [InlineData(GapRule.RunAtEnd, "01:00")]
    [InlineData(GapRule.RunShifted, "01:15 01:30")]
    [InlineData(GapRule.Skip, "+00:15")]
    public void A_job_may_choose_its_rule_for_gaps(GapRule gap, string expected) =>
        Due("15,30 2 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", expected, dst: new DstRules(gap));

    [Theory]
    [InlineData(OverlapRule.First, "00:30 +01:30")]
    [InlineData(OverlapRule.Second, "01:30 +01:30")]
    [InlineData(OverlapRule.Both, "00:30 01:30 +01:30")]
    public void A_job_may_choose_its_rule_for_overlaps(OverlapRule overlap, string expected) =>
        Due("30 2 * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", expected, dst: new DstRules(Overlap: overlap));

    [Theory]
    [InlineData(
        "Europe/Berlin",
        "2026-03-29T00:00:00Z",
        "30 2 * * *",
        "Clocks go forward from 02:00 to 03:00, so 02:30 does not exist: the run moves to 03:00."
    )]
    [InlineData(
        "Europe/Berlin",
        "2026-03-29T00:00:00Z",
        "15,30,45 2 * * *",
        "Clocks go forward from 02:00 to 03:00, so 02:15, 02:30 and 02:45 do not exist: they become one run at 03:00."
    )]
    [InlineData(
        "Europe/Berlin",
        "2026-03-29T00:00:00Z",
        "0 2,3 * * *",
        "Clocks go forward from 02:00 to 03:00, so 02:00 does not exist: merged into the run of 03:00."
    )]
    [InlineData("Europe/Berlin", "2026-03-29T00:00:00Z", "0 * * * *", null)]
    [InlineData(
        "Europe/Berlin",
        "2026-10-25T00:00:00Z",
        "30 2 * * *",
        "Clocks go back from 03:00 to 02:00, so 02:30 comes twice: it runs at the first pass only."
    )]
    [InlineData(
        "Europe/Berlin",
        "2026-10-25T00:00:00Z",
        "30 * * * *",
        "Clocks go back from 03:00 to 02:00, so 02:30 comes twice: this is the first of two runs."
    )]
    [InlineData(
        "Europe/Berlin",
        "2026-10-25T01:00:00Z",
        "30 * * * *",
        "Clocks go back from 03:00 to 02:00, so 02:30 comes twice: this is the second of two runs."
    )]
    [InlineData(
        "Pacific/Apia",
        "2011-12-30T00:00:00Z",
        "0 9 * * *",
        "Clocks go forward from 2011-12-30 00:00 to 2011-12-31 00:00, so 2011-12-30 09:00 does not exist: the run moves to 2011-12-31 00:00."
    )]
    [InlineData("Europe/Berlin", "2026-06-01T00:00:00Z", "30 2 * * *", null)]
    public void A_preview_says_what_a_change_of_the_clock_did(string zone, string after, string cron, string? note)
    {
        var schedule = new CronSchedule(CronExpression.Parse(cron), Zone.Parse(zone));

        var first = schedule.Preview(DateTimeOffset.Parse(after), schedule.Zone).First();

        first.Note.ShouldBe(note);
        first.Local.ShouldBe(first.At);
        first.Local.Offset.ShouldBe(schedule.Zone.ToLocal(first.At).Offset);
    }

    // Expected are UTC times of the day of the first second after 'after'; a plus means the day after.
    private static void Due(string cron, string zone, string after, string expected, DstRules? dst = null)
    {
        var schedule = new CronSchedule(CronExpression.Parse(cron), Zone.Parse(zone), dst);
        var start = DateTimeOffset.Parse(after);
        var today = start.AddSeconds(1).UtcDateTime.Date;
        var times = expected
            .Split(' ')
            .Select(time => (time[0] == '+' ? today.AddDays(1) : today) + TimeSpan.Parse(time.TrimStart('+')))
            .ToList();

        var due = schedule.Occurrences(start).Take(times.Count).Select(at => at.UtcDateTime);

        due.ShouldBe(times);
    }
}
