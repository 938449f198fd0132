using Microsoft.Extensions.Logging;
using Pontual.Engine.Runs;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Outages;
using Pontual.Messaging.Channels.Registry;
using Pontual.Messaging.Inbox;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>Looks for messages of the time in which a channel did not work, once it works again (S3-08).</summary>
public sealed class GapSearch
{
    private const int MostMessages = 2_000;
    private const int MostTries = 3;

    // Clocks differ, and the last sign of life may have been a moment before the end.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    // A way that dies is seen only once nothing comes at all: what it lost while something else still came is from before the doubt.
    private static readonly TimeSpan DoubtMargin = TimeSpan.FromHours(1);

    private readonly PontualDatabase _database;
    private readonly InboxReader _inbox;
    private readonly GatewayOpener _opener;
    private readonly IRandomBytes _random;
    private readonly ILogger<GapSearch> _logger;

    internal GapSearch(PontualDatabase database, InboxReader inbox, GatewayOpener opener, IRandomBytes random, ILogger<GapSearch> logger) =>
        (_database, _inbox, _opener, _random, _logger) = (database, inbox, opener, random, logger);

    /// <summary>Looks for those of all outages of a gateway that are over, and where they may have been missed without an outage.</summary>
    /// <returns>What there is to say of it, by the names of channels.</returns>
    internal async Task<IReadOnlyDictionary<string, string>> LookAsync(
        GatewayRecord gateway,
        Gateway open,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var (tenant, name) = (gateway.Definition.Tenant, gateway.Definition.Name);
        var (pending, doubts) = await _database.ReadAsync(
            async session =>
                (await OutageRowStore.WithGapsAsync(session, tenant, name), await DoubtRowStore.OpenAsync(session, tenant, name)),
            cancellation
        );
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        if (pending.Count + doubts.Count == 0)
        {
            return told;
        }

        var known = await _database.ReadAsync(session => ChannelRowStore.OfGatewayAsync(session, tenant, name), cancellation);
        var channels = known.ToDictionary(channel => channel.Id);
        foreach (var outage in pending)
        {
            var looked = await OutageAsync(open, channels[outage.Channel], outage, cancellation);
            Tell(told, channels[outage.Channel], looked.GapFound - outage.GapFound);
            await _database.WriteAsync(session => OutageRowStore.PutAsync(session, tenant, looked), cancellation);
        }

        foreach (var doubt in doubts)
        {
            Tell(told, channels[doubt.Channel], await DoubtAsync(open, channels[doubt.Channel], doubt, now, cancellation));
        }

        return told;
    }

    private static void Tell(Dictionary<string, string> told, Channel channel, int found)
    {
        if (found > 0)
        {
            told[channel.Name] =
                $"{found} {(found == 1 ? "message that was" : "messages that were")} not told {(found == 1 ? "is" : "are")} here now";
        }
    }

    private async Task<Outage> OutageAsync(Gateway open, Channel channel, Outage outage, CancellationToken cancellation)
    {
        try
        {
            var (found, detail) = await SearchAsync(open, channel, outage.StartedAt - Margin, cancellation);
            // An outage that went on after it had seemed over is looked at again: what was found before counts too.
            return outage with
            {
                Gap = outage.GapFound + found > 0 ? GapResult.Found : GapResult.None,
                GapFound = outage.GapFound + found,
                GapDetail = detail,
            };
        }
        catch (GatewayException problem)
        {
            _logger.GapNotLookedFor(channel.Name, problem.Message);
            var tries = outage.GapTries + 1;
            return outage with
            {
                GapTries = tries,
                Gap = tries < MostTries ? GapResult.Pending : GapResult.Failed,
                GapDetail = problem.Message,
            };
        }
    }

    /// <summary>That some were missed proves an outage which nobody saw: it is written down as one that is over.</summary>
    private async Task<int> DoubtAsync(Gateway open, Channel channel, Doubt doubt, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            var (found, detail) = await SearchAsync(open, channel, doubt.Since - DoubtMargin, cancellation);
            var look = new GapLook(doubt.Since, now, found > 0 ? GapResult.Found : GapResult.None, found, detail);
            await _database.WriteAsync(
                async session =>
                {
                    if (found > 0)
                    {
                        await OutageRowStore.PutAsync(session, channel.Tenant, await UnseenAsync(session, look, doubt));
                    }

                    return await DoubtRowStore.EndAsync(session, doubt.Channel, look);
                },
                cancellation
            );
            return found;
        }
        catch (GatewayException problem)
        {
            _logger.GapNotLookedFor(channel.Name, problem.Message);
            var look = new GapLook(doubt.Since, now, GapResult.Failed, 0, problem.Message);
            await _database.WriteAsync(
                session =>
                    doubt.Tries + 1 < MostTries
                        ? DoubtRowStore.PutOffAsync(session, doubt.Channel)
                        : DoubtRowStore.EndAsync(session, doubt.Channel, look),
                cancellation
            );
            return 0;
        }
    }

    private async ValueTask<Outage> UnseenAsync(DatabaseSession session, GapLook look, Doubt doubt)
    {
        var before = (await OutageRowStore.LatestAsync(session, doubt.Channel))?.EndedAt;
        return new Outage(
            RunId.New(look.Until, _random),
            doubt.Channel,
            SessionState.Degraded,
            "messages were not told, and nothing else showed it: the gateway still had them",
            before > look.Since ? before.Value : look.Since,
            look.Until
        )
        {
            EndedAt = look.Until,
            Gap = look.Result,
            GapFound = look.Found,
            GapDetail = look.Detail,
        };
    }

    /// <returns>How many were not known, and what else there is to say.</returns>
    private async Task<(int Found, string? Detail)> SearchAsync(
        Gateway open,
        Channel channel,
        DateTimeOffset since,
        CancellationToken cancellation
    )
    {
        var messages = await open.Messages.MessagesSinceAsync(_opener.SessionOf(channel), since, MostMessages, cancellation);
        var key = new GatewayKey(channel.Tenant, channel.Gateway);
        var found = await _inbox.AddAsync(key, channel.ExternalId, messages, MessageSource.Gap, cancellation);
        return (found, messages.Count < MostMessages ? null : $"there may be more than the {MostMessages} that were looked at");
    }
}
