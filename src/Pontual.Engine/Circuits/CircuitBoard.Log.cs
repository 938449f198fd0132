using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Circuits;

internal static partial class CircuitBoardLog
{
    [LoggerMessage(
        EventId = 1310,
        Level = LogLevel.Warning,
        Message = "The circuit of {Name} (tenant {Tenant}) is open: {Reason}. Calls are refused; a probe goes in {OpenFor}"
    )]
    public static partial void CircuitOpened(this ILogger logger, string name, string tenant, string reason, TimeSpan openFor);

    [LoggerMessage(
        EventId = 1311,
        Level = LogLevel.Information,
        Message = "The circuit of {Name} (tenant {Tenant}) is closed again: the probe went well"
    )]
    public static partial void CircuitClosed(this ILogger logger, string name, string tenant);

    [LoggerMessage(EventId = 1312, Level = LogLevel.Warning, Message = "The circuits could not be read: this node goes by what it knew")]
    public static partial void CircuitsNotRead(this ILogger logger, Exception problem);

    [LoggerMessage(
        EventId = 1313,
        Level = LogLevel.Warning,
        Message = "A change of the circuit of {Name} could not be written: it holds on this node alone"
    )]
    public static partial void CircuitNotWritten(this ILogger logger, string name, Exception problem);

    [LoggerMessage(
        EventId = 1314,
        Level = LogLevel.Warning,
        Message = "No turns of the rate of {Name} could be taken: calls wait a second"
    )]
    public static partial void TurnsNotTaken(this ILogger logger, string name, Exception problem);

    [LoggerMessage(
        EventId = 1315,
        Level = LogLevel.Information,
        Message = "{Name} (tenant {Tenant}) answered 429: nobody calls it before {Until:O}"
    )]
    public static partial void CallsHeld(this ILogger logger, string name, string tenant, DateTimeOffset until);
}
