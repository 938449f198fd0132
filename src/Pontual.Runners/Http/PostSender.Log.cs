using Microsoft.Extensions.Logging;

namespace Pontual.Runners.Http;

internal static partial class PostSenderLog
{
    [LoggerMessage(EventId = 3041, Level = LogLevel.Warning, Message = "HTTP requests that SQL asked for could not be taken; they wait")]
    public static partial void PostsNotTaken(this ILogger logger, Exception problem);

    [LoggerMessage(
        EventId = 3042,
        Level = LogLevel.Warning,
        Message = "What HTTP request {Post} of SQL came to could not be kept: it will be sent again"
    )]
    public static partial void PostNotKept(this ILogger logger, long post, Exception problem);
}
