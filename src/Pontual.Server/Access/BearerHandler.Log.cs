using System.Net;
using Microsoft.Extensions.Logging;

namespace Pontual.Server.Access;

internal static partial class BearerHandlerLog
{
    [LoggerMessage(EventId = 5101, Level = LogLevel.Warning, Message = "A token from {Address} was refused: {Why}")]
    public static partial void TokenRefused(this ILogger logger, IPAddress? address, string why);
}
