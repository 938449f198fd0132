using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;

namespace Pontual.Storage.Runs;

internal static partial class PlanStoreLog
{
    [LoggerMessage(
        EventId = 2101,
        Level = LogLevel.Error,
        Message = "Job {Job} could not be planned; nothing of it was changed, and it is tried again at {NextTry}"
    )]
    public static partial void JobNotPlanned(this ILogger logger, JobName job, DateTimeOffset nextTry, Exception exception);
}
