using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pontual.Server.Api;

internal static partial class ProblemMiddlewareLog
{
    [LoggerMessage(
        EventId = 5201,
        Level = LogLevel.Error,
        Message = "{Method} {Path} failed and was answered with 500, reference {Reference}"
    )]
    public static partial void Unexpected(this ILogger logger, Exception problem, string method, PathString path, string reference);
}
