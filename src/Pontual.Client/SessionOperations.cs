namespace Pontual.Client;

/// <summary>Logging in and out. Programs are better served with a token, which does not end.</summary>
/// <remarks>The session is in a cookie: with an <see cref="HttpClient"/> of the caller's own, its handler must keep cookies.</remarks>
public sealed class SessionOperations
{
    private const string Path = "api/v1/session";

    private readonly Wire _wire;

    internal SessionOperations(Wire wire) => _wire = wire;

    /// <summary>Logs a user in: this client acts as that user from now on, where it has no token.</summary>
    /// <param name="login">Who.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("LogIn")]
    public async Task<Caller> LogInAsync(Login login, CancellationToken cancellation = default)
    {
        var caller = await _wire.SendAsync<Caller>(Call.Post(Path, login), cancellation).ConfigureAwait(false);
        _wire.Antiforgery = caller.Antiforgery;
        return caller;
    }

    /// <summary>Who the caller is, by token or session.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowSession")]
    public Task<Caller> GetAsync(CancellationToken cancellation = default) => _wire.SendAsync<Caller>(Call.Get(Path), cancellation);

    /// <summary>Ends the session.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("LogOut")]
    public async Task LogOutAsync(CancellationToken cancellation = default)
    {
        await _wire.SendAsync(Call.Delete(Path), cancellation).ConfigureAwait(false);
        _wire.Antiforgery = null;
    }
}

/// <summary>Who logs in.</summary>
/// <param name="Name">A user; <c>tenant/user</c> of another tenant than the default one.</param>
/// <param name="Password">The password.</param>
/// <param name="Code">Where one is used: of the app, or a recovery code.</param>
public sealed record Login(string Name, string Password, string? Code = null)
{
    /// <summary>Leaves the password and the code out.</summary>
    public override string ToString() => $"{nameof(Login)} {{ Name = {Name} }}";
}

/// <summary>Who a caller is.</summary>
/// <param name="Subject"><c>user:ana</c>, <c>token:ID</c>, <c>local</c> or <c>admin-token</c>.</param>
/// <param name="Name">The user's name, or what the token is for.</param>
/// <param name="Tenant">Whose jobs the caller sees.</param>
/// <param name="Scope"><c>read</c>, <c>operate</c> or <c>admin</c>.</param>
/// <param name="ExpiresAt">When the session ends at the latest; null for tokens.</param>
/// <param name="Antiforgery">What a session's changes show in X-Pontual-Antiforgery, which the client does; null for tokens.</param>
public sealed record Caller(
    string Subject,
    string Name,
    string Tenant,
    string Scope,
    DateTimeOffset? ExpiresAt = null,
    string? Antiforgery = null
);
