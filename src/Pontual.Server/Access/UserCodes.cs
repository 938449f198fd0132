using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Engine.Runs;

namespace Pontual.Server.Access;

/// <summary>The codes of users who have them: offers secrets, confirms them by a first code, and takes each code once.</summary>
internal sealed class UserCodes(IUserStore users, SecretBox box, IRandomBytes random, TimeProvider time)
{
    private const string Purpose = "totp";

    /// <summary>Offers a fresh secret, in place of one that was offered and not confirmed.</summary>
    /// <returns>The secret; null when the user has codes already.</returns>
    public async Task<byte[]?> OfferAsync(User user, CancellationToken cancellation)
    {
        var secret = new byte[Totp.SecretLength];
        random.Fill(secret);
        return await users.OfferTotpAsync(user.Id, box.Seal(Purpose, user.Id, secret), cancellation) ? secret : null;
    }

    /// <summary>Confirms the offered secret by its first code.</summary>
    /// <returns>The recovery codes, shown this once; null when the code is not the offered secret's.</returns>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(Credentials kept, string code, Actor by, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (SecretOf(kept) is not { } secret || Totp.Match(secret, Digits(code), now) is not { } step)
        {
            return null;
        }

        var recovery = RecoveryCodes.New(random);
        List<ReadOnlyMemory<byte>> hashes = [.. recovery.Select(one => new ReadOnlyMemory<byte>(RecoveryCodes.HashOf(one)))];
        return await users.ConfirmTotpAsync(kept.User, kept.TotpSecret!, step, hashes, by, now, cancellation) ? recovery : null;
    }

    /// <summary>Takes a code of the app, or a recovery code; each is taken once.</summary>
    public async Task<bool> TryTakeAsync(Credentials kept, string code, CancellationToken cancellation)
    {
        if (RecoveryCodes.HashOf(code) is { } hash)
        {
            return await users.TryTakeRecoveryCodeAsync(kept.User.Id, hash, cancellation);
        }

        return SecretOf(kept) is { } secret
            && Totp.Match(secret, Digits(code), time.GetUtcNow()) is { } step
            && await users.TryTakeStepAsync(kept.User.Id, step, cancellation);
    }

    private byte[]? SecretOf(Credentials kept) => kept.TotpSecret is { } text ? box.Open(Purpose, kept.User.Id, text) : null;

    /// <summary>Apps show "123 456".</summary>
    private static string Digits(string code) => code.Replace(" ", "", StringComparison.Ordinal);
}
