using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Registry;
using Pontual.Messaging.Inbox;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>Reads what is known of a gateway's channels beside their rows: how long they are usually quiet, and what was never acknowledged.</summary>
public sealed class KnownQuiet(PontualDatabase database, ChannelOptions options)
{
    // What was never acknowledged in a day will not be: it says nothing about now.
    private static readonly TimeSpan OldestUnacknowledged = TimeSpan.FromDays(1);

    /// <summary>Reads it in two statements for all channels.</summary>
    internal Task<QuietKnowledge> ReadAsync(
        GatewayRecord gateway,
        IReadOnlyList<ChannelView> views,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        List<(Guid, int)> wanted =
        [
            .. views.Where(view => view.Signs.InboundAt is not null).Select(view => (view.Channel.Id, SlotOf(view))),
        ];
        List<(string, DateTimeOffset)> since = [.. views.Select(view => (view.Channel.ExternalId, Since(view, now)))];
        var key = new GatewayKey(gateway.Definition.Tenant, gateway.Definition.Name);
        return database.ReadAsync(
            async session => new QuietKnowledge(
                (await QuietRowStore.FindAsync(session, wanted)).ToDictionary(one => one.Key.Channel, one => one.Value.Folded().Allowed),
                await UnacknowledgedStore.OldestAsync(session, key, since)
            ),
            cancellation
        );
    }

    private int SlotOf(ChannelView view) => QuietHour.SlotOf(options.Zone.ToLocal(view.Signs.InboundAt!.Value).DateTime);

    /// <summary>What was sent before the last acknowledgement, before the last cure, or before it told a change of its connection, proves nothing about the session
    /// as it is now.</summary>
    private static DateTimeOffset Since(ChannelView view, DateTimeOffset now)
    {
        DateTimeOffset?[] instants =
        [
            now - OldestUnacknowledged,
            view.Signs.AckAt,
            view.Signs.ToldAt,
            view.Outage?.LastAttemptAt,
            view.LastOutageEndedAt,
        ];
        return instants.Max()!.Value;
    }
}

/// <summary>What is known of channels beside their rows.</summary>
/// <param name="Quiet">How long each is usually quiet from its last message on; those of which nothing is learned yet are not there, or null.</param>
/// <param name="Unacknowledged">By the gateway's names: the instant of the oldest message that was never acknowledged.</param>
internal sealed record QuietKnowledge(
    IReadOnlyDictionary<Guid, TimeSpan?> Quiet,
    IReadOnlyDictionary<string, DateTimeOffset> Unacknowledged
)
{
    /// <summary>Nothing.</summary>
    public static QuietKnowledge None { get; } = new(new Dictionary<Guid, TimeSpan?>(), new Dictionary<string, DateTimeOffset>());
}
