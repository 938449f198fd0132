using Pontual.Engine.Tenants;

namespace Pontual.Messaging.Inbox;

/// <summary>A gateway's name within its tenant.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Name">Its name.</param>
public readonly record struct GatewayKey(TenantName Tenant, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Tenant.IsDefault ? Name : $"{Tenant}/{Name}";
}
