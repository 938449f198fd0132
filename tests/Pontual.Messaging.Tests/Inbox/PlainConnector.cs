using System.Text.Json;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Tests.Inbox;

/// <summary>A gateway with the plainest webhooks there can be, so that tests of the inbox say what came without the words of a real one. A webhook is a JSON
/// object: <c>session</c>, <c>event</c>, and for <c>message</c> <c>id</c>, <c>chat</c>, <c>text</c>, <c>ours</c>, <c>at</c>; for <c>ack</c> <c>id</c> and
/// <c>level</c>. The header <c>x-webhook-secret</c> carries the secret.</summary>
internal sealed class PlainConnector : IGatewayConnector, IWebhookReader
{
    public GatewayKind Kind => GatewayKind.Wrapper;

    public IWebhookReader Webhooks => this;

    public Gateway Open(GatewayLine line) => throw new NotSupportedException("Only its webhooks are used.");

    public static byte[] Message(
        string session,
        string id,
        string text = "oi",
        bool ours = false,
        string chat = "5511999990000@c.us",
        DateTimeOffset at = default
    ) =>
        Bytes(
            new
            {
                session,
                @event = "message",
                id,
                chat,
                at = at.ToUnixTimeMilliseconds(),
                text,
                ours,
            }
        );

    public static byte[] Ack(string session, string id, AckLevel level, RejectionCause? cause = null) =>
        Bytes(
            new
            {
                session,
                @event = "ack",
                id,
                level = (int)level,
                cause = cause?.ToString(),
            }
        );

    public static byte[] Bytes(object webhook) => JsonSerializer.SerializeToUtf8Bytes(webhook);

    public bool IsGenuine(WebhookRequest webhook, string? secret) =>
        secret is null || webhook.Headers.GetValueOrDefault("x-webhook-secret") == secret;

    public string? SessionOf(ReadOnlyMemory<byte> body) => TextOf(body, "session");

    public string? EventOf(ReadOnlyMemory<byte> body) => TextOf(body, "event");

    public IReadOnlyList<GatewayEvent> Read(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        var session = root.GetProperty("session").GetString()!;
        return root.GetProperty("event").GetString() switch
        {
            "message" =>
            [
                new GatewayEvent.MessageSeen(
                    session,
                    new SessionMessage(
                        root.GetProperty("id").GetString()!,
                        root.GetProperty("ours").GetBoolean(),
                        root.GetProperty("chat").GetString()!,
                        DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("at").GetInt64())
                    )
                    {
                        Text = root.GetProperty("text").GetString(),
                        IsGroup = root.GetProperty("chat").GetString()!.EndsWith("@g.us", StringComparison.Ordinal),
                    }
                ),
            ],
            "ack" =>
            [
                new GatewayEvent.MessageAcked(session, root.GetProperty("id").GetString()!, (AckLevel)root.GetProperty("level").GetInt32())
                {
                    Cause = Enum.TryParse<RejectionCause>(root.GetProperty("cause").GetString(), out var cause) ? cause : null,
                },
            ],
            "odd" => throw new WebhookFormatException("this one is odd"),
            var other => [new GatewayEvent.Other(session, other ?? "")],
        };
    }

    private static string? TextOf(ReadOnlyMemory<byte> body, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty(name).GetString();
        }
        catch (Exception)
        {
            return null;
        }
    }
}
