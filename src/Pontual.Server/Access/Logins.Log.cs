using System.Net;
using Microsoft.Extensions.Logging;

namespace Pontual.Server.Access;

internal static partial class LoginsLog
{
    // Not the name: people type passwords into the wrong field.
    [LoggerMessage(EventId = 5102, Level = LogLevel.Warning, Message = "A login from {Address} was refused: wrong {What}")]
    public static partial void LoginRefused(this ILogger logger, IPAddress? address, string what);
}
