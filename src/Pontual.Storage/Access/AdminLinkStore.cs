using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Storage.Database;

namespace Pontual.Storage.Access;

/// <summary>The port of the links by which the first administrator is made.</summary>
internal sealed class AdminLinkStore(PontualDatabase database) : IAdminLinkStore
{
    private static readonly Statement DropEnded = new("DELETE FROM admin_link WHERE expires_at <= @now");
    private static readonly Statement DropAll = new("DELETE FROM admin_link");
    private static readonly Statement Insert = new("INSERT INTO admin_link (hash, expires_at) VALUES (@hash, @expires)");
    private static readonly Statement Holding = new("SELECT 1 FROM admin_link WHERE hash = @hash AND expires_at > @now");

    public Task<bool> OfferAsync(ReadOnlyMemory<byte> hash, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await UserRowStore.HoldAsync(session);
                await session.ExecuteAsync(DropEnded, ("now", now));
                return !await HasAdminAsync(session) && await session.ExecuteAsync(Insert, ("hash", hash), ("expires", expiresAt)) > 0;
            },
            cancellation
        );

    public Task<bool> HoldsAsync(ReadOnlyMemory<byte> hash, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync(session => HoldsAsync(session, hash, now), cancellation);

    public Task<AdminLinkUse> TakeAsync(
        ReadOnlyMemory<byte> hash,
        User administrator,
        string passwordHash,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        database.WriteSurelyAsync(
            async session =>
            {
                await UserRowStore.HoldAsync(session);
                if (!await HoldsAsync(session, hash, now))
                {
                    return AdminLinkUse.Refused;
                }

                if (!await UserRowStore.AddAsync(session, administrator, passwordHash, by))
                {
                    return AdminLinkUse.NameTaken;
                }

                await session.ExecuteAsync(DropAll);
                return AdminLinkUse.Taken;
            },
            async (session, use) =>
                use is not AdminLinkUse.Taken || (await UserRowStore.FindAsync(session, administrator.Name))?.Id == administrator.Id,
            cancellation
        );

    private static async ValueTask<bool> HoldsAsync(DatabaseSession session, ReadOnlyMemory<byte> hash, DateTimeOffset now) =>
        (await session.QueryAsync(Holding, row => row.Int64(0), ("hash", hash), ("now", now))).Count > 0 && !await HasAdminAsync(session);

    private static ValueTask<bool> HasAdminAsync(DatabaseSession session) => UserRowStore.HasAdminBesidesAsync(session, "");
}
