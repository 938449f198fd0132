using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;

namespace Pontual.Engine.Planning;

internal static partial class PlannerLog
{
    [LoggerMessage(EventId = 1101, Level = LogLevel.Debug, Message = "Planned {Jobs} due jobs: {Runs} runs added")]
    public static partial void Planned(this ILogger logger, int jobs, int runs);

    [LoggerMessage(
        EventId = 1102,
        Level = LogLevel.Error,
        Message = "The schedule of {Job} could not be computed: nothing was planned for it, and it is tried again in {Pause}"
    )]
    public static partial void ScheduleDefect(this ILogger logger, Exception problem, JobName job, TimeSpan pause);
}
