using Pontual.Engine.Tenants;

namespace Pontual.Engine.Circuits;

/// <summary>Something outside that is called: a host, or a service by name. Each tenant has circuits of its own, for who lets a host answer
/// with errors must not shut it to others.</summary>
/// <param name="Tenant">Whose calls.</param>
/// <param name="Name">An origin (<c>https://api.example.com:8443</c>), or the name of a service: <c>evolution</c>, <c>chatwoot</c>, <c>llm</c>.</param>
public readonly record struct CircuitKey(TenantName Tenant, string Name)
{
    private const string SchemeEnd = "://";

    /// <summary>Longest name that is kept.</summary>
    public const int LongestName = 300;

    /// <summary>Whether it is a host, and not a service by name.</summary>
    public bool IsHost => Name.Contains(SchemeEnd, StringComparison.Ordinal);

    /// <summary>The host (with its port where that is not the usual one), or the name of the service.</summary>
    public string Place => Name[(Name.IndexOf(SchemeEnd, StringComparison.Ordinal) is var at and >= 0 ? at + SchemeEnd.Length : 0)..];

    /// <summary>The host that a URL is at.</summary>
    public static CircuitKey Of(TenantName tenant, Uri url) => new(tenant, url.GetLeftPart(UriPartial.Authority));
}
