using Pontual.Engine.Audit;

namespace Pontual.Engine.Access;

/// <summary>Keeps the links by which the first administrator is made, each for one use.</summary>
public interface IAdminLinkStore
{
    /// <summary>Offers a link, unless an administrator is there already (a user of role admin in the default tenant).</summary>
    /// <param name="hash">SHA-256 of the link's secret (256 random bits).</param>
    /// <param name="now">Now.</param>
    /// <param name="expiresAt">When it ends.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when there is an administrator.</returns>
    Task<bool> OfferAsync(ReadOnlyMemory<byte> hash, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancellation);

    /// <returns>Whether the link would be taken now.</returns>
    Task<bool> HoldsAsync(ReadOnlyMemory<byte> hash, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Takes the link and adds the administrator, both or neither; every other link ends with it.</summary>
    /// <returns><see cref="AdminLinkUse.Taken"/>, or why not.</returns>
    Task<AdminLinkUse> TakeAsync(
        ReadOnlyMemory<byte> hash,
        User administrator,
        string passwordHash,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    );
}

/// <summary>What became of the use of a link.</summary>
public enum AdminLinkUse
{
    /// <summary>The administrator is made.</summary>
    Taken,

    /// <summary>The link is unknown, was used, has ended, or there is an administrator by now.</summary>
    Refused,

    /// <summary>A user of that name is there already; the link still holds.</summary>
    NameTaken,
}
