using Microsoft.AspNetCore.Http.HttpResults;
using Pontual.Engine.Jobs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Who asks, what they may, and how often.</summary>
internal static partial class Problems
{
    public static ProblemHttpResult TokenMissing() =>
        Of(
            401,
            "token-missing",
            "A token is needed",
            "Send 'Authorization: Bearer TOKEN'; 'pontual token create' makes one. People log in at /login."
        );

    public static ProblemHttpResult TokenRefused(string why) => Of(401, "token-refused", "The token was refused", why);

    public static ProblemHttpResult ScopeMissing(string needed) =>
        Of(
            403,
            "scope-missing",
            "The token may not do this",
            $"A token of scope '{needed}' is needed.",
            new() { ["needed_scope"] = needed }
        );

    public static ProblemHttpResult InstallationOnly() =>
        Of(403, "installation-only", "That is the installation's", "All tenants share it: a token of the default tenant is needed.");

    public static ProblemHttpResult OtherTenant(string organization) =>
        Of(
            403,
            "other-tenant",
            "The token is another organization's",
            $"{DocumentText.Quote(organization)} is not the token's own organization: leave it out, or send a token of that one."
        );

    public static ProblemHttpResult TooManyFailedTokens(string seconds) =>
        Of(429, "too-many-failed-tokens", "Too many refused tokens", $"Too many tokens from this address were refused. Wait {seconds} s.");

    public static ProblemHttpResult SessionEnded() =>
        Of(401, "session-ended", "The session has ended", "Log in again: /login, or POST /api/v1/session.");

    public static ProblemHttpResult LoginRefused() =>
        Of(
            401,
            "login-refused",
            "Name, password or code is wrong",
            "Give the name and password of a user, and a fresh code where one is used."
        );

    public static ProblemHttpResult CodeNeeded() =>
        Of(
            401,
            "code-needed",
            "A code is needed",
            "Name and password are right. Send them again with 'code', from the app or a recovery code."
        );

    public static ProblemHttpResult TooManyLogins(string seconds) =>
        Of(
            429,
            "too-many-logins",
            "Too many logins",
            $"Too many logins of this account or from this address were tried. Wait {seconds} s."
        );

    public static ProblemHttpResult ForeignOrigin() =>
        Of(
            403,
            "foreign-origin",
            "The request comes from another site",
            "A session's requests that change something must come from a page of this server. Behind a proxy set 'public-url' to the address people use."
        );

    public static ProblemHttpResult AntiforgeryMissing() =>
        Of(
            403,
            "antiforgery-missing",
            "The antiforgery value is missing or wrong",
            $"Send the header {Antiforgery.Header} with the value 'antiforgery' that GET /api/v1/session answers."
        );

    public static ProblemHttpResult NoSession() =>
        Of(409, "no-session", "There is no session to end", "The request was let in by a token; 'pontual token revoke' ends those.");

    public static ProblemHttpResult TooManyRequests(string rate, string seconds) =>
        Of(429, "too-many-requests", "Too many requests", $"This caller may make {rate} requests on this server. Wait {seconds} s.");

    public static ProblemHttpResult CallbackTokenRefused() =>
        Of(
            401,
            "callback-token-refused",
            "The callback token was refused",
            "Send the value of X-Pontual-Callback-Token exactly as this run's attempt received it."
        );
}
