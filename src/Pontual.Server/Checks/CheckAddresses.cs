using Microsoft.AspNetCore.Http;
using Pontual.Engine.Checks;
using Pontual.Server.Composition;

namespace Pontual.Server.Checks;

/// <summary>The addresses that go with a check: at <c>public-url</c>, or else as this server was asked for.</summary>
internal sealed class CheckAddresses(ServerConfiguration configuration)
{
    /// <summary>Where it reports.</summary>
    public string Ping(Check check, HttpRequest request) => $"{Base(request)}/ping/{check.PingKey}";

    /// <summary>Where its badge is.</summary>
    public string Badge(Check check, HttpRequest request) => $"{Base(request)}/badge/{check.BadgeKey}.svg";

    /// <summary>The line to put behind a command in a crontab: gives up soon, tries again, and says nothing when it works.</summary>
    public static string Curl(string address) => $"curl -fsS -m 10 --retry 5 -o /dev/null {address}";

    private string Base(HttpRequest request) =>
        (configuration.PublicUrl?.AbsoluteUri ?? $"{request.Scheme}://{request.Host.ToUriComponent()}").TrimEnd('/');
}
