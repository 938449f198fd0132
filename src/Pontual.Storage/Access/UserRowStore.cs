using System.Text.Json.Nodes;
using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;

namespace Pontual.Storage.Access;

/// <summary>Users inside a session, and the lock under which they are added, edited and removed.</summary>
internal static class UserRowStore
{
    /// <summary>What <see cref="Read"/> reads, from <c>user_account</c>.</summary>
    public const string Columns =
        "user_account.id, tenant, name, role, disabled, revision, last_step, user_account.created_at, updated_at, last_login_at";

    /// <summary>How many columns those are.</summary>
    public const int Count = 10;

    // Whoever changes who there is does so alone: so two edits cannot each take one of the last two administrators.
    private static readonly Statement Alone = new(postgreSql: "SELECT 1 FROM pg_advisory_xact_lock(7063829465713)", sqlite: "SELECT 1");

    private static readonly Statement Insert = new(
        """
        INSERT INTO user_account (id, tenant, name, role, disabled, revision, password, created_at, updated_at)
        VALUES (@id, @tenant, @name, @role, @disabled, 1, @password, @created, @created) ON CONFLICT (tenant, name) DO NOTHING
        """
    );

    private static readonly Statement ByName = new($"SELECT {Columns} FROM user_account WHERE tenant = @tenant AND name = @name");

    private static readonly Statement Admins = new(
        "SELECT 1 FROM user_account WHERE tenant = 'default' AND role = 'admin' AND disabled = 0 AND id <> @id LIMIT 1"
    );

    /// <summary>Keeps others from changing users until the transaction ends.</summary>
    public static async ValueTask HoldAsync(DatabaseSession session) => await session.QueryAsync(Alone, row => row.Int64(0));

    /// <returns>False when the name is taken.</returns>
    public static async ValueTask<bool> AddAsync(DatabaseSession session, User user, string passwordHash, Actor by)
    {
        var added = await session.ExecuteAsync(
            Insert,
            ("id", user.Id),
            ("tenant", user.Name.Tenant.ToString()),
            ("name", user.Name.Text),
            ("role", ScopeWords.Of(user.Role)),
            ("disabled", user.IsDisabled ? 1 : 0),
            ("password", passwordHash),
            ("created", user.CreatedAt)
        );
        if (added > 0)
        {
            await NoteAsync(session, user, by, "user.created", user.CreatedAt, after: Shown(user));
        }

        return added > 0;
    }

    /// <summary>Writes what happened to a user into the audit log.</summary>
    public static async ValueTask NoteAsync(
        DatabaseSession session,
        User user,
        Actor by,
        string action,
        DateTimeOffset now,
        string? before = null,
        string? after = null
    ) => await AuditRowStore.AddAsync(session, new AuditLine(now, user.Name.Tenant, by, action, user.Name.Text, before, after));

    /// <summary>What the audit log tells of a user: never a hash, never a secret.</summary>
    public static string Shown(User user) =>
        new JsonObject { ["role"] = ScopeWords.Of(user.Role), ["disabled"] = user.IsDisabled }.ToJsonString();

    /// <returns>Null when there is no such user.</returns>
    public static async ValueTask<User?> FindAsync(DatabaseSession session, UserName name) =>
        (await session.QueryAsync(ByName, Read, ("tenant", name.Tenant.ToString()), ("name", name.Text))).FirstOrDefault();

    /// <summary>Whether the installation has an administrator who could log in, besides the one with this id.</summary>
    public static async ValueTask<bool> HasAdminBesidesAsync(DatabaseSession session, string id) =>
        (await session.QueryAsync(Admins, row => row.Int64(0), ("id", id))).Count > 0;

    /// <summary>A user, from the first <see cref="Count"/> columns.</summary>
    public static User Read(Row row) =>
        new(
            row.Text(0),
            UserName.Parse(row.Text(2)).In(TenantName.Parse(row.Text(1))),
            ScopeWords.Parse(row.Text(3)),
            row.Int64(4) == 1,
            row.Int32(5),
            !row.IsNull(6),
            row.Instant(7),
            row.Instant(8),
            row.InstantOrNull(9)
        );
}
