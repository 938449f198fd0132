using System.Text;
using System.Text.Json;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Inbox;

namespace Pontual.Server.Channels;

/// <summary>A webhook as the API shows it. <c>session</c> and <c>event</c> are what a glance told; <c>error</c> says why it failed or was refused.</summary>
internal sealed record WebhookView(
    Guid Id,
    string Gateway,
    string Kind,
    string? Session,
    string? Event,
    DateTimeOffset ReceivedAt,
    string State,
    int Size,
    string? Error,
    int Tries,
    DateTimeOffset? ReadAt
)
{
    public static WebhookView Of(Webhook webhook) =>
        new(
            webhook.Id,
            webhook.Gateway.Name,
            webhook.Kind.Word(),
            webhook.Session,
            webhook.Event,
            webhook.ReceivedAt,
            webhook.State.ToString().ToLowerInvariant(),
            webhook.Size,
            webhook.Error,
            webhook.Tries,
            webhook.ReadAt
        );
}

/// <summary>A webhook with what came. <c>payload</c> is its text; <c>payload_base64</c> its bytes, where they are none.</summary>
internal sealed record WebhookDetailView(
    WebhookView Webhook,
    IReadOnlyDictionary<string, string> Headers,
    string? Payload,
    string? PayloadBase64
)
{
    public static WebhookDetailView Of(WebhookDetail detail) =>
        new(
            WebhookView.Of(detail.Webhook),
            JsonSerializer.Deserialize<Dictionary<string, string>>(detail.Headers)!,
            detail.IsText ? Encoding.UTF8.GetString(detail.Body) : null,
            detail.IsText ? null : Convert.ToBase64String(detail.Body)
        );
}

/// <summary>How many webhooks are read again.</summary>
internal sealed record WebhooksReplayed(long Replayed);
