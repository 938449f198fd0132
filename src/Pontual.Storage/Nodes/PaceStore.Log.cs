using Microsoft.Extensions.Logging;

namespace Pontual.Storage.Nodes;

internal static partial class PaceStoreLog
{
    [LoggerMessage(
        EventId = 1621,
        Level = LogLevel.Warning,
        Message = "TEST MODE: due times go {Speed} times as fast as real time, in all nodes of this database; by the schedules it is now {Now:u}"
    )]
    public static partial void AtSpeed(this ILogger logger, int speed, DateTimeOffset now);
}
