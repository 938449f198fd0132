using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Passwords and codes of users: by an administrator, or by the user logged in.</summary>
internal static class UserSecretsApi
{
    public static void MapUserSecrets(this IEndpointRouteBuilder api)
    {
        api.MapPost("/users/{user}/password", SetPassword)
            .Needs(TokenScope.Read)
            .OfOneself()
            .Takes()
            .TakesBody("{ \"password\": the new one, \"current\": the one of now, when users change their own }")
            .WithName("SetPassword")
            .WithSummary("Sets a password and ends the user's other sessions.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        api.MapPost("/users/{user}/totp", SetTotp)
            .Needs(TokenScope.Read)
            .OfOneself()
            .Takes()
            .TakesBody("Nothing to get a secret; { \"code\": the first code of it } to confirm it", required: false)
            .WithName("SetTotp")
            .WithSummary(
                "Sets up codes in two steps: the first answers a secret for the app, the second takes a code and answers recovery codes. Each is shown this once."
            )
            .Produces<OfferedTotp>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapDelete("/users/{user}/totp", RemoveTotp)
            .Needs(TokenScope.Read)
            .OfOneself()
            .Takes()
            .WithName("RemoveTotp")
            .WithSummary("Takes codes away: the password alone will do.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> SetPassword(
        UserPath user,
        HttpContext context,
        IUserStore users,
        Logins logins,
        Passwords passwords,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        var body = DocumentObject.Open(json.Value, "", problems, "password", "current");
        var isOwn = context.User.Is(user.ToString());
        if (isOwn)
        {
            body?.Require("current", "give the password of now");
        }

        var current = body is null ? null : SecretText.Of(body, "current");
        var password = body is null ? null : SecretText.NewPassword(body, "password", user.ToString());
        if (problems.Count > 0)
        {
            return Problems.InvalidDocument(problems);
        }

        if (user.Of(context.User) is not { } name || await users.CredentialsAsync(name, cancellation) is not { } kept)
        {
            return Problems.UserNotFound(user.ToString());
        }

        if (isOwn && await CheckCurrentAsync(context, kept, current!, logins, cancellation) is { } refused)
        {
            return refused;
        }

        var hash = await passwords.HashAsync(password!, cancellation);
        var keep = isOwn ? Sessions.HashOf(SessionCookie.Read(context.Request)!) : null;
        await users.SetPasswordAsync(kept.User, hash, keep, context.Actor(), time.GetUtcNow(), cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>An open browser is not enough to take an account over; guessing here counts as guessing at the login.</summary>
    private static async Task<IResult?> CheckCurrentAsync(
        HttpContext context,
        Credentials kept,
        string current,
        Logins logins,
        CancellationToken cancellation
    )
    {
        var verdict = await logins.CheckPasswordAsync(kept, current, context.Connection.RemoteIpAddress, cancellation);
        return verdict switch
        {
            LoginVerdict.Known => null,
            LoginVerdict.Throttled throttled => Problems.TooManyLogins(SessionApi.WaitOf(context.Response, throttled)),
            _ => Problems.InvalidDocument([
                new("/current", "wrong", "that is not the password of now", "give the password you logged in with"),
            ]),
        };
    }

    private static async Task<IResult> SetTotp(
        UserPath user,
        HttpContext context,
        IUserStore users,
        UserCodes codes,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadOptionalAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        var code = DocumentObject.Open(json.Value, "", problems, "code") is { } body ? SecretText.Of(body, "code") : null;
        if (problems.Count > 0)
        {
            return Problems.InvalidDocument(problems);
        }

        if (user.Of(context.User) is not { } name || await users.CredentialsAsync(name, cancellation) is not { } kept)
        {
            return Problems.UserNotFound(user.ToString());
        }

        if (kept.User.HasTotp)
        {
            return Problems.CodesThere(name);
        }

        if (code is not null)
        {
            return await codes.ConfirmAsync(kept, code, context.Actor(), cancellation) is { } recovery
                ? TypedResults.Ok(new ConfirmedTotp(recovery))
                : Problems.InvalidDocument([
                    new("/code", "wrong", "that is not the code of now", "ask for a secret first, then type the code the app shows"),
                ]);
        }

        return await codes.OfferAsync(kept.User, cancellation) is { } secret
            ? TypedResults.Ok(new OfferedTotp(Base32.Of(secret), Totp.UriOf(name, secret)))
            : Problems.CodesThere(name);
    }

    private static async Task<IResult> RemoveTotp(
        UserPath user,
        HttpContext context,
        IUserStore users,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (user.Of(context.User) is not { } name || await users.FindAsync(name, cancellation) is not { } found)
        {
            return Problems.UserNotFound(user.ToString());
        }

        await users.RemoveTotpAsync(found, context.Actor(), time.GetUtcNow(), cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>A secret for an app, not asked for until a code confirms it.</summary>
/// <param name="Secret">In base 32, to type.</param>
/// <param name="Uri">As apps read it.</param>
internal sealed record OfferedTotp(string Secret, string Uri);

/// <summary>Codes are set up.</summary>
/// <param name="RecoveryCodes">Each logs in once in place of a code.</param>
internal sealed record ConfirmedTotp(IReadOnlyList<string> RecoveryCodes);
