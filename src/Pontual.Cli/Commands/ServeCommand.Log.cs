using Microsoft.Extensions.Logging;

namespace Pontual.Cli.Commands;

internal static partial class ServeCommandLog
{
    [LoggerMessage(EventId = 5002, Level = LogLevel.Information, Message = "The environment variable {Name} is set; nothing here reads it")]
    public static partial void VariableIgnored(this ILogger logger, string name);
}
