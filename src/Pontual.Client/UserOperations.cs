namespace Pontual.Client;

/// <summary>Users: people who log in.</summary>
public sealed class UserOperations
{
    private const string Path = "api/v1/users";

    private readonly Wire _wire;

    internal UserOperations(Wire wire) => _wire = wire;

    /// <summary>A page of the tenant's users in the order of their names.</summary>
    /// <param name="cursor">Where the page before ended; null for the first page.</param>
    /// <param name="limit">Most users on it, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListUsers")]
    public Task<Page<User>> ListAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<User>>(Call.Get(Path, ("cursor", cursor), ("limit", limit)), cancellation);

    /// <summary>All users in the order of their names, read page by page.</summary>
    /// <param name="limit">Most users of a page.</param>
    /// <param name="cancellation">Stops.</param>
    [Operation("ListUsers")]
    public IAsyncEnumerable<User> AllAsync(int? limit = null, CancellationToken cancellation = default) =>
        Pages.AllAsync((cursor, stop) => ListAsync(cursor, limit, stop), cancellation);

    /// <summary>A user. Users may look at themselves.</summary>
    /// <param name="user">The name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowUser")]
    public Task<User> GetAsync(string user, CancellationToken cancellation = default) =>
        _wire.SendAsync<User>(Call.Get(Of(user)), cancellation);

    /// <summary>Makes a user.</summary>
    /// <param name="wish">Who, and what the user may do.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("CreateUser")]
    public Task<User> CreateAsync(NewUser wish, CancellationToken cancellation = default) =>
        _wire.SendAsync<User>(Call.Post(Path, wish), cancellation);

    /// <summary>Sets a user's role, and whether logging in is refused.</summary>
    /// <param name="user">The name.</param>
    /// <param name="update">What the user may do from now on.</param>
    /// <param name="ifMatch">The <see cref="User.ETag"/> the change is based on; null for whatever stands.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("PutUser")]
    public Task<User> PutAsync(string user, UserUpdate update, string? ifMatch = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<User>(Call.Put(Of(user), update) with { IfMatch = ifMatch }, cancellation);

    /// <summary>Removes a user and ends all sessions of it.</summary>
    /// <param name="user">The name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("DeleteUser")]
    public Task DeleteAsync(string user, CancellationToken cancellation = default) => _wire.SendAsync(Call.Delete(Of(user)), cancellation);

    /// <summary>Sets a password and ends the user's other sessions.</summary>
    /// <param name="user">The name.</param>
    /// <param name="password">The new one.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("SetPassword")]
    public Task SetPasswordAsync(string user, NewPassword password, CancellationToken cancellation = default) =>
        _wire.SendAsync(Call.Post($"{Of(user)}/password", password), cancellation);

    /// <summary>Sets up codes in two steps: the first answers a secret for the app, the second takes a code and answers recovery codes.</summary>
    /// <param name="user">The name.</param>
    /// <param name="wish">Null for the first step.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("SetTotp")]
    public Task<Totp> SetTotpAsync(string user, TotpWish? wish = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Totp>(Call.Post($"{Of(user)}/totp", wish), cancellation);

    /// <summary>Takes codes away: the password alone will do.</summary>
    /// <param name="user">The name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("RemoveTotp")]
    public Task RemoveTotpAsync(string user, CancellationToken cancellation = default) =>
        _wire.SendAsync(Call.Delete($"{Of(user)}/totp"), cancellation);

    private static string Of(string user) => $"{Path}/{Call.Part(user)}";
}

/// <summary>A user.</summary>
/// <param name="Name">The name inside the tenant.</param>
/// <param name="Tenant">Whose jobs the user sees.</param>
/// <param name="Role"><c>viewer</c>, <c>operator</c> or <c>admin</c>.</param>
/// <param name="Disabled">Whether logging in is refused.</param>
/// <param name="Totp">Whether codes are used.</param>
/// <param name="Revision">Grows with each change.</param>
/// <param name="CreatedAt">When the user was made.</param>
/// <param name="UpdatedAt">When the user was changed last.</param>
/// <param name="LastLoginAt">Null for never.</param>
public sealed record User(
    string Name,
    string Tenant,
    string Role,
    bool Disabled,
    bool Totp,
    int Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastLoginAt
)
{
    /// <summary>For <c>ifMatch</c>: the change is refused when somebody else made one since.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string ETag => $"\"{Revision}\"";
}

/// <summary>A wish for a user.</summary>
/// <param name="Name">The name.</param>
/// <param name="Role"><c>viewer</c>, <c>operator</c> or <c>admin</c>.</param>
/// <param name="Password">12 characters or more.</param>
public sealed record NewUser(string Name, string Role, string Password)
{
    /// <summary>Leaves the password out.</summary>
    public override string ToString() => $"{nameof(NewUser)} {{ Name = {Name}, Role = {Role} }}";
}

/// <summary>What may be changed of a user.</summary>
/// <param name="Role"><c>viewer</c>, <c>operator</c> or <c>admin</c>.</param>
/// <param name="Disabled">Whether logging in is refused; false by default.</param>
public sealed record UserUpdate(string Role, bool? Disabled = null);

/// <summary>A new password.</summary>
/// <param name="Password">12 characters or more.</param>
/// <param name="Current">The one of now, when users change their own.</param>
public sealed record NewPassword(string Password, string? Current = null)
{
    /// <summary>Leaves the passwords out.</summary>
    public override string ToString() => nameof(NewPassword);
}

/// <summary>The second step of setting up codes.</summary>
/// <param name="Code">The first code of the app.</param>
public sealed record TotpWish(string? Code = null);

/// <summary>What setting up codes answers. Each is shown this once.</summary>
/// <param name="Secret">First: for the app, in base 32, to type.</param>
/// <param name="Uri">First: as apps read it.</param>
/// <param name="RecoveryCodes">Second: each logs in once in place of a code.</param>
public sealed record Totp(string? Secret = null, string? Uri = null, IReadOnlyList<string>? RecoveryCodes = null)
{
    /// <summary>Leaves the secrets out.</summary>
    public override string ToString() => nameof(Totp);
}
