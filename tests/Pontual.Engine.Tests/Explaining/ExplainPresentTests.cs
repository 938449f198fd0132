using Pontual.Engine.Explaining;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Runs;
using static Pontual.Engine.Tests.Explaining.WhyCase;

namespace Pontual.Engine.Tests.Explaining;

/// <summary>What is to come, runs or waits: each cause, and the sentence it is told in.</summary>
public sealed class ExplainPresentTests
{
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
}
