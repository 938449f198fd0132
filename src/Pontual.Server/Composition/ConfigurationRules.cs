using System.Net;
using Pontual.Server.Access;

namespace Pontual.Server.Composition;

/// <summary>What must hold of a configuration before anything is touched.</summary>
internal static class ConfigurationRules
{
    /// <exception cref="StartRefusedException">Something is wrong; the message lists all of it.</exception>
    public static void Check(ServerConfiguration configuration)
    {
        List<string> problems =
        [
            .. configuration.Urls.Select(UrlProblem).OfType<string>(),
            .. configuration
                .Roles.Where(role => !ServerConfiguration.AllRoles.Contains(role))
                .Select(role => $"'{role}' is not a role; use all, or any of {string.Join(", ", ServerConfiguration.AllRoles)}."),
        ];
        if (configuration.Urls.Count == 0)
        {
            problems.Add($"There is no address to listen on; give one, such as {ServerConfiguration.DefaultUrl}.");
        }

        if (configuration.Roles.Count == 0)
        {
            problems.Add("A node needs a role: api, scheduler, worker, or all of them.");
        }

        if (configuration.AdminToken is { } token && !IsLongEnough(token))
        {
            problems.Add(
                $"PONTUAL_ADMIN_TOKEN must have {FixedTokens.ShortestAdminToken} to 512 visible ASCII characters; 'openssl rand -hex 32' makes one."
            );
        }

        if (problems.Count > 0)
        {
            throw new StartRefusedException(string.Join(Environment.NewLine, problems));
        }
    }

    /// <summary>Whether only this machine can reach an address.</summary>
    public static bool IsLoopback(string url)
    {
        var host = new Uri(url).IdnHost;
        return host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    private static string? UrlProblem(string url)
    {
        // '*' and '+' mean every address; Uri does not know them.
        var valid =
            Uri.TryCreate(
                url.Replace("*", "0.0.0.0", StringComparison.Ordinal).Replace("+", "0.0.0.0", StringComparison.Ordinal),
                UriKind.Absolute,
                out var parsed
            )
            && parsed.Scheme == Uri.UriSchemeHttp
            && parsed is { PathAndQuery: "/", Fragment.Length: 0, UserInfo.Length: 0 };
        return valid
            ? null
            : $"'{url}' is not an address to listen on; write http://HOST:PORT, such as {ServerConfiguration.DefaultUrl} (TLS is for a proxy in front).";
    }

    private static bool IsLongEnough(string token) =>
        token.Length is >= FixedTokens.ShortestAdminToken and <= 512 && token.All(letter => letter is > ' ' and < '\x7f');
}
