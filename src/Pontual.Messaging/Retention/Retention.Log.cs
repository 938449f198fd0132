using Microsoft.Extensions.Logging;

namespace Pontual.Messaging.Retention;

internal static partial class RetentionLog
{
    [LoggerMessage(EventId = 4104, Level = LogLevel.Information, Message = "Deleted {Count} {What} from before {Before:u}")]
    public static partial void Pruned(this ILogger logger, int count, string what, DateTimeOffset before);
}
