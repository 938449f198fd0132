using System.Collections.Concurrent;
using System.Net;
using Pontual.Engine.Access;
using Pontual.Engine.Tenants;

namespace Pontual.Server.Access;

/// <summary>What became of a token somebody showed.</summary>
internal abstract record TokenVerdict
{
    private TokenVerdict() { }

    /// <summary>It holds.</summary>
    /// <param name="Name">What the token is for.</param>
    /// <param name="Subject">Who its bearer is in records.</param>
    /// <param name="Scope">What it may do.</param>
    /// <param name="Tenant">Whose; null for the installation's own, whose bearer chooses.</param>
    public sealed record Known(string Name, string Subject, TokenScope Scope, TenantName? Tenant) : TokenVerdict;

    /// <summary>It is unknown, has ended or was revoked.</summary>
    public sealed record Refused(string Why) : TokenVerdict;

    /// <summary>Too many were refused from that address; it was not looked at.</summary>
    public sealed record Throttled(TimeSpan Wait) : TokenVerdict;
}

/// <summary>Says who a token belongs to.</summary>
internal sealed class TokenReader(ITokenStore store, FixedTokens fixedTokens, FailedAttempts failures, TimeProvider time)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    /// <summary>Hashes that were good once: guessing from an address does not lock out those who work from it.</summary>
    private readonly ConcurrentDictionary<string, bool> _seenGood = new();

    /// <summary>Judges a token shown from an address.</summary>
    public async Task<TokenVerdict> ReadAsync(string secret, IPAddress? from, CancellationToken cancellation)
    {
        var hash = TokenSecret.IsPlausible(secret) ? TokenSecret.Hash(secret) : null;
        if (hash is not null && fixedTokens.Find(hash) is { } own)
        {
            return new TokenVerdict.Known(own.Name, own.Subject, TokenScope.Admin, Tenant: null);
        }

        var key = hash is null ? "" : Convert.ToHexString(hash);
        if (failures.WaitOf(from) is { } wait && !_seenGood.ContainsKey(key))
        {
            return new TokenVerdict.Throttled(wait);
        }

        var verdict = hash is null ? new TokenVerdict.Refused("This is no token of this server.") : await LookUpAsync(hash, cancellation);
        if (verdict is not TokenVerdict.Known)
        {
            _seenGood.TryRemove(key, out _);
            failures.Count(from);
        }
        else if (_seenGood.Count < MostRemembered)
        {
            _seenGood.TryAdd(key, true);
        }

        return verdict;
    }

    private async Task<TokenVerdict> LookUpAsync(byte[] hash, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var token = await store.FindAsync(hash, cancellation);
        switch (token)
        {
            case null:
                return new TokenVerdict.Refused("This is no token of this server.");
            case { RevokedAt: not null }:
                return new TokenVerdict.Refused("This token was revoked.");
            case { ExpiresAt: { } end } when end <= now:
                return new TokenVerdict.Refused("This token has expired.");
        }

        if (token.LastUsedAt is null || now - token.LastUsedAt >= TouchEvery)
        {
            await store.TouchAsync(token.Id, now, cancellation);
        }

        return new TokenVerdict.Known(token.Name, $"token:{token.Id}", token.Scope, token.Tenant);
    }
}
