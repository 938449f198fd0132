using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Hosting;

internal static partial class PontualNodeLog
{
    [LoggerMessage(
        EventId = 1611,
        Level = LogLevel.Information,
        Message = "Stopping: no more work is taken, {Active} attempts may end by themselves within {DrainTime}, the rest is given back"
    )]
    public static partial void Draining(this ILogger logger, int active, TimeSpan drainTime);

    [LoggerMessage(
        EventId = 1612,
        Level = LogLevel.Warning,
        Message = "The store could not be told that this node leaves: what it held is taken over when its lease ends"
    )]
    public static partial void LeftWithoutWord(this ILogger logger, Exception problem);
}
