using Pontual.Messaging.Channels.Gateways.CloudApi;

namespace Pontual.Messaging.Inbox;

/// <summary>Where a gateway's webhooks come in.</summary>
public static class WebhookAddress
{
    /// <summary>The path of a gateway's webhooks on this server, without a slash in front.</summary>
    public static string PathOf(string key) => $"webhooks/{key}";

    /// <summary>What Meta is to say when it looks whether the address is ours. It follows from the address's key, so that nobody has to keep it.</summary>
    public static string VerifyTokenOf(string key) => CloudApiHandshake.TokenOf(key);
}
