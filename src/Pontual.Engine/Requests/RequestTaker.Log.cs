using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Requests;

internal static partial class RequestTakerLog
{
    [LoggerMessage(
        EventId = 1102,
        Level = LogLevel.Warning,
        Message = "Request '{Kind}' {Request} for {Job}, asked for by {By} in SQL, was refused: {Reason}"
    )]
    public static partial void RequestRefused(this ILogger logger, string kind, Guid request, string job, string by, string reason);
}
