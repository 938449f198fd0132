using Microsoft.Extensions.Options;

namespace Pontual.Engine.Hosting;

/// <summary>Says everything that is wrong with the engine's settings at once, each with its name and what is allowed.</summary>
internal sealed class EngineOptionsRules : IValidateOptions<EngineOptions>
{
    public ValidateOptionsResult Validate(string? name, EngineOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        void Range<T>(string setting, T value, T least, T most)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                problems.AddError($"Pontual:{setting} is {value}: use {least} to {most}.");
            }
        }

        if (options.Roles is NodeRoles.None || (options.Roles & ~NodeRoles.All) != NodeRoles.None)
        {
            problems.AddError($"Pontual:Roles is '{options.Roles}': use one or more of Api, Scheduler and Worker, or All.");
        }

        Range("Host (its length)", options.Host.Length, 1, 100);
        Range("DrainTime", options.DrainTime, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Range("SafetyPoll", options.SafetyPoll, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        Range("Planner:MissedAfter", options.Planner.MissedAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Range("Planner:LookAhead", options.Planner.LookAhead, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Range("Claiming:ArmAhead", options.Claiming.ArmAhead, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Range("Planner:BatchSize", options.Planner.BatchSize, 1, 10_000);
        Range("Planner:MostRuns", options.Planner.MostRuns, 1, 10_000);
        Range("Planner:MostOccurrences", options.Planner.MostOccurrences, 1, 10_000_000);
        Range("Claiming:Concurrency", options.Claiming.Concurrency, 1, 10_000);
        Range("Claiming:BatchSize", options.Claiming.BatchSize, 1, 10_000);
        Range("Upkeep:StuckAfter", options.Upkeep.StuckAfter, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        Range("Upkeep:KeepHistory", options.Upkeep.KeepHistory, TimeSpan.FromHours(1), TimeSpan.FromDays(3_653));
        Range("Upkeep:KeepEvents", options.Upkeep.KeepEvents, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        Range("Upkeep:MostEvents", options.Upkeep.MostEvents, 1_000, 1_000_000_000);
        foreach (var queue in options.Claiming.Queues)
        {
            Range($"Claiming:Queues:{queue.Key}", queue.Value, 0, 10_000);
        }

        Lease(options, problems, Range);
        return problems.Build();
    }

    private static void Lease(
        EngineOptions options,
        ValidateOptionsResultBuilder problems,
        Action<string, TimeSpan, TimeSpan, TimeSpan> range
    )
    {
        var lease = options.Lease;
        range("Lease:Duration", lease.Duration, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(10));
        range("Lease:RenewEvery", lease.RenewEvery, TimeSpan.FromMilliseconds(100), lease.Duration / 3);
        if (lease.StopAfter < 2 * lease.RenewEvery || lease.StopAfter > lease.Duration * 0.8)
        {
            problems.AddError(
                $"Pontual:Lease:StopAfter is {lease.StopAfter}: use at least twice RenewEvery ({lease.RenewEvery}), so that one lost renewal "
                    + $"stops nothing, and at most 80 % of Duration ({lease.Duration}), so that all has stopped before others take over."
            );
        }
    }
}
