using Microsoft.Extensions.Logging;

namespace Pontual.Server.Realtime;

internal static partial class EventHubLog
{
    [LoggerMessage(EventId = 5501, Level = LogLevel.Warning, Message = "The event log could not be read; listeners wait until it can")]
    public static partial void LogNotRead(this ILogger logger, Exception problem);
}
