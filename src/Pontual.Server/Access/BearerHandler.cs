using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pontual.Engine.Tenants;
using Pontual.Server.Api;

namespace Pontual.Server.Access;

/// <summary>Reads <c>Authorization: Bearer TOKEN</c> and answers 401, 403 and 429 as problems.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logs,
    UrlEncoder encoder,
    TokenReader tokens
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "Bearer";

    private const string Prefix = "Bearer ";

    private TokenVerdict? _verdict;

    /// <summary>Names the tenant that a bearer of the installation's own token speaks for.</summary>
    public const string TenantHeader = "X-Pontual-Tenant";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        var secret = header.Count == 0 ? SocketToken.Of(Context) : null;
        if (header.Count == 0 && secret is null)
        {
            return AuthenticateResult.NoResult();
        }

        if (header.Count == 1 && header[0] is { } value && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            secret = value[Prefix.Length..].Trim();
        }

        if (secret is null)
        {
            _verdict = new TokenVerdict.Refused("Send one header of the form 'Authorization: Bearer TOKEN'.");
            return AuthenticateResult.Fail("malformed");
        }

        var address = Context.Connection.RemoteIpAddress;
        _verdict = await tokens.ReadAsync(secret, address, Context.RequestAborted);
        if (_verdict is not TokenVerdict.Known known)
        {
            if (_verdict is TokenVerdict.Refused refused)
            {
                Logger.TokenRefused(address, refused.Why);
            }

            return AuthenticateResult.Fail("refused");
        }

        if (!TryChoose(known.Tenant, out var tenant))
        {
            _verdict = new TokenVerdict.Refused($"This token is not of the tenant that {TenantHeader} names.");
            return AuthenticateResult.Fail("tenant");
        }

        Claim[] claims =
        [
            new(ClaimTypes.Name, known.Name),
            new(Scopes.SubjectClaim, known.Subject),
            new(Scopes.Claim, Scopes.Word(known.Scope)),
            new(Scopes.TenantClaim, tenant.ToString()),
        ];
        var caller = new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName));
        return AuthenticateResult.Success(new AuthenticationTicket(caller, SchemeName));
    }

    /// <summary>A token of a tenant speaks for that one; the installation's own for any, the default one unless said.</summary>
    private bool TryChoose(TenantName? own, out TenantName tenant)
    {
        tenant = own ?? TenantName.Default;
        return !Request.Headers.TryGetValue(TenantHeader, out var asked)
            || (TenantName.TryParse(asked.ToString(), out tenant) && (own is null || own == tenant));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        switch (_verdict)
        {
            case TokenVerdict.Throttled throttled:
                var seconds = Math.Ceiling(throttled.Wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                Response.Headers.RetryAfter = seconds;
                return Problems.TooManyFailedTokens(seconds).ExecuteAsync(Context);
            case TokenVerdict.Refused refused:
                Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
                return Problems.TokenRefused(refused.Why).ExecuteAsync(Context);
            default:
                Response.Headers.WWWAuthenticate = "Bearer";
                return Problems.TokenMissing().ExecuteAsync(Context);
        }
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.ScopeMissing(Scopes.NeededOf(Context)).ExecuteAsync(Context);
}
