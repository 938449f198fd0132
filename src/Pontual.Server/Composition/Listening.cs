using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pontual.Runners.Http;
using Pontual.Server.Access;

namespace Pontual.Server.Composition;

/// <summary>Knows where this server listens, and says so in <c>server.json</c> while it runs. Starts after the web server.</summary>
internal sealed class Listening(
    ServerConfiguration configuration,
    IServer server,
    FixedTokens tokens,
    IOptions<HttpRunnerOptions> callbacks,
    ILogger<Listening> logger
) : IHostedService
{
    private DiscoveryFile? _file;

    /// <summary>The first address that is bound; null before the start.</summary>
    public Uri? Url
    {
        get
        {
            var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
            return bound is null ? null : new Uri(Reachable(bound));
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _file = new DiscoveryFile(Url!, Environment.ProcessId, tokens.Local);
        _file.Write(configuration.DataFolder);
        callbacks.Value.CallbackBaseUrl = configuration.PublicUrl ?? Url;
        logger.Listening(Url!, configuration.DataFolder, configuration.Roles);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _file?.Remove(configuration.DataFolder);
        return Task.CompletedTask;
    }

    /// <summary>An address that listens everywhere is reached through this machine itself.</summary>
    private static string Reachable(string bound) =>
        bound.Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal);
}
