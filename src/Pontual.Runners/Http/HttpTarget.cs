namespace Pontual.Runners.Http;

/// <summary>An <c>http</c> target, checked; templates and secrets still stand in it.</summary>
internal sealed record HttpTarget
{
    public required Template Url { get; init; }

    public HttpMethod Method { get; init; } = HttpMethod.Post;

    public IReadOnlyList<(string Name, Template Value)> Headers { get; init; } = [];

    public RequestBody? Body { get; init; }

    public SuccessRule Success { get; init; } = SuccessRule.Default;

    /// <summary>Redirects that are followed; 0 for none.</summary>
    public int Redirects { get; init; } = 5;

    /// <summary>Longest time for name, connection and TLS together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of the answer that are kept.</summary>
    public int Kept { get; init; } = 64 * 1024;

    /// <summary>Key of the signature; null for none.</summary>
    public Template? Sign { get; init; }

    public bool PublicOnly { get; init; }

    /// <summary>Hosts that may be called; empty for all.</summary>
    public HostList Allow { get; init; } = HostList.All;

    /// <summary>PEM file of the authorities to trust in place of the system's; null for the system's.</summary>
    public string? Ca { get; init; }

    /// <summary>Whether 202 means that the target will call back.</summary>
    public bool Callback { get; init; } = true;
}

/// <summary>Host names, exact or as <c>*.suffix</c>.</summary>
internal sealed class HostList(IReadOnlyList<string> hosts)
{
    public static readonly HostList All = new([]);

    public bool Allows(Uri uri) => hosts.Count == 0 || hosts.Any(host => Matches(host, uri.IdnHost.TrimEnd('.')));

    private static bool Matches(string pattern, string host) =>
        pattern.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase) && host.Length > pattern.Length - 1
            : host.Equals(pattern.Trim('[', ']'), StringComparison.OrdinalIgnoreCase);
}
