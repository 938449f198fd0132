using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Access;

/// <summary>Keeps users, and what their logins are checked against.</summary>
public interface IUserStore
{
    /// <summary>Adds a user.</summary>
    /// <returns>False when the name is taken.</returns>
    Task<bool> AddAsync(User user, string passwordHash, Actor by, CancellationToken cancellation);

    /// <returns>Null when there is no such user.</returns>
    Task<User?> FindAsync(UserName name, CancellationToken cancellation);

    /// <returns>Null when there is no such user.</returns>
    Task<Credentials?> CredentialsAsync(UserName name, CancellationToken cancellation);

    /// <summary>Users of a tenant by name, those after <paramref name="after"/>.</summary>
    Task<IReadOnlyList<User>> ListAsync(TenantName tenant, UserName? after, int limit, CancellationToken cancellation);

    /// <summary>Whether anybody of role admin in the default tenant could log in.</summary>
    Task<bool> HasAdminAsync(CancellationToken cancellation);

    /// <summary>Whether anybody could log in at all.</summary>
    Task<bool> HasAnyAsync(CancellationToken cancellation);

    /// <summary>Sets role and state. A disabled user's sessions end with it.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="role">The role from now on.</param>
    /// <param name="disabled">Whether logging in is refused from now on.</param>
    /// <param name="expectedRevision">The revision the edit is based on; null for any.</param>
    /// <param name="by">Who edits.</param>
    /// <param name="now">Now.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<UserChange> EditAsync(
        UserName name,
        TokenScope role,
        bool disabled,
        int? expectedRevision,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    );

    /// <summary>Removes a user with all sessions and codes.</summary>
    Task<UserChange> RemoveAsync(UserName name, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Sets a new password; all sessions but <paramref name="keep"/> end with it.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="passwordHash">The hash of the new one.</param>
    /// <param name="keep">Hash of the one session that stays; null for none.</param>
    /// <param name="by">Who sets it.</param>
    /// <param name="now">Now.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task SetPasswordAsync(User user, string passwordHash, byte[]? keep, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Replaces the hash of the same password: nothing else changes. Does nothing when the password was changed meanwhile.</summary>
    Task RehashAsync(string id, string oldHash, string newHash, CancellationToken cancellation);

    /// <summary>Notes that the user logged in.</summary>
    Task NoteLoginAsync(User user, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Offers a secret for codes; it is not asked for until a first code confirms it.</summary>
    /// <returns>False when one is confirmed already.</returns>
    Task<bool> OfferTotpAsync(string id, string sealedSecret, CancellationToken cancellation);

    /// <summary>Confirms an offered secret by the step of its first code; from now on codes are asked for.</summary>
    /// <returns>False when nothing is offered, or another secret than <paramref name="sealedSecret"/>.</returns>
    Task<bool> ConfirmTotpAsync(
        User user,
        string sealedSecret,
        long step,
        IReadOnlyList<ReadOnlyMemory<byte>> recoveryCodes,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    );

    /// <summary>Takes codes away: neither secret nor recovery codes are left.</summary>
    /// <returns>False when there was nothing to take away.</returns>
    Task<bool> RemoveTotpAsync(User user, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Takes a code's step, once over all nodes.</summary>
    /// <returns>False when this step or a later one was taken before.</returns>
    Task<bool> TryTakeStepAsync(string id, long step, CancellationToken cancellation);

    /// <summary>Takes a recovery code, once over all nodes.</summary>
    /// <returns>False when the user has no such code (any more).</returns>
    Task<bool> TryTakeRecoveryCodeAsync(string id, ReadOnlyMemory<byte> hash, CancellationToken cancellation);
}
