using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Nodes;

internal static partial class NodeLeaseLog
{
    [LoggerMessage(EventId = 1601, Level = LogLevel.Information, Message = "This process is node {Node}")]
    public static partial void Entered(this ILogger logger, string node);

    [LoggerMessage(
        EventId = 1602,
        Level = LogLevel.Error,
        Message = "Node {Node} lost its lease ({Since} since its last renewal): all its attempts are stopped and their results dropped; it enters anew"
    )]
    public static partial void LeaseLost(this ILogger logger, string node, TimeSpan since);

    [LoggerMessage(EventId = 1603, Level = LogLevel.Warning, Message = "Node {Node} ended without leaving: what it held is taken over now")]
    public static partial void PredecessorDead(this ILogger logger, string node);

    [LoggerMessage(
        EventId = 1604,
        Level = LogLevel.Warning,
        Message = "The clock was set by {By}: due times follow it; leases go by elapsed time, and nobody is declared dead until all could renew"
    )]
    public static partial void ClockJumped(this ILogger logger, TimeSpan by);

    [LoggerMessage(
        EventId = 1605,
        Level = LogLevel.Warning,
        Message = "This machine's clock was set by {By}, or it slept: due times go by the database's, and nothing is begun until the lease is confirmed"
    )]
    public static partial void MachineClockJumped(this ILogger logger, TimeSpan by);

    [LoggerMessage(
        EventId = 1606,
        Level = LogLevel.Warning,
        Message = "This machine's clock is {Offset} off the database's: due times go by the database's; let NTP set this one"
    )]
    public static partial void ClockIsOff(this ILogger logger, TimeSpan offset);

    [LoggerMessage(
        EventId = 1607,
        Level = LogLevel.Information,
        Message = "This machine's clock agrees with the database's again ({Offset} off)"
    )]
    public static partial void ClockAgrees(this ILogger logger, TimeSpan offset);
}
