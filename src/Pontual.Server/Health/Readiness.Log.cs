using Microsoft.Extensions.Logging;

namespace Pontual.Server.Health;

internal static partial class ReadinessLog
{
    [LoggerMessage(EventId = 5301, Level = LogLevel.Warning, Message = "Not ready: the database does not answer")]
    public static partial void NotReady(this ILogger logger, Exception problem);
}
