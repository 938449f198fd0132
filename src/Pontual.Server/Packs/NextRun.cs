using System.Globalization;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;

namespace Pontual.Server.Packs;

/// <summary>When a job runs next, for people: local time with the zone named .</summary>
internal static class NextRun
{
    public static string Of(JobDefinition job, DateTimeOffset now)
    {
        if (job.Schedule is ManualSchedule)
        {
            return "when asked";
        }

        var zone = job.Schedule is CronSchedule cron ? cron.Zone : Zone.Default;
        return job.Schedule.Next(now) is { } next
            ? string.Create(CultureInfo.InvariantCulture, $"{zone.ToLocal(next):yyyy-MM-dd HH:mm:ss zzz} ({zone.Id})")
            : "never";
    }
}
