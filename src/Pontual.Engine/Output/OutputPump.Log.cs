using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Output;

internal static partial class OutputPumpLog
{
    [LoggerMessage(
        EventId = 1701,
        Level = LogLevel.Warning,
        Message = "The store did not take {Pieces} pieces of output; they are kept in memory and tried again"
    )]
    public static partial void StoreRefusesOutput(this ILogger logger, Exception problem, int pieces);
}
