using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Pacing;

internal static partial class LoopLog
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "{Room} failed and tries again in {Backoff}")]
    public static partial void StepFailed(this ILogger logger, Exception problem, string room, TimeSpan backoff);
}
