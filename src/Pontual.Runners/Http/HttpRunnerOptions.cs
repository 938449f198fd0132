using System.Net;

namespace Pontual.Runners.Http;

/// <summary>How this node calls HTTP targets.</summary>
public sealed class HttpRunnerOptions
{
    /// <summary>The base URL under which targets reach this installation's API: offered to them for calling back. Null offers nothing.
    /// Read at each attempt, so that it may be set once the server knows its port.</summary>
    public Uri? CallbackBaseUrl { get; set; }

    /// <summary>Refuses loopback, private, CGNAT and unique local addresses to every target, whatever it says itself.</summary>
    public bool PublicOnly { get; set; }

    /// <summary>Looks host names up: the system's resolver, but for tests of names that change.</summary>
    internal HostLookup Resolve { get; set; } = Dns.GetHostAddressesAsync;
}
