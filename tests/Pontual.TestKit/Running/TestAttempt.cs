using System.Text.Json;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.TestKit.Running;

/// <summary>An attempt made for a runner alone: nothing of it is in a store.</summary>
public static class TestAttempt
{
    /// <summary>When attempts made here were due.</summary>
    public static readonly DateTimeOffset DueAt = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    /// <param name="kind">The target's kind.</param>
    /// <param name="settings">The target's settings, JSON.</param>
    /// <param name="parameters">The run's parameters, JSON; null for none.</param>
    /// <param name="time">The attempt's clock; null for the system's.</param>
    /// <param name="number">Which attempt; its lease token is ten more.</param>
    /// <param name="mayGoOn">Whether its lease holds; null for always.</param>
    /// <param name="tenant">Whose job it is.</param>
    public static AttemptContext Of(
        string kind,
        string settings,
        string? parameters = null,
        TimeProvider? time = null,
        int number = 1,
        Func<bool>? mayGoOn = null,
        TenantName tenant = default
    )
    {
        var clock = time ?? TimeProvider.System;
        var definition = new JobDefinition
        {
            Name = JobName.Parse("nightly").In(tenant),
            Target = new Target(kind, JsonElement.Parse(settings)),
        };
        var job = new Job
        {
            Id = 7,
            Definition = definition,
            Revision = 1,
            Mark = DueAt,
        };
        var run = new Run
        {
            Id = RunId.New(DueAt, new SystemRandomBytes()),
            JobId = job.Id,
            Job = definition.Name,
            Trigger = parameters is null ? RunTrigger.Schedule : RunTrigger.Manual,
            DueAt = DueAt,
            State = RunState.Running,
            Attempt = number,
            Parameters = parameters,
        };
        return new AttemptContext
        {
            Leased = new LeasedRun(run, job, LeaseToken: number + 10, clock.GetUtcNow()),
            Output = new RecordedOutput(),
            StartedAt = clock.GetUtcNow(),
            Time = clock,
            MayGoOn = mayGoOn ?? (static () => true),
        };
    }

    /// <summary>What the attempt printed.</summary>
    public static string Printed(this AttemptContext attempt) => ((RecordedOutput)attempt.Output).Text;
}
