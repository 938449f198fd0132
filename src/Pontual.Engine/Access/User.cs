namespace Pontual.Engine.Access;

/// <summary>A person who logs in.</summary>
/// <param name="Id">Short public id; stays when a name is given to another person later.</param>
/// <param name="Name">What one logs in with, and whose jobs one sees.</param>
/// <param name="Role">What the person may do: viewer is <see cref="TokenScope.Read"/>, operator <see cref="TokenScope.Operate"/>.</param>
/// <param name="IsDisabled">Whether logging in is refused; no session of a disabled user holds.</param>
/// <param name="Revision">1 for a new user, one more with each edit of role or state.</param>
/// <param name="HasTotp">Whether a code is asked for beside the password.</param>
/// <param name="CreatedAt">When the user was made.</param>
/// <param name="UpdatedAt">When role or state was last changed.</param>
/// <param name="LastLoginAt">When the user last logged in; null for never.</param>
public sealed record User(
    string Id,
    UserName Name,
    TokenScope Role,
    bool IsDisabled,
    int Revision,
    bool HasTotp,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastLoginAt
);

/// <summary>What a login is checked against.</summary>
/// <param name="User">Who.</param>
/// <param name="PasswordHash">A slow hash in the words of the hasher; never the password.</param>
/// <param name="TotpSecret">The sealed secret of the codes, confirmed or not; null for none.</param>
/// <param name="LastStep">The last time step whose code was accepted; null while none was: the secret is then not confirmed.</param>
public sealed record Credentials(User User, string PasswordHash, string? TotpSecret, long? LastStep);

/// <summary>What became of an edit.</summary>
public enum UserChange
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It says what holds already; the revision stays.</summary>
    Unchanged,

    /// <summary>The user is at another revision than expected.</summary>
    Conflict,

    /// <summary>There is no such user.</summary>
    NotFound,

    /// <summary>It would take the last administrator from the installation: the last user of role admin in the default tenant who is not disabled.</summary>
    LastAdmin,
}
