using Pontual.Engine.Audit;
using Pontual.Engine.Explaining;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Nodes;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Tests.Explaining;

/// <summary>Each cause, and the sentence it is told in. It is 2026-03-10 12:00 in UTC; the job is due each day at 09:00.</summary>
public sealed class ExplainerTests
{
    private static readonly DateTimeOffset Now = At("2026-03-10 12:00");
    private static readonly DateTimeOffset Nine = At("2026-03-10 09:00");
    private static readonly JobName Name = JobName.Parse("report");
    private static readonly Guid Before = Guid.Parse("019cd000-0000-7000-8000-00000000000b");

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

    [Theory]
    [InlineData("", Verdicts.Waiting, "It will run at 2026-03-11 09:00:00 (UTC), in 21h: that is still to come.")]
    [InlineData(
        ""","schedule":{"cron":"0 9 * * *","zone":"UTC","only":["weekends"]}""",
        Verdicts.Skipped,
        "It will not run at 2026-03-11 09:00:00 (UTC): its calendars leave it out (outside weekends)."
    )]
    public void It_is_still_to_come(string schedule, string verdict, string sentence) =>
        Tells(Asked("2026-03-11 09:00") with { Job = Job(schedule: schedule) }, verdict, sentence);

    [Fact]
    public void It_is_to_come_and_the_job_is_paused() =>
        Tells(
            Asked("2026-03-11 09:00") with
            {
                Job = Job() with { Paused = new Pause(At("2026-03-10 11:00"), "why not", "ana", null) },
            },
            Verdicts.Paused,
            "It will not run at 2026-03-11 09:00:00 (UTC) unless it is resumed: the job was paused by ana at 2026-03-10 11:00:00 (\"why not\")."
        );

    [Fact]
    public void It_runs_now() =>
        Tells(
            AsOfNow() with
            {
                Runs = [Run("11:00", RunState.Running, started: "11:00") with { Id = Before, Attempt = 2 }],
            },
            Verdicts.Running,
            $"It runs now: run {Before} on a since 2026-03-10 11:00:00 (UTC) (attempt 2)."
        );

    [Fact]
    public void It_waits_to_be_tried_again() =>
        Tells(
            AsOfNow() with
            {
                Runs =
                [
                    Run("11:00", RunState.Pending) with
                    {
                        Attempt = 1,
                        NotBefore = At("2026-03-10 12:05"),
                        Error = "refused",
                        Reason = RunReason.Error,
                    },
                ],
            },
            Verdicts.Waiting,
            "The run due 2026-03-10 11:00:00 (UTC) has not begun: it is tried again at 2026-03-10 12:05:00, after attempt 1: refused."
        );

    [Fact]
    public void It_waits_for_the_rate_of_a_limit() =>
        Tells(
            AsOfNow() with
            {
                Runs =
                [
                    Run("11:00", RunState.Pending) with
                    {
                        LimitKey = "chip",
                        WaitsFor = new LimitWait(
                            LimitScope.Key,
                            "chip",
                            new Limit(null, new Rate(20, TimeSpan.FromMinutes(1))),
                            At("2026-03-10 12:01")
                        ),
                    },
                ],
            },
            Verdicts.Waiting,
            "The run due 2026-03-10 11:00:00 (UTC) has not begun: the limit of 'chip' (20 per 1m) lets the next start at 2026-03-10 12:01:00."
        );

    [Fact]
    public void It_waits_behind_an_earlier_run()
    {
        var facts = AsOfNow() with { Runs = [Run("11:00", RunState.Pending), Run("10:00", RunState.Pending) with { Id = Before }] };
        var held = Asked("2026-03-10 11:00") with { Runs = facts.Runs };

        Tells(
            held,
            Verdicts.Waiting,
            $"The run due 2026-03-10 11:00:00 (UTC) has not begun: it waits behind run {Before} of the same job, which waits too (overlap: skip)."
        );
    }

    [Theory]
    [InlineData("handler", "api", "no node is there with the role worker, which runs 'handler'")]
    [InlineData("http", "api", "no node is there with the role scheduler or worker, which runs 'http'")]
    [InlineData("worker", "api", "no program outside has claimed it from 'default'")]
    [InlineData("http", "scheduler", "no node has a place free: 8 runs of the queue 'default' run, 3 are due")]
    public void Nobody_takes_it(string kind, string role, string why)
    {
        var settings =
            kind == "http" ? """{"url":"http://x"}"""
            : kind == "worker" ? "{}"
            : """{"name":"x"}""";

        Tells(
            AsOfNow() with
            {
                Job = Job(target: $$"""{"{{kind}}":{{settings}}}"""),
                Runs = [Run("11:00", RunState.Pending) with { NotBefore = At("2026-03-10 11:00") }],
                Nodes = [Node("a", "07:00", roles: role)],
                Queue = new QueueDepth("default", 3, 0, 8, At("2026-03-10 11:00")),
            },
            Verdicts.Waiting,
            $"The run due 2026-03-10 11:00:00 (UTC) has not begun: it is ready since 2026-03-10 11:00:00, and {why}."
        );
    }

    [Fact]
    public void It_rests_until_its_next_time() =>
        Tells(
            AsOfNow() with
            {
                Nodes = [Node("a", "07:00")],
            },
            Verdicts.Waiting,
            "It waits for its next time, 2026-03-11 09:00:00 (UTC), in 21h; it has not run yet."
        );

    [Fact]
    public void It_rests_and_nobody_will_start_it() =>
        Tells(
            AsOfNow() with
            {
                Nodes = [Node("a", "07:00", leaseUntil: "08:30")],
            },
            Verdicts.Owed,
            "It is due next at 2026-03-11 09:00:00 (UTC), and no scheduler is there since 2026-03-10 08:30:00: nothing will start it; it has not run yet."
        );

    [Fact]
    public void It_is_paused_now() =>
        Tells(
            AsOfNow() with
            {
                Job = Job() with { Paused = new Pause(Nine, null, "ana", At("2026-03-12 00:00")) },
            },
            Verdicts.Paused,
            "It does not run: the job was paused by ana at 2026-03-10 09:00:00, until 2026-03-12 00:00:00."
        );

    [Fact]
    public void It_has_no_schedule() =>
        Tells(
            AsOfNow() with
            {
                Job = Job(schedule: ""","schedule":"manual" """) with { NextDue = null },
            },
            Verdicts.NotDue,
            "It is not due: it has no schedule, and runs when somebody asks; it has not run yet."
        );

    private static void Tells(WhyFacts facts, string verdict, string sentence)
    {
        var told = Explainer.Explain(facts);

        Assert.Equal(sentence, told.Sentence);
        Assert.Equal(verdict, told.Verdict);
        Assert.NotEmpty(told.Facts);
    }

    private static WhyFacts AsOfNow() =>
        new()
        {
            Name = Name,
            Job = Job(),
            Now = Now,
        };

    private static WhyFacts Asked(string at = "2026-03-10 09:00") => AsOfNow() with { At = At(at) };

    private static Job Job(
        string more = "",
        string schedule = ""","schedule":{"cron":"0 9 * * *","zone":"UTC"}""",
        string target = """{"handler":{"name":"x"}}"""
    ) =>
        new()
        {
            Id = 1,
            Definition = JobDocument.Deserialize(
                $$"""{"name":"report"{{(schedule.Length == 0 ? ""","schedule":{"cron":"0 9 * * *","zone":"UTC"}""" : schedule)}},"target":{{target}}{{more}}}"""
            ),
            Revision = 1,
            Mark = Now,
            NextDue = At("2026-03-11 09:00"),
            CreatedAt = At("2026-03-01 00:00"),
            UpdatedAt = At("2026-03-01 00:00"),
        };

    private static Run Run(string due, RunState state, string? started = null, string? ended = null) =>
        new()
        {
            Id = RunId.Lowest(Today(due)),
            JobId = 1,
            Job = Name,
            Trigger = RunTrigger.Schedule,
            DueAt = Today(due),
            State = state,
            Attempt = started is null ? 0 : 1,
            StartedAt = started is null ? null : Today(started),
            FinishedAt = ended is null ? null : Today(ended),
            Node = started is null ? null : "a",
        };

    private static Run Skip(string reason) => Run("09:00", RunState.Skipped) with { Reason = reason };

    private static NodeRecord Node(
        string id,
        string started,
        string? left = null,
        string leaseUntil = "12:01",
        string roles = "scheduler"
    ) => new(id, "host", 1, "mark", "1", [roles], Today(started), Today(leaseUntil), left is null ? null : Today(left));

    private static AuditEntry Entry(
        string action,
        string time,
        string subject = "report",
        string? before = null,
        string? after = null,
        string? reason = null
    ) => new(1, Today(time), TenantName.Default, new Actor("user:ana", null, reason) { Name = "ana" }, action, subject, before, after);

    private static DateTimeOffset Today(string time) => At($"2026-03-10 {time}");

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse($"{text}:00Z", System.Globalization.CultureInfo.InvariantCulture);
}
