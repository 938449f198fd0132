using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Access;

/// <summary>The port of users.</summary>
internal sealed class UserStore(PontualDatabase database) : IUserStore
{
    private static readonly Statement ByName = new(
        $"SELECT {UserRowStore.Columns}, password, totp_secret FROM user_account WHERE tenant = @tenant AND name = @name"
    );

    private static readonly Statement Page = new(
        $"SELECT {UserRowStore.Columns} FROM user_account WHERE tenant = @tenant AND name > @after ORDER BY name LIMIT @limit"
    );

    private static readonly Statement Any = new("SELECT 1 FROM user_account WHERE disabled = 0 LIMIT 1");
    private static readonly Statement ById = new("SELECT 1 FROM user_account WHERE id = @id");

    private static readonly Statement Edit = new(
        "UPDATE user_account SET role = @role, disabled = @disabled, revision = revision + 1, updated_at = @now WHERE id = @id"
    );

    private static readonly Statement Delete = new("DELETE FROM user_account WHERE id = @id");
    private static readonly Statement DropCodes = new("DELETE FROM recovery_code WHERE user_id = @id");
    private static readonly Statement DropSessions = new("DELETE FROM user_session WHERE user_id = @id AND hash <> @keep");
    private static readonly Statement SetPassword = new("UPDATE user_account SET password = @hash WHERE id = @id");
    private static readonly Statement Rehash = new("UPDATE user_account SET password = @new WHERE id = @id AND password = @old");
    private static readonly Statement NoteLogin = new("UPDATE user_account SET last_login_at = @now WHERE id = @id");

    private static readonly Statement OfferTotp = new("UPDATE user_account SET totp_secret = @secret WHERE id = @id AND last_step IS NULL");

    private static readonly Statement ConfirmTotp = new(
        "UPDATE user_account SET last_step = @step WHERE id = @id AND totp_secret = @secret AND last_step IS NULL"
    );

    private static readonly Statement RemoveTotp = new(
        "UPDATE user_account SET totp_secret = NULL, last_step = NULL WHERE id = @id AND totp_secret IS NOT NULL"
    );

    private static readonly Statement TakeStep = new("UPDATE user_account SET last_step = @step WHERE id = @id AND last_step < @step");
    private static readonly Statement TakeCode = new("DELETE FROM recovery_code WHERE user_id = @id AND hash = @hash");

    private static readonly RowSet<ReadOnlyMemory<byte>> Codes = new(("hash", ValueKind.Bytes, hash => hash));
    private static readonly Statement AddCodes = new("WITH {rows} INSERT INTO recovery_code (user_id, hash) SELECT @id, hash FROM rows");

    public Task<bool> AddAsync(User user, string passwordHash, Actor by, CancellationToken cancellation) =>
        database.WriteSurelyAsync(
            async session =>
            {
                await UserRowStore.HoldAsync(session);
                return await UserRowStore.AddAsync(session, user, passwordHash, by);
            },
            async (session, added) => !added || (await session.QueryAsync(ById, row => row.Int64(0), ("id", user.Id))).Count > 0,
            cancellation
        );

    public Task<User?> FindAsync(UserName name, CancellationToken cancellation) =>
        database.ReadAsync(session => UserRowStore.FindAsync(session, name), cancellation);

    public async Task<Credentials?> CredentialsAsync(UserName name, CancellationToken cancellation) =>
        (
            await database.ReadAsync(
                session => session.QueryAsync(ByName, ReadCredentials, ("tenant", name.Tenant.ToString()), ("name", name.Text)),
                cancellation
            )
        ).FirstOrDefault();

    public async Task<IReadOnlyList<User>> ListAsync(TenantName tenant, UserName? after, int limit, CancellationToken cancellation) =>
        await database.ReadAsync(
            session =>
                session.QueryAsync(Page, UserRowStore.Read, ("tenant", tenant.ToString()), ("after", after?.Text ?? ""), ("limit", limit)),
            cancellation
        );

    public Task<bool> HasAdminAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => UserRowStore.HasAdminBesidesAsync(session, ""), cancellation);

    public Task<bool> HasAnyAsync(CancellationToken cancellation) =>
        database.ReadAsync(async session => (await session.QueryAsync(Any, row => row.Int64(0))).Count > 0, cancellation);

    public Task<UserChange> EditAsync(
        UserName name,
        TokenScope role,
        bool disabled,
        int? expectedRevision,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            name,
            async (session, user) =>
            {
                if (expectedRevision is { } expected && expected != user.Revision)
                {
                    return UserChange.Conflict;
                }

                if (user.Role == role && user.IsDisabled == disabled)
                {
                    return UserChange.Unchanged;
                }

                if ((role is not TokenScope.Admin || disabled) && await IsLastAdminAsync(session, user))
                {
                    return UserChange.LastAdmin;
                }

                await session.ExecuteAsync(
                    Edit,
                    ("id", user.Id),
                    ("role", ScopeWords.Of(role)),
                    ("disabled", disabled ? 1 : 0),
                    ("now", now)
                );
                var edited = user with { Role = role, IsDisabled = disabled };
                await UserRowStore.NoteAsync(session, user, by, "user.updated", now, UserRowStore.Shown(user), UserRowStore.Shown(edited));
                if (disabled)
                {
                    await session.ExecuteAsync(DropSessions, ("id", user.Id), ("keep", Array.Empty<byte>()));
                }

                return UserChange.Done;
            },
            async (session, change) =>
                change is not UserChange.Done || (await UserRowStore.FindAsync(session, name))?.UpdatedAt == Cut(now),
            cancellation
        );

    public Task<UserChange> RemoveAsync(UserName name, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        ChangeAsync(
            name,
            async (session, user) =>
            {
                if (await IsLastAdminAsync(session, user))
                {
                    return UserChange.LastAdmin;
                }

                await session.ExecuteAsync(DropSessions, ("id", user.Id), ("keep", Array.Empty<byte>()));
                await session.ExecuteAsync(DropCodes, ("id", user.Id));
                await session.ExecuteAsync(Delete, ("id", user.Id));
                await UserRowStore.NoteAsync(session, user, by, "user.removed", now, UserRowStore.Shown(user));
                return UserChange.Done;
            },
            async (session, change) => change is not UserChange.Done || await UserRowStore.FindAsync(session, name) is null,
            cancellation
        );

    public Task SetPasswordAsync(
        User user,
        string passwordHash,
        byte[]? keep,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        NotedAsync(
            user,
            by,
            "user.password-set",
            now,
            async session =>
            {
                await session.ExecuteAsync(DropSessions, ("id", user.Id), ("keep", keep ?? []));
                return await session.ExecuteAsync(SetPassword, ("id", user.Id), ("hash", passwordHash));
            },
            cancellation
        );

    public Task RehashAsync(string id, string oldHash, string newHash, CancellationToken cancellation) =>
        DoesAsync(session => session.ExecuteAsync(Rehash, ("id", id), ("old", oldHash), ("new", newHash)), cancellation);

    public Task NoteLoginAsync(User user, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        NotedAsync(
            user,
            by,
            "user.logged-in",
            now,
            session => session.ExecuteAsync(NoteLogin, ("id", user.Id), ("now", now)),
            cancellation
        );

    public Task<bool> OfferTotpAsync(string id, string sealedSecret, CancellationToken cancellation) =>
        DoesAsync(session => session.ExecuteAsync(OfferTotp, ("id", id), ("secret", sealedSecret)), cancellation);

    public Task<bool> ConfirmTotpAsync(
        User user,
        string sealedSecret,
        long step,
        IReadOnlyList<ReadOnlyMemory<byte>> recoveryCodes,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        NotedAsync(
            user,
            by,
            "user.codes-set",
            now,
            async session =>
            {
                var confirmed = await session.ExecuteAsync(ConfirmTotp, ("id", user.Id), ("secret", sealedSecret), ("step", step));
                if (confirmed > 0)
                {
                    await session.ExecuteAsync(DropCodes, ("id", user.Id));
                    await session.ExecuteAsync(AddCodes, Codes, recoveryCodes, ("id", user.Id));
                }

                return confirmed;
            },
            cancellation
        );

    public Task<bool> RemoveTotpAsync(User user, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
        NotedAsync(
            user,
            by,
            "user.codes-removed",
            now,
            async session =>
            {
                await session.ExecuteAsync(DropCodes, ("id", user.Id));
                return await session.ExecuteAsync(RemoveTotp, ("id", user.Id));
            },
            cancellation
        );

    public Task<bool> TryTakeStepAsync(string id, long step, CancellationToken cancellation) =>
        DoesAsync(session => session.ExecuteAsync(TakeStep, ("id", id), ("step", step)), cancellation);

    public Task<bool> TryTakeRecoveryCodeAsync(string id, ReadOnlyMemory<byte> hash, CancellationToken cancellation) =>
        DoesAsync(session => session.ExecuteAsync(TakeCode, ("id", id), ("hash", hash)), cancellation);

    private Task<UserChange> ChangeAsync(
        UserName name,
        Func<DatabaseSession, User, ValueTask<UserChange>> change,
        Func<DatabaseSession, UserChange, ValueTask<bool>> happened,
        CancellationToken cancellation
    ) =>
        database.WriteSurelyAsync(
            async session =>
            {
                await UserRowStore.HoldAsync(session);
                return await UserRowStore.FindAsync(session, name) is { } user ? await change(session, user) : UserChange.NotFound;
            },
            happened,
            cancellation
        );

    /// <summary>Writes, and into the audit log when there was something to write.</summary>
    private Task<bool> NotedAsync(
        User user,
        Actor by,
        string action,
        DateTimeOffset now,
        Func<DatabaseSession, ValueTask<int>> write,
        CancellationToken cancellation
    ) =>
        database.WriteAsync(
            async session =>
            {
                if (await write(session) == 0)
                {
                    return false;
                }

                await UserRowStore.NoteAsync(session, user, by, action, now);
                return true;
            },
            cancellation
        );

    private Task<bool> DoesAsync(Func<DatabaseSession, ValueTask<int>> write, CancellationToken cancellation) =>
        database.WriteAsync(async session => await write(session) > 0, cancellation);

    private static async ValueTask<bool> IsLastAdminAsync(DatabaseSession session, User user) =>
        user is { Role: TokenScope.Admin, IsDisabled: false, Name.Tenant.IsDefault: true }
        && !await UserRowStore.HasAdminBesidesAsync(session, user.Id);

    private static DateTimeOffset Cut(DateTimeOffset now) => Microseconds.ToInstant(Microseconds.Of(now));

    private static Credentials ReadCredentials(Row row) =>
        new(UserRowStore.Read(row), row.Text(UserRowStore.Count), row.TextOrNull(UserRowStore.Count + 1), row.Int64OrNull(6));
}
