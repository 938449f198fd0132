using Pontual.Engine.Runs;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Registry;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>Brings channels in line with what a gateway lists: adds new ones, takes over names and numbers, and retires those that are gone.</summary>
public sealed class ChannelSync(PontualDatabase database, IRandomBytes random, TimeProvider time)
{
    // A gateway that lists too little for a while must not cost channels their history: they count as gone after a day.
    private static readonly TimeSpan MissingFor = TimeSpan.FromHours(24);

    /// <summary>Takes over what a gateway lists.</summary>
    /// <returns>What changed.</returns>
    public Task<SyncReport> TakeOverAsync(GatewayRecord gateway, IReadOnlyList<SessionFacts> listed, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (tenant, name) = (gateway.Definition.Tenant, gateway.Definition.Name);
        return database.WriteAsync(
            async session =>
            {
                var known = (await ChannelRowStore.OfGatewayAsync(session, tenant, name)).ToDictionary(
                    channel => channel.ExternalId,
                    StringComparer.Ordinal
                );
                var (added, updated, retired) = (0, 0, 0);
                foreach (var facts in listed.DistinctBy(facts => facts.Id))
                {
                    if (!known.Remove(facts.Id, out var channel))
                    {
                        var fresh = new Channel(RunId.New(now, random), tenant, name, facts.Id, facts.Id)
                        {
                            Label = facts.Name,
                            Phone = facts.Phone,
                        };
                        await ChannelRowStore.AddAsync(session, fresh, now);
                        added++;
                    }
                    else if (IsOther(channel, facts))
                    {
                        await ChannelRowStore.ListedAsync(session, channel, facts.Name ?? channel.Label, facts.Phone, now);
                        updated++;
                    }
                }

                foreach (var gone in known.Values.Where(channel => channel.RetiredAt is null))
                {
                    await ChannelRowStore.MissedAsync(session, gone, now, MissingFor);
                    retired += gone.MissingSince + MissingFor <= now ? 1 : 0;
                }

                return new SyncReport(listed.Count, added, updated, retired);
            },
            cancellation
        );
    }

    private static bool IsOther(Channel channel, SessionFacts facts) =>
        channel.MissingSince is not null
        || channel.RetiredAt is not null
        || (facts.Name is { } name && name != channel.Label)
        || (facts.Phone is { } phone && phone != channel.Phone);
}

/// <summary>What taking over a gateway's list changed.</summary>
/// <param name="Listed">Channels that it lists.</param>
/// <param name="Added">New ones.</param>
/// <param name="Updated">Those with another name or number, or back again.</param>
/// <param name="Retired">Those that count as gone now.</param>
public readonly record struct SyncReport(int Listed, int Added, int Updated, int Retired)
{
    /// <summary>Both together.</summary>
    public static SyncReport operator +(SyncReport one, SyncReport other) =>
        new(one.Listed + other.Listed, one.Added + other.Added, one.Updated + other.Updated, one.Retired + other.Retired);
}
