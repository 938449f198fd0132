using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;

namespace Pontual.Storage.Access;

/// <summary>The port of API tokens and the installation's secret.</summary>
internal sealed class TokenStore(PontualDatabase database) : ITokenStore
{
    private const string Columns = "id, name, tenant, scope, hash, created_at, expires_at, revoked_at, last_used_at";

    private static readonly Statement Insert = new(
        $"INSERT INTO api_token ({Columns}) VALUES (@id, @name, @tenant, @scope, @hash, @created, @expires, @revoked, @used)"
    );

    private static readonly Statement ByHash = new($"SELECT {Columns} FROM api_token WHERE hash = @hash");
    private static readonly Statement All = new(
        $"SELECT {Columns} FROM api_token WHERE tenant = coalesce(@tenant, tenant) ORDER BY created_at DESC, id"
    );
    private static readonly Statement Known = new("SELECT 1 FROM api_token WHERE id = @id");
    private static readonly Statement Revoke = new(
        $"UPDATE api_token SET revoked_at = coalesce(revoked_at, @now) WHERE id = @id AND tenant = @tenant RETURNING {Columns}"
    );

    private static readonly Statement Touch = new(
        "UPDATE api_token SET last_used_at = @minute WHERE id = @id AND (last_used_at IS NULL OR last_used_at < @minute)"
    );

    private static readonly Statement Secret = new("SELECT secret FROM installation");
    private static readonly Statement FirstSecret = new(
        "INSERT INTO installation (one, secret) VALUES (1, @secret) ON CONFLICT (one) DO NOTHING"
    );

    public Task AddAsync(ApiToken token, Actor by, CancellationToken cancellation) =>
        database.WriteSurelyAsync(
            async session =>
            {
                await AuditRowStore.AddAsync(
                    session,
                    new AuditLine(token.CreatedAt, token.Tenant, by, "token.created", token.Id, After: Shown(token))
                );
                return await session.ExecuteAsync(
                    Insert,
                    ("id", token.Id),
                    ("name", token.Name),
                    ("tenant", token.Tenant.ToString()),
                    ("scope", ScopeWords.Of(token.Scope)),
                    ("hash", token.Hash),
                    ("created", token.CreatedAt),
                    ("expires", token.ExpiresAt),
                    ("revoked", token.RevokedAt),
                    ("used", token.LastUsedAt)
                );
            },
            async (session, _) => (await session.QueryAsync(Known, row => row.Int64(0), ("id", token.Id))).Count > 0,
            cancellation
        );

    public async Task<ApiToken?> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation) =>
        (await database.ReadAsync(session => session.QueryAsync(ByHash, Read, ("hash", hash)), cancellation)).FirstOrDefault();

    public async Task<IReadOnlyList<ApiToken>> ListAsync(TenantName? tenant, CancellationToken cancellation) =>
        await database.ReadAsync(session => session.QueryAsync(All, Read, ("tenant", tenant?.ToString())), cancellation);

    public Task<bool> RevokeAsync(TenantName tenant, string id, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                var found = await session.QueryAsync(Revoke, Read, ("id", id), ("tenant", tenant.ToString()), ("now", now));
                await AuditRowStore.AddAsync(
                    session,
                    [
                        .. found
                            .Where(token => token.RevokedAt == now)
                            .Select(token => new AuditLine(now, tenant, by, "token.revoked", id, Shown(token))),
                    ]
                );
                return found.Count > 0;
            },
            cancellation
        );

    public async Task TouchAsync(string id, DateTimeOffset now, CancellationToken cancellation)
    {
        var minute = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        await database.WriteAsync(session => session.ExecuteAsync(Touch, ("id", id), ("minute", minute)), cancellation);
    }

    public async Task<byte[]> InstallationSecretAsync(CancellationToken cancellation)
    {
        var fresh = RandomNumberGenerator.GetBytes(32);
        return await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(FirstSecret, ("secret", fresh));
                return (await session.QueryAsync(Secret, row => row.Bytes(0)))[0];
            },
            cancellation
        );
    }

    /// <summary>What the audit log tells of a token: never its hash.</summary>
    private static string Shown(ApiToken token) =>
        new JsonObject
        {
            ["name"] = token.Name,
            ["scope"] = ScopeWords.Of(token.Scope),
            ["expires_at"] = token.ExpiresAt,
        }.ToJsonString();

    private static ApiToken Read(Row row) =>
        new(
            row.Text(0),
            row.Text(1),
            TenantName.Parse(row.Text(2)),
            ScopeWords.Parse(row.Text(3)),
            row.Bytes(4),
            row.Instant(5),
            row.InstantOrNull(6),
            row.InstantOrNull(7),
            row.InstantOrNull(8)
        );
}
