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
}
