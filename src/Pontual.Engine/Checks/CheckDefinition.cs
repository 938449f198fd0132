using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Freshness;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Checks;

/// <summary>A job that something else runs, as a person wrote it down: when it is to report, and how late it may. Its JSON shape is <see cref="CheckDocument"/>'s.</summary>
public sealed record CheckDefinition
{
    /// <summary>Unique among the checks of its tenant; a job may have the same name.</summary>
    public required JobName Name { get; init; }

    /// <summary>One line for people; null when not given.</summary>
    public string? Description { get; init; }

    /// <summary>When it reports: a period since its last report (<see cref="EverySchedule"/>), or the times of a cron expression.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>The schedule as it was written.</summary>
    public required JsonElement ScheduleDocument { get; init; }

    /// <summary>How long after its due time a report may come, and how long a run may take; null means by the schedule's own frequency (S5-06).</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>Words to sort checks by; at most <see cref="CheckDocument.MostTags"/>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The same check in another tenant.</summary>
    public CheckDefinition In(TenantName tenant) => tenant == Name.Tenant ? this : this with { Name = Name.In(tenant) };

    /// <summary>The grace that holds.</summary>
    /// <param name="now">The schedule's frequency is looked at from here on.</param>
    public TimeSpan GraceAt(DateTimeOffset now) => Grace ?? Slack.Of(Schedule, now);

    /// <summary>When the next report is due after one that came at an instant; null when none is any more.</summary>
    /// <remarks>A period counts from the report itself. A report that comes just ahead of a time of a cron expression, by a clock that is a little fast, counts for that time.</remarks>
    public DateTimeOffset? DueAfter(DateTimeOffset report)
    {
        if (Schedule is EverySchedule every)
        {
            return new DelaySchedule(every.Period) { Terms = Schedule.Terms, Zone = Schedule.Zone }.Next(report);
        }

        return Schedule.Next(report) is { } due && due - report <= Early(report) ? Schedule.Next(due) : Schedule.Next(report);
    }

    /// <summary>How far ahead of its time a report may come: a minute at most, and little against the schedule's own period.</summary>
    private TimeSpan Early(DateTimeOffset report)
    {
        var most = TimeSpan.FromMinutes(1);
        return Slack.PeriodOf(Schedule, report) / 10 is { } part && part < most ? part : most;
    }
}
