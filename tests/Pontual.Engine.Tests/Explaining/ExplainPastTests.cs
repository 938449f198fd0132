using Pontual.Engine.Explaining;
using Pontual.Engine.Runs;
using static Pontual.Engine.Tests.Explaining.WhyCase;

namespace Pontual.Engine.Tests.Explaining;

/// <summary>What came of a due time that is over: each cause, and the sentence it is told in.</summary>
public sealed class ExplainPastTests
{
    [Fact]
    public void It_ran_in_time() =>
        Tells(
            Asked() with
            {
                Runs = [Run("09:00", RunState.Succeeded, started: "09:00", ended: "09:01")],
            },
            Verdicts.Ran,
            "It ran: due 2026-03-10 09:00:00 (UTC), it started 0 ms later on a, and ended well after 1m."
        );

    [Fact]
    public void It_ran_late_because_the_run_before_was_long() =>
        Tells(
            Asked() with
            {
                Job = Job(more: ""","overlap":"buffer-all" """),
                Runs =
                [
                    Run("09:00", RunState.Succeeded, started: "09:30", ended: "09:31"),
                    Run("08:00", RunState.Succeeded, started: "08:00", ended: "09:30") with
                    {
                        Id = Before,
                        Trigger = RunTrigger.Manual,
                    },
                ],
            },
            Verdicts.Ran,
            $"It ran: due 2026-03-10 09:00:00 (UTC), it started 30m late on a, because run {Before} of the same job ended only at 2026-03-10 09:30:00 (overlap: buffer-all), and ended well after 1m."
        );

    [Fact]
    public void It_ran_late_because_nobody_planned() =>
        Tells(
            Asked() with
            {
                Runs = [Run("09:00", RunState.Succeeded, started: "10:00", ended: "10:01")],
                Nodes = [Node("b", "10:00"), Node("a", "07:00", left: "08:30")],
            },
            Verdicts.Ran,
            "It ran: due 2026-03-10 09:00:00 (UTC), it started 1h late on a, because no scheduler was there from 2026-03-10 08:30:00 until 2026-03-10 10:00:00; it was caught up with (only the latest is caught up with (catch-up: latest)), and ended well after 1m."
        );

    [Fact]
    public void It_failed() =>
        Tells(
            Asked() with
            {
                Runs =
                [
                    Run("09:00", RunState.Failed, started: "09:00", ended: "09:05") with
                    {
                        Reason = RunReason.Error,
                        Error = "HTTP 500 Internal Server Error.\nmore",
                        Attempt = 3,
                    },
                ],
            },
            Verdicts.Failed,
            "It ran: due 2026-03-10 09:00:00 (UTC), it started 0 ms later on a, and failed after 5m in 3 attempts: HTTP 500 Internal Server Error. more."
        );

    [Fact]
    public void It_was_cancelled_by_somebody()
    {
        var run = Run("09:00", RunState.Cancelled) with { Reason = RunReason.Requested };

        Tells(
            Asked() with
            {
                Runs = [run],
                Changes = [Entry("run.cancelled", "09:02", subject: run.Id.ToString(), reason: "wrong data")],
            },
            Verdicts.Cancelled,
            "The run due 2026-03-10 09:00:00 (UTC) was cancelled by ana at 2026-03-10 09:02:00 (\"wrong data\")."
        );
    }

    [Fact]
    public void It_was_paused_by_somebody_for_a_reason() =>
        Tells(
            Asked() with
            {
                Runs = [Skip(RunReason.Paused)],
                Changes =
                [
                    Entry("job.resumed", "10:00"),
                    Entry(
                        "job.paused",
                        "08:00",
                        after: """{"since":"2026-03-10T08:00:00+00:00","reason":"moving house","by":"ana","until":null}"""
                    ),
                ],
            },
            Verdicts.Skipped,
            "It did not run at 2026-03-10 09:00:00 (UTC): the job was paused by ana at 2026-03-10 08:00:00 (\"moving house\")."
        );

    [Fact]
    public void It_overlapped_with_a_run() =>
        Tells(
            Asked() with
            {
                Runs = [Skip(RunReason.Overlap), Run("08:00", RunState.Succeeded, started: "08:00", ended: "09:10") with { Id = Before }],
            },
            Verdicts.Skipped,
            $"It did not run at 2026-03-10 09:00:00 (UTC): run {Before} of it, due 2026-03-10 08:00:00, was still active and ended at 2026-03-10 09:10:00, and the overlap policy is skip."
        );

    [Theory]
    [InlineData(RunReason.ExcludedDay, "its calendars leave the day out (br: Natal).")]
    [InlineData(RunReason.Window, "its calendars leave the time out (br: Natal).")]
    public void A_calendar_left_it_out(string reason, string why) =>
        Tells(
            Asked() with
            {
                Runs = [Skip(reason) with { Error = "br: Natal" }],
            },
            Verdicts.Skipped,
            $"It did not run at 2026-03-10 09:00:00 (UTC): {why}"
        );

    [Fact]
    public void It_was_missed_and_the_catch_up_policy_left_it_out() =>
        Tells(
            Asked() with
            {
                Job = Job(more: ""","catch-up":"none" """),
                Runs = [Skip(RunReason.CatchUp)],
                Nodes = [Node("b", "10:00"), Node("a", "07:00", left: "08:30")],
            },
            Verdicts.Skipped,
            "It did not run at 2026-03-10 09:00:00 (UTC): no scheduler was there from 2026-03-10 08:30:00 until 2026-03-10 10:00:00, and of what was missed nothing is caught up with (catch-up: none)."
        );

    [Fact]
    public void A_time_inside_of_a_long_stretch_is_found_in_it() =>
        Tells(
            Asked() with
            {
                Runs = [Skip(RunReason.Superseded) with { DueAt = At("2026-03-01 09:00"), DueUntil = At("2026-03-12 09:00"), Count = 12 }],
                Next = Run("11:00", RunState.Succeeded, started: "11:00", ended: "11:01"),
            },
            Verdicts.Skipped,
            "It did not run at 2026-03-10 09:00:00 (UTC): a newer due time took its place, the next to run was due 2026-03-10 11:00:00."
        );

    [Fact]
    public void There_was_no_such_job_yet() =>
        Tells(
            Asked("2026-02-01 09:00") with
            {
                Changes = [Entry("job.created", "06:00")],
            },
            Verdicts.NotDefined,
            "There was no job 'report' at 2026-02-01 09:00:00 (UTC): it was defined at 2026-03-01 00:00:00 by ana."
        );

    [Fact]
    public void It_was_removed() =>
        Tells(
            Asked() with
            {
                Job = null,
                Changes = [Entry("job.removed", "08:00")],
            },
            Verdicts.NotDefined,
            "There was no job 'report' at 2026-03-10 06:00:00 (America/Sao_Paulo): ana removed it at 2026-03-10 05:00:00."
        );

    [Fact]
    public void Its_schedule_never_fires_there() =>
        Tells(
            Asked("2026-03-10 09:30"),
            Verdicts.NotDue,
            "The job was not due at 2026-03-10 09:30:00 (UTC): its due times around it are 2026-03-10 09:00:00 and 2026-03-11 09:00:00."
        );

    [Fact]
    public void Another_schedule_held_then() =>
        Tells(
            Asked() with
            {
                Changes =
                [
                    Entry(
                        "job.updated",
                        "11:00",
                        before: """{"name":"report","schedule":{"cron":"0 20 * * *","zone":"UTC"},"target":{"handler":{"name":"x"}}}"""
                    ),
                ],
            },
            Verdicts.NotDue,
            "By the schedule it had before ana changed it at 2026-03-10 11:00:00 the job was not due at 2026-03-10 09:00:00 (UTC): its due times around it are 2026-03-09 20:00:00 and 2026-03-10 20:00:00."
        );

    [Fact]
    public void It_was_due_and_nobody_planned_it() =>
        Tells(
            Asked() with
            {
                Job = Job() with { Mark = At("2026-03-10 08:00") },
                Nodes = [Node("a", "07:00", leaseUntil: "08:30")],
            },
            Verdicts.Owed,
            "It was due at 2026-03-10 09:00:00 (UTC), and nothing is decided about it: no scheduler is there since 2026-03-10 08:30:00."
        );

    [Fact]
    public void What_came_of_it_is_not_kept_any_more() =>
        Tells(
            Asked("2026-03-05 09:00") with
            {
                KeepHistory = TimeSpan.FromDays(2),
            },
            Verdicts.Forgotten,
            "It was due at 2026-03-05 09:00:00 (UTC), and what came of it is not on record any more: runs are kept for 2d."
        );
}
