using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.CloudApi;

/// <summary>Reads Meta's webhooks: entries with changes, each of one field; several messages and statuses may come at once, in any order, and again.</summary>
internal sealed class CloudApiWebhooks : IWebhookReader
{
    private const string SignatureHeader = "x-hub-signature-256";
    private const string Scheme = "sha256=";

    // {"entry":[{"changes":[{"field":…,"value":{"metadata":{"phone_number_id":…}}}]}]}
    private const int DepthOfField = 5;
    private const int DepthOfNumber = 7;

    /// <inheritdoc/>
    public GatewayKind Kind => GatewayKind.CloudApi;

    /// <summary>Signed with the app's secret over the bytes as they came: JSON that was read and written again signs otherwise.</summary>
    public bool IsGenuine(WebhookRequest webhook, string? secret)
    {
        if (secret is null)
        {
            return true;
        }

        var said = webhook.Headers.GetValueOrDefault(SignatureHeader);
        return said?.StartsWith(Scheme, StringComparison.Ordinal) is true
            && SharedSecret.SignatureMatches(said[Scheme.Length..], HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), webhook.Body.Span));
    }

    /// <inheritdoc/>
    public string? SessionOf(ReadOnlyMemory<byte> body) => LooseJson.Peek(body, "phone_number_id", DepthOfNumber);

    /// <inheritdoc/>
    public string? EventOf(ReadOnlyMemory<byte> body) => LooseJson.Peek(body, "field", DepthOfField);

    /// <inheritdoc/>
    public IReadOnlyList<GatewayEvent> Read(ReadOnlyMemory<byte> body)
    {
        if (LooseJson.TryParse(body) is not { } json || json.Get("entry") is not { ValueKind: JsonValueKind.Array } entries)
        {
            throw new WebhookFormatException("it is no JSON object with a list 'entry': Meta always sends one");
        }

        return [.. entries.EnumerateArray().SelectMany(entry => entry.Items("changes")).SelectMany(Events)];
    }

    private static IEnumerable<GatewayEvent> Events(JsonElement change)
    {
        var field = change.Text("field") ?? throw new WebhookFormatException("a change without a 'field'");
        var value = change.Get("value") ?? throw new WebhookFormatException($"a change of '{field}' without a 'value'");
        return field switch
        {
            "messages" or "smb_message_echoes" => CloudApiTraffic.Read(field, value),
            "phone_number_quality_update" => [CloudApiAccounts.Quality(value)],
            "account_update" => [CloudApiAccounts.Account(value)],
            _ => [new GatewayEvent.Other(value.Text("metadata", "phone_number_id") ?? "", field)],
        };
    }
}
