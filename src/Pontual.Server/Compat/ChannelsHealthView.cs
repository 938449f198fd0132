using System.Text.Json;
using System.Text.Json.Serialization;
using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Counters;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Trust;
using Pontual.Server.Channels;

namespace Pontual.Server.Compat;

/// <summary>How the channels are. Paused ones are counted and shown, and make nothing worse.</summary>
/// <param name="Status">
/// <c>ok</c>; <c>degraded</c> when one does not work, is suspect, restricted, or scored critical; <c>critical</c> when none works;
/// <c>not_configured</c> without channels.
/// </param>
/// <param name="Summary">How many there are; each has one of the states <c>connected</c>, <c>degraded</c>, <c>restricted</c>, <c>needs_pairing</c>,
/// <c>down</c> and <c>unknown</c>, and one band of trust.</param>
/// <param name="Channels">Each by its name; left out without channels.</param>
internal sealed record ChannelsHealthView(
    string Status,
    IReadOnlyDictionary<string, long> Summary,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, ChannelHealthView>? Channels
)
{
    private static readonly string[] Groups = ["connected", "degraded", "restricted", "needs_pairing", "down", "unknown"];

    private static readonly TrustBand[] Bands = [TrustBand.Healthy, TrustBand.Attention, TrustBand.Critical, TrustBand.NotEnoughData];

    public static ChannelsHealthView Of(
        IEnumerable<ChannelView> channels,
        IReadOnlyDictionary<Guid, TrustSnapshot> scores,
        DateTimeOffset now
    )
    {
        List<(ChannelView View, TrustSnapshot? Trust)> there =
        [
            .. channels.Where(view => view.Channel.RetiredAt is null).Select(view => (view, scores.GetValueOrDefault(view.Channel.Id))),
        ];
        return there.Count == 0
            ? new ChannelsHealthView("not_configured", new Dictionary<string, long>(), null)
            : new ChannelsHealthView(
                StatusOf([.. there.Where(one => !one.View.Channel.IsPaused(now))]),
                Count(there, now),
                there.ToDictionary(one => one.View.Channel.Name, one => ChannelHealthView.Of(one.View, one.Trust, now))
            );
    }

    private static string StatusOf(List<(ChannelView View, TrustSnapshot? Trust)> watched) =>
        watched.Count > 0 && watched.TrueForAll(one => GroupOf(one.View.Status.State) is "down" or "needs_pairing" or "restricted")
            ? "critical"
        : watched.Exists(IsWrong) ? "degraded"
        : "ok";

    private static bool IsWrong((ChannelView View, TrustSnapshot? Trust) one) =>
        one.View.Status.State is not SessionState.Connected
        || one.View.Status.SuspectSince is not null
        || one.Trust?.Standing.Band is TrustBand.Critical;

    private static Dictionary<string, long> Count(List<(ChannelView View, TrustSnapshot? Trust)> there, DateTimeOffset now)
    {
        var summary = new Dictionary<string, long> { ["total"] = there.Count };
        foreach (var group in Groups)
        {
            summary[group] = there.Count(one => GroupOf(one.View.Status.State) == group);
        }

        summary["suspect"] = there.Count(one => one.View.Status.SuspectSince is not null);
        summary["paused"] = there.Count(one => one.View.Channel.IsPaused(now));
        foreach (var band in Bands)
        {
            summary[$"trust_{JsonNamingPolicy.SnakeCaseLower.ConvertName(band.ToString())}"] = there.Count(one =>
                ChannelHealthView.BandOf(one.Trust) == band
            );
        }

        return summary;
    }

    private static string GroupOf(SessionState state) =>
        state switch
        {
            SessionState.Connected => "connected",
            SessionState.Degraded => "degraded",
            SessionState.Restricted or SessionState.Banned => "restricted",
            SessionState.NeedsPairing or SessionState.LoggedOut => "needs_pairing",
            SessionState.Unknown => "unknown",
            _ => "down",
        };
}

/// <summary>One channel: its state and why, its score of trust (null when too little is known) and band, and when a webhook last came.</summary>
internal sealed record ChannelHealthView(string State, string? Reason, int? Trust, string Band, bool Paused, DateTimeOffset? LastEventAt)
{
    public static ChannelHealthView Of(ChannelView view, TrustSnapshot? trust, DateTimeOffset now) =>
        new(
            ChannelWords.Of(view.Status.State),
            view.Status.Reason,
            trust?.Score,
            ChannelWords.Of(BandOf(trust)),
            view.Channel.IsPaused(now),
            view.Signs.WebhookAt
        );

    /// <summary>A channel that was never scored is one of which too little is known.</summary>
    public static TrustBand BandOf(TrustSnapshot? trust) => trust?.Standing.Band ?? TrustBand.NotEnoughData;
}
