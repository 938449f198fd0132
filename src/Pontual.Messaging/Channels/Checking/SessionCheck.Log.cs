using Microsoft.Extensions.Logging;

namespace Pontual.Messaging.Channels.Checking;

internal static partial class SessionCheckLog
{
    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "Gateway {Gateway} could not be asked for its sessions: {Detail}")]
    public static partial void GatewayNotAsked(this ILogger logger, string gateway, string detail);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Information, Message = "Channel {Channel}: {News}")]
    public static partial void ChannelNews(this ILogger logger, string channel, string news);

    [LoggerMessage(
        EventId = 4103,
        Level = LogLevel.Warning,
        Message = "Messages that channel {Channel} missed could not be looked for: {Detail}"
    )]
    public static partial void GapNotLookedFor(this ILogger logger, string channel, string detail);
}
