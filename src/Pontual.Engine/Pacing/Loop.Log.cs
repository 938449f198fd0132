using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Pacing;

internal static partial class LoopLog
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "{Room} failed and tries again in {Backoff}")]
    public static partial void StepFailed(this ILogger logger, Exception problem, string room, TimeSpan backoff);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "{Room} works again after {Failures} failures in a row")]
    public static partial void StepWorks(this ILogger logger, string room, int failures);
}
