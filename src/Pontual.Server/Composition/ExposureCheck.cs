using Microsoft.Extensions.Hosting;
using Pontual.Engine.Access;

namespace Pontual.Server.Composition;

/// <summary>Refuses to listen where other machines reach it while nobody but them could get in: before the web server starts.</summary>
internal sealed class ExposureCheck(ServerConfiguration configuration, ITokenStore tokens, IUserStore users, TimeProvider time)
    : IHostedService
{
    /// <exception cref="StartRefusedException">An address is not loopback and there is neither token nor user.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var open = configuration.Urls.FirstOrDefault(url => !ConfigurationRules.IsLoopback(url));
        if (
            open is null
            || configuration.AdminToken is not null
            || await HasTokenAsync(cancellationToken)
            || await users.HasAnyAsync(cancellationToken)
        )
        {
            return;
        }

        throw new StartRefusedException(
            $"'{open}' can be reached from other machines, and there is neither a token nor a user yet. Set PONTUAL_ADMIN_TOKEN (32 characters or more), "
                + "or make a token or a user first ('pontual token create', 'pontual user create'), or listen on 127.0.0.1."
        );
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> HasTokenAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var all = await tokens.ListAsync(tenant: null, cancellation);
        return all.Any(token => token.RevokedAt is null && (token.ExpiresAt is null || token.ExpiresAt > now));
    }
}
