using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Claiming;

internal static partial class ClaimerLog
{
    [LoggerMessage(EventId = 1201, Level = LogLevel.Debug, Message = "Claimed {Runs} runs as node {Node}")]
    public static partial void Claimed(this ILogger logger, int runs, string node);
}
