namespace Pontual.Client;

/// <summary>Webhooks as gateways sent them.</summary>
public sealed class WebhookOperations
{
    private const string Path = "api/v1/webhooks";

    private readonly Wire _wire;

    internal WebhookOperations(Wire wire) => _wire = wire;

    /// <summary>A page of webhooks, newest first.</summary>
    /// <param name="state"><c>received</c>, <c>read</c>, <c>failed</c> or <c>refused</c>; null for all.</param>
    /// <param name="gateway">Of this gateway; null for all.</param>
    /// <param name="session">About this session; null for all.</param>
    /// <param name="from">From this instant on; null for all.</param>
    /// <param name="to">Before this instant; null for all.</param>
    /// <param name="cursor">Where the page before ended; null for the first page.</param>
    /// <param name="limit">Most webhooks on it, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListWebhooks")]
    public Task<Page<Webhook>> ListAsync(
        string? state = null,
        string? gateway = null,
        string? session = null,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null,
        string? cursor = null,
        int? limit = null,
        CancellationToken cancellation = default
    ) =>
        _wire.SendAsync<Page<Webhook>>(
            Call.Get(
                Path,
                ("state", state),
                ("gateway", gateway),
                ("session", session),
                ("from", from),
                ("to", to),
                ("cursor", cursor),
                ("limit", limit)
            ),
            cancellation
        );

    /// <summary>A webhook with what came.</summary>
    /// <param name="webhook">Its id.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowWebhook")]
    public Task<WebhookDetail> GetAsync(string webhook, CancellationToken cancellation = default) =>
        _wire.SendAsync<WebhookDetail>(Call.Get($"{Path}/{Call.Part(webhook)}"), cancellation);

    /// <summary>Lets webhooks be read again: what they told before is told once.</summary>
    /// <param name="wish">Which.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ReplayWebhooks")]
    public Task<WebhooksReplayed> ReplayAsync(ReplayWish wish, CancellationToken cancellation = default) =>
        _wire.SendAsync<WebhooksReplayed>(Call.Post($"{Path}/replay", wish), cancellation);
}
