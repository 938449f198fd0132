using System.Text.Json;
using Pontual.Messaging.Channels.Counters;
using Pontual.Messaging.Channels.Trust;

namespace Pontual.Server.Channels;

/// <summary>How much a channel can be trusted. Before its first score, and as long as too little is known, the score is null and the band <c>not-enough-data</c>.
/// The band falls at once and rises slowly; <c>judged</c> is that of the latest score by itself.</summary>
internal sealed record ChannelTrustView(
    string Channel,
    int? Score,
    string Band,
    string Judged,
    string Confidence,
    string? RuleVersion,
    DateTimeOffset? At,
    DateTimeOffset? AlarmedAt,
    IReadOnlyList<TrustPartView> Components,
    IReadOnlyList<TrustCeilingView> Ceilings,
    IReadOnlyList<string> Notes,
    IReadOnlyList<TrustMarkView> History
)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <param name="channel">Its name.</param>
    /// <param name="scores">Newest first; none when it was never scored.</param>
    public static ChannelTrustView Of(string channel, IReadOnlyList<TrustSnapshot> scores)
    {
        if (scores is not [var latest, ..])
        {
            var unknown = ChannelWords.Of(TrustBand.NotEnoughData);
            var none = ChannelWords.Of(TrustConfidence.None);
            return new ChannelTrustView(channel, null, unknown, unknown, none, null, null, null, [], [], ["it was not scored yet"], []);
        }

        var made = JsonSerializer.Deserialize<Made>(latest.Document, Format)!;
        return new ChannelTrustView(
            channel,
            latest.Score,
            ChannelWords.Of(latest.Standing.Band),
            ChannelWords.Of(latest.Judged),
            ChannelWords.Of(latest.Confidence),
            latest.RuleVersion,
            latest.At,
            latest.AlarmedAt,
            made.Components,
            made.Bounds,
            made.Notes,
            [.. scores.Select(TrustMarkView.Of)]
        );
    }

    /// <summary>What of a kept score is read back.</summary>
    private sealed record Made(
        IReadOnlyList<TrustPartView> Components,
        IReadOnlyList<TrustCeilingView> Bounds,
        IReadOnlyList<string> Notes
    );
}

/// <summary>A part of a score. <c>points</c> is null when there is not enough to judge by: it counts neither way.</summary>
internal sealed record TrustPartView(
    string Code,
    double? Value,
    double? Points,
    double Most,
    string Window,
    string Source,
    IReadOnlyList<string> Evidence
);

/// <summary>A ceiling that holds: the score does not exceed <c>most</c> as long as <c>alarm</c> is so.</summary>
internal sealed record TrustCeilingView(string Alarm, int Most, string Reason, string Source);

/// <summary>A score of some time.</summary>
internal sealed record TrustMarkView(DateTimeOffset At, int? Score, string Band, string Judged, string RuleVersion)
{
    public static TrustMarkView Of(TrustSnapshot snapshot) =>
        new(snapshot.At, snapshot.Score, ChannelWords.Of(snapshot.Standing.Band), ChannelWords.Of(snapshot.Judged), snapshot.RuleVersion);
}

/// <summary>What went through a channel on a day. <c>taken</c> to <c>failed</c> are of the messages sent; <c>replies</c> of the conversations that we began.</summary>
internal sealed record ChannelDayView(
    DateOnly Day,
    int Sent,
    int Taken,
    int Delivered,
    int Seen,
    int Failed,
    int Invalid,
    int OptedOut,
    int Restricted,
    int Received,
    int FirstContacts,
    int Replies,
    int Disconnects,
    DateTimeOffset? ClosedAt
)
{
    public static ChannelDayView Of(ChannelDay day)
    {
        var tally = day.Tally;
        return new ChannelDayView(
            day.Day,
            tally.Sent,
            tally.Taken,
            tally.Delivered,
            tally.Seen,
            tally.Failed,
            tally.Invalid,
            tally.OptedOut,
            tally.Restricted,
            tally.Received,
            tally.FirstContacts,
            tally.Replies,
            tally.Disconnects,
            day.ClosedAt
        );
    }
}
