using Microsoft.Extensions.Logging;
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

    private readonly PontualDatabase _database;
    private readonly InboxReader _inbox;
    private readonly GatewayOpener _opener;
    private readonly ILogger<GapSearch> _logger;

    internal GapSearch(PontualDatabase database, InboxReader inbox, GatewayOpener opener, ILogger<GapSearch> logger) =>
        (_database, _inbox, _opener, _logger) = (database, inbox, opener, logger);

    /// <summary>Looks for those of all outages of a gateway that are over.</summary>
    internal async Task LookAsync(GatewayRecord gateway, Gateway open, CancellationToken cancellation)
    {
        var (tenant, name) = (gateway.Definition.Tenant, gateway.Definition.Name);
        var pending = await _database.ReadAsync(session => OutageRowStore.WithGapsAsync(session, tenant, name), cancellation);
        if (pending.Count == 0)
        {
            return;
        }

        var channels = await _database.ReadAsync(session => ChannelRowStore.OfGatewayAsync(session, tenant, name), cancellation);
        foreach (var outage in pending)
        {
            var channel = channels.First(channel => channel.Id == outage.Channel);
            var looked = await LookAsync(new GatewayKey(tenant, name), open, channel, outage, cancellation);
            await _database.WriteAsync(session => OutageRowStore.PutAsync(session, tenant, looked), cancellation);
        }
    }

    private async Task<Outage> LookAsync(GatewayKey gateway, Gateway open, Channel channel, Outage outage, CancellationToken cancellation)
    {
        try
        {
            var since = outage.StartedAt - Margin;
            var messages = await open.Messages.MessagesSinceAsync(_opener.SessionOf(channel), since, MostMessages, cancellation);
            var found = await _inbox.AddAsync(gateway, channel.ExternalId, messages, MessageSource.Gap, cancellation);
            var isAll = messages.Count < MostMessages;
            return outage with
            {
                Gap = found > 0 ? GapResult.Found : GapResult.None,
                GapFound = found,
                GapDetail = isAll ? null : $"there may be more than the {MostMessages} that were looked at",
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
}
