using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Handler;

internal static partial class HandlerRunnerLog
{
    [LoggerMessage(
        EventId = 3301,
        Level = LogLevel.Warning,
        Message = "The handler of run {RunId} of {Job} did not stop within {Grace} of its cancellation; it goes on in the background, beside later attempts"
    )]
    public static partial void HandlerLeftBehind(this ILogger logger, Guid runId, JobName job, TimeSpan grace);
}
