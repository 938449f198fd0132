namespace Pontual.Client;

/// <summary>Tokens: what programs show to be let in.</summary>
public sealed class TokenOperations
{
    private const string Path = "api/v1/tokens";

    private readonly Wire _wire;

    internal TokenOperations(Wire wire) => _wire = wire;

    /// <summary>All tokens of the tenant, without their secrets.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListTokens")]
    public Task<Page<Token>> ListAsync(CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<Token>>(Call.Get(Path), cancellation);

    /// <summary>Makes a token. Its secret is in this answer and nowhere else.</summary>
    /// <param name="token">What it is for, and what it may do.</param>
    /// <param name="idempotencyKey">Makes the request safe to send again; the secret is shown the first time only. Null for none.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("CreateToken")]
    public Task<IssuedToken> CreateAsync(NewToken token, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<IssuedToken>(Call.Post(Path, token) with { IdempotencyKey = idempotencyKey }, cancellation);

    /// <summary>Revokes a token: it is refused from now on.</summary>
    /// <param name="token">Its id.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("RevokeToken")]
    public Task RevokeAsync(string token, CancellationToken cancellation = default) =>
        _wire.SendAsync(Call.Delete($"{Path}/{Call.Part(token)}"), cancellation);
}

/// <summary>A wish for a token.</summary>
/// <param name="Name">What it is for, on one line; at most 100 characters.</param>
/// <param name="Scope"><c>read</c>, <c>operate</c> or <c>admin</c>.</param>
/// <param name="ExpiresAt">In the future; null for never.</param>
public sealed record NewToken(string Name, string Scope, DateTimeOffset? ExpiresAt = null);

/// <summary>A token in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scope"><c>read</c>, <c>operate</c> or <c>admin</c>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Null for never.</param>
/// <param name="RevokedAt">Null when it was not.</param>
/// <param name="LastUsedAt">Null for never.</param>
public sealed record Token(
    string Id,
    string Name,
    string Scope,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt
);

/// <summary>A token just made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scope"><c>read</c>, <c>operate</c> or <c>admin</c>.</param>
/// <param name="ExpiresAt">Null for never.</param>
/// <param name="Secret">What is sent to be let in; shown this once.</param>
public sealed record IssuedToken(
    string Id,
    string Name,
    string Scope,
    DateTimeOffset? ExpiresAt,
    [property: System.Text.Json.Serialization.JsonPropertyName("token")] string Secret
)
{
    /// <summary>Leaves the secret out.</summary>
    public override string ToString() => $"{nameof(IssuedToken)} {{ Id = {Id}, Name = {Name}, Scope = {Scope} }}";
}
