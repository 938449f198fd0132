using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;

namespace Pontual.Messaging.Channels.Registry;

/// <summary>A channel: a session, number or instance at a gateway, that messages go through.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Gateway">The name of its gateway.</param>
/// <param name="ExternalId">What the gateway calls it.</param>
/// <param name="Name">What people call it: unique within the tenant.</param>
public sealed record Channel(Guid Id, TenantName Tenant, string Gateway, string ExternalId, string Name)
{
    /// <summary>What it calls itself (a profile's name); null for nothing.</summary>
    public string? Label { get; init; }

    /// <summary>Its number in digits; null as long as it is not known.</summary>
    public string? Phone { get; init; }

    /// <summary>The reference to a key of its own; null to use the gateway's.</summary>
    public string? Secret { get; init; }

    /// <summary>Most messages in a day that an operator allows; null for what the warm-up says.</summary>
    public int? DailyLimit { get; init; }

    /// <summary>Since when it is in use, as an operator declares; null to go by the first connection that was seen.</summary>
    public DateTimeOffset? InUseSince { get; init; }

    /// <summary>Why and until when nothing is sent and nothing cured; null when it is not paused.</summary>
    public Pause? Paused { get; init; }

    /// <summary>Since when its gateway does not list it; null when it does.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>Since when it counts as gone from its gateway; null when it is there.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>When it was first seen.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it is paused at an instant.</summary>
    public bool IsPaused(DateTimeOffset now) => Paused?.HoldsAt(now) == true;
}
