using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Access;
using Pontual.Server.Access;

namespace Pontual.Server.Realtime;

/// <summary>Looks again, for as long as somebody listens, whether what he came in with still holds: a token that was revoked or has ended ends his connection.</summary>
internal sealed class Standing(HttpContext context, RealtimePace pace, TimeProvider time)
{
    private long _lookedAt = time.GetTimestamp();

    /// <summary>Whether the caller may go on listening; asks at the pace of <see cref="RealtimePace.Standing"/>.</summary>
    public async ValueTask<bool> HoldsAsync()
    {
        if (time.GetElapsedTime(_lookedAt) < pace.Standing)
        {
            return true;
        }

        _lookedAt = time.GetTimestamp();
        var caller = await AuthenticateAsync();
        return caller is not null && caller.Has(TokenScope.Read) && caller.Tenant() == context.User.Tenant();
    }

    /// <summary>A handler keeps its answer for the length of a request: a new one looks anew.</summary>
    private async Task<ClaimsPrincipal?> AuthenticateAsync()
    {
        await using var scope = context.RequestServices.CreateAsyncScope();
        var schemes = scope.ServiceProvider.GetRequiredService<IAuthenticationSchemeProvider>();
        var scheme =
            context.User.Identity?.AuthenticationType is { } type && await schemes.GetSchemeAsync(type) is { } own
                ? own
                : await schemes.GetDefaultAuthenticateSchemeAsync();
        var handler = (IAuthenticationHandler)ActivatorUtilities.GetServiceOrCreateInstance(scope.ServiceProvider, scheme!.HandlerType);
        await handler.InitializeAsync(scheme, context);
        return (await handler.AuthenticateAsync()).Principal;
    }
}
