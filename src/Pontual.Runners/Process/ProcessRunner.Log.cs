using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Process;

internal static partial class ProcessRunnerLog
{
    [LoggerMessage(
        EventId = 3201,
        Level = LogLevel.Error,
        Message = "Run {RunId} of {Job}: {Processes} could not be ended, by SIGKILL either; they hang in the kernel or this node has no right over them"
    )]
    public static partial void ProcessesSurvive(this ILogger logger, Guid runId, JobName job, string processes);

    [LoggerMessage(
        EventId = 3202,
        Level = LogLevel.Warning,
        Message = "Processes run without a supervisor: {Why}. What this node runs would outlive it if it were killed"
    )]
    public static partial void NoSupervisor(this ILogger logger, string why);
}
