using System.Globalization;

namespace Pontual.Messaging.Channels.Trust;

/// <summary>The parts of a score. Where one goes by two measures, the worse of them counts.</summary>
internal static class TrustComponents
{
    public static TrustComponent Age(TrustFacts facts, TrustRules rules) =>
        facts.Age is { } age
            ? Known(rules.Age, age.TotalDays, $"{age.TotalDays:0} days in use")
            : Unknown(rules.Age, "not seen connected yet");

    public static TrustComponent Stability(TrustFacts facts, TrustRules rules) =>
        Worse(
            facts.Outages is { } outages ? Known(rules.Outages, outages, $"{outages} outages") : Unknown(rules.Outages, "not watched yet"),
            facts.Uptime is { } uptime ? Known(rules.Uptime, uptime, $"it worked {Percent(uptime)} of the time") : null
        );

    public static TrustComponent Delivery(TrustFacts facts, TrustRules rules) =>
        OfShare(rules.Delivery, facts.Delivered, "messages sent", "were taken by the platform");

    public static TrustComponent Invalid(TrustFacts facts, TrustRules rules) =>
        OfShare(rules.Invalid, facts.Invalid, "messages sent", "were for numbers that do not exist");

    public static TrustComponent Reply(TrustFacts facts, TrustRules rules) =>
        OfShare(rules.Reply, facts.Replied, "people written to first", "answered within 48 hours");

    public static TrustComponent OptOut(TrustFacts facts, TrustRules rules) =>
        OfShare(rules.OptOut, facts.OptedOut, "people written to first", "want nothing, or blocked the number");

    public static TrustComponent Cold(TrustFacts facts, TrustRules rules) =>
        Worse(
            OfShare(rules.Cold, facts.Cold, "messages sent", "began a conversation"),
            facts.Quota.All >= Math.Max(1, rules.Quota.Least)
                ? Known(rules.Quota, facts.Quota.Value, $"{facts.Quota.Some} of the platform's quota of {facts.Quota.All} are used")
                : null
        );

    public static TrustComponent Pace(TrustFacts facts, TrustRules rules) =>
        Worse(
            facts.DailyCap is > 0 and var cap
                ? Known(rules.Pace, (double)facts.Sent / cap, $"{facts.Sent} sent, and {cap} a day are the most at this age")
                : Unknown(rules.Pace, "there is no most for it"),
            facts.UsualSent is { } usual && facts.Sent >= rules.Spike.Least
                ? Known(rules.Spike, facts.Sent / Math.Max(1, usual), $"{facts.Sent} sent, and {usual:0} a day are usual")
                : null
        );

    public static TrustComponent Duplicate(TrustFacts facts, TrustRules rules) =>
        OfShare(rules.Duplicate, facts.Identical, "first messages", "were word for word the same");

    private static TrustComponent OfShare(TrustThreshold threshold, Share share, string all, string some) =>
        share.All < Math.Max(1, threshold.Least)
            ? Unknown(threshold, $"not enough data: {share.All} {all}, and {Math.Max(1, threshold.Least)} are needed")
            : Known(threshold, share.Value, $"of {share.All} {all} {share.Some} {some} ({Percent(share.Value)})");

    private static TrustComponent Known(TrustThreshold threshold, double measure, string evidence) =>
        new(
            threshold.Code,
            Math.Round(measure, 4),
            Math.Round(threshold.PointsFor(measure), 2),
            threshold.Most,
            threshold.Window,
            threshold.Source,
            [evidence]
        );

    private static TrustComponent Unknown(TrustThreshold threshold, string evidence) =>
        new(threshold.Code, null, null, threshold.Most, threshold.Window, threshold.Source, [evidence]);

    /// <summary>The evidence of both, and the points of the one that is worse off.</summary>
    private static TrustComponent Worse(TrustComponent one, TrustComponent? other)
    {
        if (other is null)
        {
            return one;
        }

        var worse = one.Points is { } points && points / one.Most <= other.Points / other.Most ? one : other;
        return worse with { Evidence = [.. one.Evidence, .. other.Evidence] };
    }

    private static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
