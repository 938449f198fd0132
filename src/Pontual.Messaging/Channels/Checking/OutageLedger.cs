using Pontual.Engine.Events;
using Pontual.Messaging.Channels.Outages;
using Pontual.Messaging.Channels.Registry;
using Pontual.Storage.Database;
using Pontual.Storage.Events;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>Writes what checks find: how a channel is, its outage, and what is tried. One transaction for each.</summary>
public sealed class OutageLedger(PontualDatabase database, TimeProvider time)
{
    /// <summary>The last outage of a channel; null when it had none.</summary>
    internal Task<Outage?> LatestAsync(Guid channel, CancellationToken cancellation) =>
        database.ReadAsync(session => OutageRowStore.LatestAsync(session, channel), cancellation);

    /// <summary>Writes how a channel is found.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="outage">Its outage as it is now; null when there is none, or it is not to be touched.</param>
    /// <param name="cancellation">Stops waiting.</param>
    internal Task SaveAsync(ChannelCase channel, Outage? outage, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await WriteAsync(session, channel, outage);
                return true;
            },
            cancellation
        );

    /// <summary>Takes the turn for an attempt and writes it down, before the gateway is called.</summary>
    /// <returns>False when the gateway has had enough for now, or another check makes this attempt already: then nothing was written.</returns>
    internal Task<bool> TryBeginAsync(ChannelCase channel, Outage trying, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                var (gateway, rules, now) = (channel.Round.Gateway, channel.Round.Wish.Rules, channel.Round.Now);
                if (!await GatewayStore.TryTakeTurnAsync(session, gateway, rules.AttemptsPerMinute, now))
                {
                    return false;
                }

                await WriteAsync(session, channel, trying);
                if (await OutageRowStore.BeginAttemptAsync(session, trying) == 0)
                {
                    return false;
                }

                await SliceEvents.TellAsync(
                    session,
                    new Happening(EventKind.ChannelTried, now, channel.View.Channel.Tenant, channel.View.Channel.Name)
                    {
                        State = trying.State.ToString(),
                        Reason = trying.Step!.Value.InWords(),
                    }
                );
                return true;
            },
            cancellation
        );

    /// <summary>Writes what the gateway said to an attempt.</summary>
    internal Task EndAsync(ChannelCase channel, Outage trying, string? error, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await StatusRowStore.PutAsync(session, channel.View.Channel.Id, channel.Status);
                return await OutageRowStore.EndAttemptAsync(session, trying.Id, trying.Attempts, error, time.GetUtcNow());
            },
            cancellation
        );

    private static async ValueTask WriteAsync(DatabaseSession session, ChannelCase channel, Outage? outage)
    {
        var (known, status, now) = (channel.View.Channel, channel.Status, channel.Round.Now);
        await StatusRowStore.PutAsync(session, known.Id, status);
        if (outage is not null)
        {
            await OutageRowStore.PutAsync(session, known.Tenant, outage);
        }

        if (status.State != channel.View.Status.State)
        {
            await SliceEvents.TellAsync(
                session,
                new Happening(EventKind.ChannelChanged, now, known.Tenant, known.Name)
                {
                    State = status.State.ToString(),
                    Reason = status.Reason,
                }
            );
        }
    }
}
