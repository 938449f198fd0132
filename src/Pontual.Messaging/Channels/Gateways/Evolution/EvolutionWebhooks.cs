using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Pontual.Messaging.Channels.Gateways.Evolution;

/// <summary>Reads Evolution's webhooks: <c>event</c>, <c>instance</c>, <c>data</c>. Its <c>date_time</c> is local time that says it is universal: never read.</summary>
internal sealed class EvolutionWebhooks : IWebhookReader
{
    /// <summary>The header that carries the secret that we agreed on.</summary>
    public const string SecretHeader = "x-webhook-secret";

    /// <inheritdoc/>
    public GatewayKind Kind => GatewayKind.Evolution;

    /// <summary>By the header that we asked for, or by the token that Evolution makes of the header <c>jwt_key</c>.</summary>
    /// <remarks>The token's end is not looked at: Evolution makes it once, and tries again for longer than it holds. No body is signed.</remarks>
    public bool IsGenuine(WebhookRequest webhook, string? secret) =>
        secret is null
        || SharedSecret.Matches(webhook.Headers.GetValueOrDefault(SecretHeader), secret)
        || (
            webhook.Headers.GetValueOrDefault("authorization") is { } shown
            && shown.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            && IsSigned(shown["Bearer ".Length..].Trim(), secret)
        );

    /// <inheritdoc/>
    public string? SessionOf(ReadOnlyMemory<byte> body) => LooseJson.Peek(body, "instance");

    /// <inheritdoc/>
    public string? EventOf(ReadOnlyMemory<byte> body) => LooseJson.Peek(body, "event");

    /// <inheritdoc/>
    public IReadOnlyList<GatewayEvent> Read(ReadOnlyMemory<byte> body)
    {
        if (LooseJson.TryParse(body) is not { } json || json.Text("event") is not { } kind)
        {
            throw new WebhookFormatException("it is no JSON object with 'event': Evolution always sends one");
        }

        return EvolutionEvents.Read(json.Text("instance") ?? "", kind, json.Get("data"));
    }

    /// <summary>HS256 and nothing else: a token that names another way of signing is signed by nobody.</summary>
    private static bool IsSigned(string token, string key)
    {
        if (token.Split('.') is not [var head, var claims, var signature])
        {
            return false;
        }

        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{head}.{claims}"));
        return Bytes(head) is { } bytes
            && LooseJson.TryParse(bytes)?.Text("alg") is "HS256"
            && Bytes(signature) is { } shown
            && CryptographicOperations.FixedTimeEquals(shown, expected);
    }

    private static byte[]? Bytes(string part) => Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : null;
}
