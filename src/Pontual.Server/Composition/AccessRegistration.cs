using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Runs;
using Pontual.Server.Access;
using Pontual.Server.Pages;

namespace Pontual.Server.Composition;

/// <summary>Who gets in: tokens and sessions, on the same routes by the same rules.</summary>
internal static class AccessRegistration
{
    private const string Either = "Caller";

    public static void AddAccess(this IServiceCollection services, ServerConfiguration configuration)
    {
        services.AddSingleton(provider => new FixedTokens(configuration.AdminToken, provider.GetRequiredService<IRandomBytes>()));
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<CallerRates>();
        services.AddSingleton<TokenReader>();
        services.AddSingleton<SecretBox>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<LoginThrottle>();
        services.AddSingleton<UserCodes>();
        services.AddSingleton<Logins>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<Origins>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<AdminLinks>();
        services.AddSingleton<FormGuard>();
        // Not AddAuthentication: that brings data protection of its own, which would leave a key in the user's home that nothing here uses.
        services.AddAuthenticationCore(options => options.DefaultScheme = Either);
        services.AddWebEncoders();
        new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, configureOptions: null)
            .AddScheme<AuthenticationSchemeOptions, SessionHandler>(SessionHandler.SchemeName, configureOptions: null)
            .AddPolicyScheme(
                Either,
                displayName: null,
                options =>
                    options.ForwardDefaultSelector = context =>
                        context.Request.Headers.Authorization.Count == 0
                        && SocketToken.Of(context) is null
                        && SessionCookie.IsIn(context.Request)
                            ? SessionHandler.SchemeName
                            : BearerHandler.SchemeName
            );
        services.AddAuthorization(Scopes.AddTo);
    }
}
