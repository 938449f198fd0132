using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Runs;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Inbox;

/// <summary>Takes webhooks in: keeps them as they came, and leaves reading them for later, so that the gateway has its answer in milliseconds.</summary>
public sealed class WebhookIntake
{
    private const int LongestWord = 200;
    private const int LongestHeader = 1_000;

    /// <summary>A shorter secret would blot out what is none.</summary>
    private const int ShortestSecret = 6;

    private static readonly string[] Harmless =
    [
        "content-type",
        "user-agent",
        "x-event-type",
        "x-hub-signature",
        "x-hub-signature-256",
        "x-instance-id",
        "x-instance-name",
        "x-request-id",
        "x-timestamp",
    ];

    private static readonly string[] Telltale = ["auth", "key", "password", "secret", "token"];

    private readonly IWebhookLog _log;
    private readonly WebhookReaders _readers;
    private readonly InboxBell _bell;
    private readonly IRandomBytes _random;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookIntake> _logger;

    internal WebhookIntake(
        IWebhookLog log,
        WebhookReaders readers,
        InboxBell bell,
        IRandomBytes random,
        TimeProvider time,
        ILogger<WebhookIntake> logger
    ) => (_log, _readers, _bell, _random, _time, _logger) = (log, readers, bell, random, time, logger);

    /// <summary>Keeps a webhook. The task ends when it cannot be lost any more.</summary>
    /// <param name="gateway">Whose key it came with.</param>
    /// <param name="webhook">What came.</param>
    /// <param name="cancellation">Stops waiting; it may be kept all the same.</param>
    /// <returns>False when it is not from the gateway. It is kept even so, for whoever mends a wrong secret.</returns>
    public async Task<bool> TakeAsync(GatewayEntry gateway, WebhookRequest webhook, CancellationToken cancellation)
    {
        var reader = _readers.Find(gateway.Kind);
        var isGenuine = reader?.IsGenuine(webhook, gateway.WebhookSecret) ?? false;
        var body = Blotted(webhook.Body, gateway);
        var now = _time.GetUtcNow();
        var taken = new NewWebhook(RunId.New(now, _random), gateway.Key, gateway.Kind, now, Kept(webhook.Headers, gateway), body)
        {
            Session = Glance(webhook.Body, body => reader?.SessionOf(body)),
            Event = Glance(webhook.Body, body => reader?.EventOf(body)),
            IsText = Utf8.IsValid(body.Span) && !body.Span.Contains((byte)0),
            Refusal =
                isGenuine ? null
                : reader is null ? $"this program does not read webhooks of {gateway.Kind.Word()}"
                : "it is not signed, or does not carry the header, as agreed with the gateway: its webhook secret may be another than ours",
        };
        var isKept = await _log.AddAsync(taken, cancellation);
        if (isGenuine)
        {
            _bell.Ring();
        }
        else
        {
            _logger.WebhookRefused(gateway.Key, isKept ? "kept" : "not kept, there are too many");
        }

        return isGenuine;
    }

    /// <summary>A look into what strangers sent: whatever goes wrong with it, the webhook is kept.</summary>
    private static string? Glance(ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, string?> look)
    {
        try
        {
            return InboxText.Clean(look(body), LongestWord);
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>What may be kept of the headers: never a secret, whatever it is called.</summary>
    private static string Kept(IReadOnlyDictionary<string, string> headers, GatewayEntry gateway) =>
        JsonSerializer.Serialize(
            headers
                .Where(header => IsHarmless(header.Key) && !Secrets(gateway).Any(header.Value.Contains))
                .ToDictionary(header => header.Key, header => InboxText.Clean(header.Value, LongestHeader), StringComparer.Ordinal)
        );

    private static bool IsHarmless(string header) =>
        Harmless.Contains(header)
        || (
            header.StartsWith("x-webhook-", StringComparison.Ordinal)
            && !Array.Exists(Telltale, word => header.Contains(word, StringComparison.Ordinal))
        );

    /// <summary>Some gateways send their own key along with events: it is blotted out before anything is kept.</summary>
    private static ReadOnlyMemory<byte> Blotted(ReadOnlyMemory<byte> body, GatewayEntry gateway)
    {
        byte[]? copy = null;
        foreach (var secret in Secrets(gateway))
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(secret);
            for (int at; (at = (copy ?? body).Span.IndexOf(bytes)) >= 0; )
            {
                copy ??= body.ToArray();
                copy.AsSpan(at, bytes.Length).Fill((byte)'*');
            }
        }

        return copy ?? body;
    }

    private static IEnumerable<string> Secrets(GatewayEntry gateway) =>
        gateway
            .Secrets.Append(gateway.WebhookSecret)
            .OfType<string>()
            .Where(secret => secret.Length >= ShortestSecret)
            .SelectMany(Forms)
            .Distinct(StringComparer.Ordinal);

    /// <summary>As it is, as JSON has it (nearly all write as little as they must, PHP <c>\/</c>, .NET <c>\u0026</c>), as a URL has it, and in base64.</summary>
    private static IEnumerable<string> Forms(string secret)
    {
        var escaped = secret.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return
        [
            secret,
            escaped,
            escaped.Replace("/", @"\/", StringComparison.Ordinal),
            JsonEncodedText.Encode(secret).ToString(),
            Uri.EscapeDataString(secret),
            Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret)),
        ];
    }
}
