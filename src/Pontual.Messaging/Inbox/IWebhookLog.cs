using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;

namespace Pontual.Messaging.Inbox;

/// <summary>Keeps webhooks as they came, and lets them be looked at and read again.</summary>
public interface IWebhookLog
{
    /// <summary>Most refused webhooks that are kept of one gateway.</summary>
    const int MostRefused = 1_000;

    /// <summary>Keeps a webhook; the task ends after the commit.</summary>
    /// <returns>False when it is one of too many refused ones, and was not kept.</returns>
    Task<bool> AddAsync(NewWebhook webhook, CancellationToken cancellation);

    /// <summary>A tenant's webhooks, newest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<Webhook>> ListAsync(WebhookQuery query, int limit, CancellationToken cancellation);

    /// <returns>Null when the tenant has no such webhook.</returns>
    Task<WebhookDetail?> FindAsync(TenantName tenant, Guid id, CancellationToken cancellation);

    /// <summary>Lets a webhook be read again, whatever its state: what it told before is told once. Whoever asks vouches for a refused one.</summary>
    /// <returns>False when the tenant has no such webhook.</returns>
    Task<bool> ReplayAsync(TenantName tenant, Guid id, Actor by, CancellationToken cancellation);

    /// <summary>Lets some webhooks be read again. Refused ones are among them only where the query asks for them by their state.</summary>
    /// <returns>How many there were.</returns>
    Task<long> ReplayAsync(WebhookQuery query, Actor by, CancellationToken cancellation);
}
