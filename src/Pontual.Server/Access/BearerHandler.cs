using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
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

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }

        if (header.Count > 1 || header[0] is not { } value || !value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            _verdict = new TokenVerdict.Refused("Send one header of the form 'Authorization: Bearer TOKEN'.");
            return AuthenticateResult.Fail("malformed");
        }

        var address = Context.Connection.RemoteIpAddress;
        _verdict = await tokens.ReadAsync(value[Prefix.Length..].Trim(), address, Context.RequestAborted);
        if (_verdict is not TokenVerdict.Known known)
        {
            if (_verdict is TokenVerdict.Refused refused)
            {
                Logger.TokenRefused(address, refused.Why);
            }

            return AuthenticateResult.Fail("refused");
        }

        Claim[] claims = [new(ClaimTypes.Name, known.Name), new(Scopes.Claim, Scopes.Word(known.Scope))];
        var caller = new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName));
        return AuthenticateResult.Success(new AuthenticationTicket(caller, SchemeName));
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

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy ?? "admin";
        return Problems.ScopeMissing(needed).ExecuteAsync(Context);
    }
}
