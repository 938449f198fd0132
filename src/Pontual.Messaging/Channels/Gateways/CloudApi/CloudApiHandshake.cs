using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Pontual.Messaging.Channels.Gateways.CloudApi;

/// <summary>How Meta asks whether an address wants its webhooks: a GET with <c>hub.mode=subscribe</c>, a token that both sides know, and a challenge to give back.</summary>
public static class CloudApiHandshake
{
    /// <summary>The answer to Meta's question.</summary>
    /// <param name="mode">What came as <c>hub.mode</c>.</param>
    /// <param name="token">What came as <c>hub.verify_token</c>.</param>
    /// <param name="challenge">What came as <c>hub.challenge</c>.</param>
    /// <param name="expected">The token that is agreed.</param>
    /// <returns>The challenge, to be answered with 200 as plain text; null to refuse.</returns>
    public static string? Answer(string? mode, string? token, string? challenge, string expected) =>
        mode == "subscribe" && expected.Length > 0 && SharedSecret.Matches(token, expected) ? challenge : null;

    /// <summary>The token for an address of ours, whose last part is its key. It follows from the key, so that nobody has to keep it, and does not tell the key.</summary>
    public static string TokenOf(Uri webhook) => TokenOf(Uri.UnescapeDataString(webhook.Segments[^1].TrimEnd('/')));

    /// <summary>The token for the address with that key.</summary>
    public static string TokenOf(string key) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), "pontual webhook verify token"u8))[..32];
}
