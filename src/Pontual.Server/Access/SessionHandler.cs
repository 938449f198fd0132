using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pontual.Engine.Access;
using Pontual.Engine.Tenants;
using Pontual.Server.Api;

namespace Pontual.Server.Access;

/// <summary>Reads the cookie of a session: the same callers on the same routes as by token.</summary>
internal sealed class SessionHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logs,
    UrlEncoder encoder,
    Sessions sessions
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "Session";

    /// <summary>The claim that says which user it is, for what users do to themselves.</summary>
    public const string UserClaim = "user";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SessionCookie.Read(Request) is not { } secret)
        {
            return AuthenticateResult.NoResult();
        }

        if (await sessions.FindAsync(secret, Context.RequestAborted) is not var (_, user))
        {
            return AuthenticateResult.Fail("ended");
        }

        var isOwn =
            !Request.Headers.TryGetValue(BearerHandler.TenantHeader, out var asked)
            || (TenantName.TryParse(asked.ToString(), out var tenant) && tenant == user.Name.Tenant);
        return isOwn ? AuthenticateResult.Success(new AuthenticationTicket(CallerOf(user), SchemeName)) : AuthenticateResult.Fail("tenant");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        SessionCookie.Clear(Context);
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.SessionEnded().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.ScopeMissing(Scopes.NeededOf(Context)).ExecuteAsync(Context);

    private static ClaimsPrincipal CallerOf(User user)
    {
        Claim[] claims =
        [
            new(ClaimTypes.Name, user.Name.Text),
            new(Scopes.SubjectClaim, Logins.SubjectOf(user)),
            new(Scopes.Claim, Scopes.Word(user.Role)),
            new(Scopes.TenantClaim, user.Name.Tenant.ToString()),
            new(UserClaim, user.Id),
        ];
        return new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName));
    }
}
