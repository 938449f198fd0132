using System.Net;
using Npgsql;
using Pontual.Engine.Hosting;
using Pontual.Server.Access;

namespace Pontual.Server.Composition;

/// <summary>What must hold of a configuration before anything is touched.</summary>
internal static class ConfigurationRules
{
    private const int LongestAdminToken = 512;

    /// <exception cref="StartRefusedException">Something is wrong; the message lists all of it.</exception>
    public static void Check(ServerConfiguration configuration)
    {
        List<string> problems = [.. configuration.Urls.Select(UrlProblem).OfType<string>()];
        if (configuration.Urls.Count == 0)
        {
            problems.Add($"There is no address to listen on; give one, such as {ServerConfiguration.DefaultUrl}.");
        }

        if (configuration.Roles is NodeRoles.None)
        {
            problems.Add("A node needs a role: api, scheduler, worker, or all of them.");
        }

        if (configuration.AdminToken is { } token && !IsStrong(token))
        {
            problems.Add(
                $"PONTUAL_ADMIN_TOKEN must have {FixedTokens.ShortestAdminToken} to {LongestAdminToken} visible ASCII characters "
                    + "and no space; 'openssl rand -hex 32' makes one."
            );
        }

        if (ConnectionProblem(configuration.PostgreSql) is { } wrong)
        {
            problems.Add(wrong);
        }

        if (problems.Count > 0)
        {
            throw new StartRefusedException(string.Join(Environment.NewLine, problems));
        }
    }

    /// <summary>Whether only this machine can reach an address that passed <see cref="Check"/>.</summary>
    public static bool IsLoopback(string url)
    {
        var host = Parse(url)!.IdnHost;
        return host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    /// <summary>What the driver says never quotes a value, so that no password is shown.</summary>
    private static string? ConnectionProblem(string? text)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(text);
            return null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or OverflowException)
        {
            return $"That is no connection string of PostgreSQL: {wrong.Message} Write Host=…;Database=…;Username=…;Password=….";
        }
    }

    private static string? UrlProblem(string url) =>
        Parse(url) is { Scheme: "http", PathAndQuery: "/", Fragment.Length: 0, UserInfo.Length: 0 }
            ? null
            : $"'{url}' is not an address to listen on; write http://HOST:PORT, such as {ServerConfiguration.DefaultUrl} "
                + "(TLS is the business of a proxy in front).";

    /// <summary>A host of '*' or '+' means every address; Uri does not know them.</summary>
    private static Uri? Parse(string url)
    {
        var known = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        return Uri.TryCreate(known, UriKind.Absolute, out var parsed) ? parsed : null;
    }

    private static bool IsStrong(string token) =>
        token.Length is >= FixedTokens.ShortestAdminToken and <= LongestAdminToken && token.All(letter => letter is > ' ' and < '\x7f');
}
