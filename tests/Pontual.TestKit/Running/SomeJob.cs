using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;

namespace Pontual.TestKit.Running;

/// <summary>Jobs and runs for tests that care about one property of them.</summary>
public static class SomeJob
{
    /// <summary>A job "every minute" that a handler named as it runs; <paramref name="change"/> it as the test needs.</summary>
    public static JobDefinition Definition(string name = "sync", Func<JobDefinition, JobDefinition>? change = null)
    {
        var definition = new JobDefinition
        {
            Name = JobName.Parse(name),
            Schedule = new EverySchedule(TimeSpan.FromMinutes(1)),
            Target = new Target("handler", JsonElement.Parse($$"""{"name":"{{name}}"}""")),
        };
        return change is null ? definition : change(definition);
    }

    /// <summary>A stored job whose occurrences up to <paramref name="mark"/> are accounted for.</summary>
    public static Job Stored(JobDefinition definition, DateTimeOffset mark, Pause? paused = null) =>
        new()
        {
            Id = 7,
            Definition = definition,
            Revision = 1,
            Mark = mark,
            NextDue = definition.Schedule.Next(mark),
            Paused = paused,
        };

    /// <summary>A run of the job, claimed with token <paramref name="attempt"/> + 10.</summary>
    public static LeasedRun Leased(JobDefinition definition, DateTimeOffset dueAt, int attempt = 1)
    {
        var run = new Run
        {
            Id = RunId.New(dueAt, new SystemRandomBytes()),
            JobId = 7,
            Job = definition.Name,
            Trigger = RunTrigger.Schedule,
            DueAt = dueAt,
            State = RunState.Running,
            Attempt = attempt,
            StartedAt = dueAt,
            Node = "a-1-00000000",
        };
        return new LeasedRun(run, Stored(definition, dueAt), attempt + 10, dueAt);
    }
}
