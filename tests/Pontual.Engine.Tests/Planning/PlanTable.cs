using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.TestKit.Running;

namespace Pontual.Engine.Tests.Planning;

/// <summary>Decisions written as short texts, so that a table of them can be read.</summary>
/// <remarks>
/// Time is told in seconds after noon. A job is due every 10 s; its mark is noon. Runs that exist are written as letters:
/// <c>R</c> running, <c>r</c> ready and never started, <c>h</c> held, <c>w</c> waiting for a retry, <c>m</c> asked for by a person and never started.
/// A plan reads: <c>run 10</c>, <c>hold 10</c>, <c>skip overlap 10-30 x3</c>, <c>more</c> in place of <c>skip</c> when it extends the open stretch,
/// <c>drop r</c> for superseded, <c>cancel R</c>.
/// </remarks>
internal static class PlanTable
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    public static readonly PlannerOptions Options = new();

    public static JobDefinition Definition(Overlap overlap, CatchUp catchUp, int? concurrency = null) =>
        SomeJob.Definition(change: job =>
            job with
            {
                Schedule = new EverySchedule(TimeSpan.FromSeconds(10)),
                Overlap = overlap,
                CatchUp = catchUp,
                CatchUpWindow = TimeSpan.FromSeconds(60),
                Concurrency = concurrency,
            }
        );

    public static DueJob Due(JobDefinition definition, string hot = "", Pause? paused = null, OpenStretch? stretch = null) =>
        new(SomeJob.Stored(definition, Noon, paused), [.. hot.Select(Hot)], stretch);

    public static JobPlan Decide(DueJob due, double atSecond, PlannerOptions? options = null) =>
        new OccurrencePlanner(options ?? Options, new SystemRandomBytes(), new ScheduleClock(TimeProvider.System)).Decide(
            due,
            Noon.AddSeconds(atSecond)
        );

    public static string Read(DueJob due, JobPlan plan)
    {
        var parts = plan
            .Runs.Select(run => (run.DueAt, Text: $"{(run.Held ? "hold" : "run")} {Second(run.DueAt)}"))
            .Concat(plan.Skips.Select(skip => (DueAt: skip.First, Text: Skip(skip))))
            .OrderBy(part => part.DueAt)
            .Select(part => part.Text)
            .Concat(plan.Supersede.Select(id => $"drop {Letter(due, id)}"))
            .Concat(plan.Cancel.Select(id => $"cancel {Letter(due, id)}"));
        return string.Join(", ", parts);
    }

    public static string Read(DueJob due, EnqueueDecision decision) =>
        decision switch
        {
            { Accepted: false, Blocking: { } blocking } => $"refused {due.Hot.Single(run => run.Id == blocking).State.ToString()[0]}",
            { Held: true, Cancel: [var cancelled] } => $"held, cancel {due.Hot.Single(run => run.Id == cancelled).State.ToString()[0]}",
            { Held: true } => "held",
            _ => "ready",
        };

    private static string Skip(SkippedStretch skip)
    {
        var verb = skip.Extends ? "more" : "skip";
        var range = skip.Count == 1 ? Second(skip.First) : $"{Second(skip.First)}-{Second(skip.Last)} x{skip.Count}";
        return $"{verb} {skip.Reason} {range}";
    }

    private static string Second(DateTimeOffset at) => $"{(at - Noon).TotalSeconds:0}";

    private static char Letter(DueJob due, Guid id)
    {
        var run = due.Hot.Single(run => run.Id == id);
        return run switch
        {
            { State: RunState.Running } => 'R',
            { Held: true } => 'h',
            { Attempt: > 0 } => 'w',
            { Trigger: RunTrigger.Manual } => 'm',
            _ => 'r',
        };
    }

    private static HotRun Hot(char letter, int index)
    {
        var dueAt = Noon.AddSeconds(-60 + index);
        var run = new HotRun(
            RunId.New(dueAt, new SystemRandomBytes()),
            dueAt,
            RunTrigger.Schedule,
            RunState.Pending,
            Attempt: 0,
            Held: false
        );
        return letter switch
        {
            'R' => run with { State = RunState.Running, Attempt = 1 },
            'r' => run,
            'h' => run with { Held = true },
            'w' => run with { Attempt = 1 },
            'm' => run with { Trigger = RunTrigger.Manual },
            _ => throw new ArgumentOutOfRangeException(nameof(letter), letter, "R, r, h, w or m."),
        };
    }
}
