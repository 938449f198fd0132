using Microsoft.Extensions.Logging;

namespace Pontual.Messaging.Inbox;

internal static partial class InboxLog
{
    [LoggerMessage(
        EventId = 4101,
        Level = LogLevel.Warning,
        Message = "A webhook of {Gateway} was refused ({Kept}): it is not signed, or does not carry the header, as agreed. Where the secret is wrong, mend it and replay"
    )]
    public static partial void WebhookRefused(this ILogger logger, GatewayKey gateway, string kept);

    [LoggerMessage(
        EventId = 4102,
        Level = LogLevel.Warning,
        Message = "Webhook {Id} of {Gateway} could not be read and was kept as failed: 'pontual webhooks show {Id}' says why"
    )]
    public static partial void WebhookFailed(this ILogger logger, Guid id, GatewayKey gateway);

    [LoggerMessage(
        EventId = 4103,
        Level = LogLevel.Warning,
        Message = "{Count} webhooks could not be taken in together, and are taken in one by one: one of them may be the reason"
    )]
    public static partial void OneByOne(this ILogger logger, Exception problem, int count);
}
