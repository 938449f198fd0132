using System.Net;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Access;
using Pontual.Engine.Audit;

namespace Pontual.Server.Access;

/// <summary>What somebody gives to log in.</summary>
/// <param name="Name">As it was typed: <c>tenant/name</c> or a bare name.</param>
/// <param name="Password">The password.</param>
/// <param name="Code">A code of the app or a recovery code; null or empty for none.</param>
/// <param name="From">The address it comes from.</param>
/// <param name="IsKnownDevice">Whether the user logged in from this device before.</param>
internal sealed record LoginAttempt(string Name, string Password, string? Code, IPAddress? From, bool IsKnownDevice)
{
    /// <summary>Leaves password and code out, wherever it is written.</summary>
    public override string ToString() => $"{nameof(LoginAttempt)} {{ Name = {Name} }}";
}

/// <summary>What became of it.</summary>
internal abstract record LoginVerdict
{
    private LoginVerdict() { }

    /// <summary>It is the user.</summary>
    public sealed record Known(User User) : LoginVerdict;

    /// <summary>It is not, or there is no such user, or the user is disabled: one answer for all.</summary>
    public sealed record Refused : LoginVerdict;

    /// <summary>The password is right, and a code is needed too.</summary>
    public sealed record CodeNeeded : LoginVerdict;

    /// <summary>Too many were tried; this one was not looked at.</summary>
    public sealed record Throttled(TimeSpan Wait) : LoginVerdict;
}

/// <summary>Judges names, passwords and codes. Unknown users and wrong passwords take the same time and get the same answer.</summary>
internal sealed class Logins(
    IUserStore users,
    Passwords passwords,
    UserCodes codes,
    LoginThrottle throttle,
    TimeProvider time,
    ILogger<Logins> logger
)
{
    /// <summary>Judges an attempt; one that was let through counts against account and address, right or wrong.</summary>
    public async Task<LoginVerdict> JudgeAsync(LoginAttempt attempt, CancellationToken cancellation)
    {
        if (throttle.Enter(attempt.Name, attempt.From, attempt.IsKnownDevice) is { } wait)
        {
            return new LoginVerdict.Throttled(wait);
        }

        var kept = UserName.TryParseWhole(attempt.Name, out var name) ? await users.CredentialsAsync(name, cancellation) : null;
        var (isRight, isWeak) = await passwords.CheckAsync(kept?.PasswordHash, attempt.Password, cancellation);
        if (kept is null || !isRight || kept.User.IsDisabled)
        {
            logger.LoginRefused(attempt.From, "name or password");
            return new LoginVerdict.Refused();
        }

        if (kept.User.HasTotp && string.IsNullOrWhiteSpace(attempt.Code))
        {
            return new LoginVerdict.CodeNeeded();
        }

        if (kept.User.HasTotp && !await codes.TryTakeAsync(kept, attempt.Code!, cancellation))
        {
            logger.LoginRefused(attempt.From, "code");
            return new LoginVerdict.Refused();
        }

        if (isWeak)
        {
            await users.RehashAsync(
                kept.User.Id,
                kept.PasswordHash,
                await passwords.HashAsync(attempt.Password, cancellation),
                cancellation
            );
        }

        await users.NoteLoginAsync(
            kept.User,
            new Actor(SubjectOf(kept.User), attempt.From?.ToString()) { Name = kept.User.Name.Text },
            time.GetUtcNow(),
            cancellation
        );
        return new LoginVerdict.Known(kept.User);
    }

    /// <summary>Who a user is in records.</summary>
    public static string SubjectOf(User user) => $"user:{user.Name}";

    /// <summary>Judges the password alone of a user who is logged in and wishes for something that an open browser is not enough for.</summary>
    public async Task<LoginVerdict> CheckPasswordAsync(Credentials kept, string password, IPAddress? from, CancellationToken cancellation)
    {
        if (throttle.Enter(kept.User.Name.ToString(), from, known: true) is { } wait)
        {
            return new LoginVerdict.Throttled(wait);
        }

        var (isRight, _) = await passwords.CheckAsync(kept.PasswordHash, password, cancellation);
        return isRight ? new LoginVerdict.Known(kept.User) : new LoginVerdict.Refused();
    }
}
