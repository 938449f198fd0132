namespace Pontual.Client;

/// <summary>What a gateway told.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Gateway">The gateway's name.</param>
/// <param name="Kind">Which protocol it speaks.</param>
/// <param name="Session">The session that it is about, as far as a glance told.</param>
/// <param name="Event">The gateway's word for what happened, as far as a glance told.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="State"><c>received</c>, <c>read</c>, <c>failed</c> or <c>refused</c>.</param>
/// <param name="Size">Its body's size in bytes.</param>
/// <param name="Error">Why it failed or was refused; null otherwise.</param>
/// <param name="Tries">How many times it was read.</param>
/// <param name="ReadAt">When it was last read; null when it was not.</param>
public sealed record Webhook(
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
);

/// <summary>A webhook with what came.</summary>
/// <param name="Webhook">Where it stands.</param>
/// <param name="Headers">Those of its headers that were kept.</param>
/// <param name="Payload">Its text; null where it is none.</param>
/// <param name="PayloadBase64">Its bytes, where they are no text; null otherwise.</param>
public sealed record WebhookDetail(Webhook Webhook, IReadOnlyDictionary<string, string> Headers, string? Payload, string? PayloadBase64);

/// <summary>Which webhooks are to be read again: one by its id, or those that the others name.</summary>
public sealed record ReplayWish
{
    /// <summary>This one.</summary>
    public string? Id { get; init; }

    /// <summary><c>failed</c>, <c>refused</c> or <c>read</c>. Refused ones are read again only where this asks for them.</summary>
    public string? State { get; init; }

    /// <summary>Of this gateway.</summary>
    public string? Gateway { get; init; }

    /// <summary>About this session.</summary>
    public string? Session { get; init; }

    /// <summary>That came from this instant on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>That came before this instant.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>What came of replaying.</summary>
/// <param name="Replayed">How many webhooks are read again.</param>
public sealed record WebhooksReplayed(long Replayed);
