namespace Pontual.Messaging.Channels.Gateways.CloudApi;

/// <summary>How Meta asks whether an address wants its webhooks: a GET with <c>hub.mode=subscribe</c>, a token that both sides know, and a challenge to give back.</summary>
public static class CloudApiHandshake
{
    /// <summary>The answer to Meta's question.</summary>
    /// <param name="mode">What came as <c>hub.mode</c>.</param>
    /// <param name="token">What came as <c>hub.verify_token</c>.</param>
    /// <param name="challenge">What came as <c>hub.challenge</c>.</param>
    /// <param name="expected">The token that is agreed.</param>
    /// <returns>The challenge, to be answered with 200 as plain text; null to answer 403.</returns>
    public static string? Answer(string? mode, string? token, string? challenge, string expected) =>
        mode == "subscribe" && expected.Length > 0 && SharedSecret.Matches(token, expected) ? challenge : null;

    /// <summary>The token for an address of ours: its last part, which is the key that nobody else knows. Whoever enters the address at Meta by hand enters this beside it.</summary>
    public static string TokenOf(Uri webhook) => Uri.UnescapeDataString(webhook.Segments[^1].TrimEnd('/'));
}
