using System.Globalization;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Channels.Liveness;

/// <summary>What the evidence says of a session.</summary>
/// <param name="State">How it is.</param>
/// <param name="Reason">Why, for people; null when it is well.</param>
/// <param name="IsSuspect">Nothing came in for longer than usual. That alone proves nothing: nights are quiet.</param>
public sealed record Judgement(SessionState State, string? Reason, bool IsSuspect)
{
    /// <summary>Whether it works as far as is known.</summary>
    public bool IsWell => State is SessionState.Connected;

    /// <summary>Judges (gateways.md, 7.5). Silence alone is never more than suspicion: what makes a zombie is a proof that something is lost.</summary>
    /// <param name="evidence">What is known.</param>
    /// <param name="rules">When something counts.</param>
    /// <param name="now">The instant of the judgement.</param>
    public static Judgement Of(Evidence evidence, LivenessRules rules, DateTimeOffset now)
    {
        var reported = evidence.Reported;
        if (evidence.Restricted is { Kind: RestrictionKind.Blocked } blocked && evidence.IsRestricted(now))
        {
            return new(SessionState.Banned, $"the platform has blocked the number: {blocked.Raw}", false);
        }

        if (reported.State is not SessionState.Connected)
        {
            return new(reported.State, WhyNot(reported, evidence, rules, now), false);
        }

        if (evidence.ChangesLately >= rules.LoopPerHour && now - evidence.ChangedAt < rules.LoopCalm)
        {
            return new(
                SessionState.Connecting,
                $"the gateway says {reported.Raw} at this moment, and it has changed {evidence.ChangesLately} times lately: it goes in circles",
                false
            );
        }

        var silence = Silence(evidence, rules, now);
        if (Lost(evidence, rules, now, silence is not null) is { } lost)
        {
            return lost with { IsSuspect = silence is not null };
        }

        if (evidence.Restricted is { } restricted && evidence.IsRestricted(now))
        {
            var until = restricted.Until is { } end ? $", until {Time(end)}" : "";
            return new(SessionState.Restricted, $"the platform restricts it: {restricted.Raw}{until}", silence is not null);
        }

        return new(SessionState.Connected, silence, silence is not null);
    }

    /// <summary>What proves that a session which says "connected" loses messages; the cheapest cure first, for a dead path needs no new session.</summary>
    private static Judgement? Lost(Evidence evidence, LivenessRules rules, DateTimeOffset now, bool isSilent)
    {
        if (evidence.WebhookFault is { } fault)
        {
            return new(SessionState.Degraded, $"its webhooks do not come to us: {fault}", false);
        }

        if (evidence.UnheardSince is { } unheard && now - unheard >= rules.Unheard)
        {
            return new(
                SessionState.Degraded,
                $"the gateway counts what happens since {Time(unheard)}, and no webhook of it came: their way is dead, not the session",
                false
            );
        }

        if (evidence.MessagesMissingSince is { } missing && now - missing >= rules.Unheard)
        {
            return new(
                SessionState.Zombie,
                $"the gateway counts messages since {Time(missing)}, and sends webhooks of all but those",
                false
            );
        }

        if (evidence.UnacknowledgedSince is { } unacknowledged && now - unacknowledged >= rules.Unacknowledged)
        {
            return new(
                SessionState.Zombie,
                $"it takes messages, and the platform has acknowledged none since {Time(unacknowledged)}",
                false
            );
        }

        return isSilent && evidence.Probe is { IsAlive: false } probe
            ? new(SessionState.Zombie, $"nothing has come in for long, and it gives no sign of life: {probe.Detail}", false)
            : null;
    }

    /// <returns>Why it is suspect; null when it is not quiet for too long.</returns>
    private static string? Silence(Evidence evidence, LivenessRules rules, DateTimeOffset now)
    {
        var learned = rules.UseLearned ? evidence.LearnedQuiet : null;
        var allowed = learned > rules.Silence ? learned.Value : rules.Silence;
        var last = evidence.InboundAt ?? evidence.ReportedSince;
        return now - last < allowed
            ? null
            : $"no message has come in since {Time(last)}, and {Hours(allowed)} are {(learned == allowed ? "what it is usually quiet from then on" : "the most that is waited")}";
    }

    private static string WhyNot(SessionFacts reported, Evidence evidence, LivenessRules rules, DateTimeOffset now)
    {
        var code = reported.Code is { } number ? $" (code {number})" : "";
        var said = $"the gateway says {reported.Raw}{code}{(reported.Note is { } note ? $"; {note}" : "")}";
        return reported.State switch
        {
            SessionState.Connecting when evidence.ChangesPerHour >= rules.LoopPerHour =>
                $"{said}, and it has changed {evidence.ChangesPerHour} times within an hour: it goes in circles",
            SessionState.Connecting when now - evidence.ReportedSince >= rules.StuckConnecting =>
                $"{said} since {Time(evidence.ReportedSince)}: it is stuck",
            _ => said,
        };
    }

    /// <summary>An instant for people.</summary>
    internal static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Hours(TimeSpan span) =>
        span < TimeSpan.FromHours(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} min")
            : string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} h");
}
