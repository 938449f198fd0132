using Pontual.Messaging.Channels.Checking;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>From when on a trouble could be seen from outside. From then on the next check has to find it.</summary>
internal static class Evidence
{
    // Evolution fights for its place: two changes in thirteen seconds, and twenty are a loop.
    private static readonly TimeSpan Loop = TimeSpan.FromSeconds(140);

    private static readonly LivenessRules Rules = LivenessRules.Usual;

    private static readonly (string Part, string Word)[] Words =
    [
        ("acknowledged none", "no acks"),
        ("no sign of life", "silence, no sign"),
        ("no webhook of it came", "count"),
        ("webhooks do not come", "setting"),
        ("in circles", "circles"),
        ("could not be asked", "no answer"),
        ("did not answer", "no answer"),
        ("broke before", "no answer"),
    ];

    /// <summary>What shows at once has its evidence at once; what says connected and is not, has it later.</summary>
    public static DateTimeOffset? AtOnce(Trouble trouble, TimeSpan period) =>
        trouble.Fault.Kind switch
        {
            // Where webhooks go is not looked at each time.
            FaultKind.WebhookStolen when period < Rules.WebhookLook => trouble.At + Rules.WebhookLook,
            FaultKind.Deaf or FaultKind.Zombie or FaultKind.HoldAcks or FaultKind.GatewayRestart => null,
            _ when trouble.What.IsHarmless || !trouble.Remedy.IsTold => null,
            FaultKind.Conflict when trouble.Session.Kind is GatewayKind.Evolution => trouble.At + Loop,
            _ => trouble.At,
        };

    /// <summary>A message went in or out. One that is not told shows a dead way, unless others were told since the last check: the count has moved for those too.
    /// The next check sees that, and the one after it takes it for proof: webhooks may be on their way.
    /// One that is sent by a dead session and comes back as an echo is never acknowledged.</summary>
    public static void Moved(Trouble trouble, bool isInbound, DateTimeOffset checkedAt, DateTimeOffset now, TimeSpan period)
    {
        var isCounted = trouble.Session.Kind is GatewayKind.Evolution or GatewayKind.Waha;
        trouble.EvidenceAt = trouble.Fault.Kind switch
        {
            FaultKind.Deaf when isCounted && checkedAt >= trouble.At => now + (period > Rules.Unheard ? period : Rules.Unheard),
            FaultKind.Zombie or FaultKind.HoldAcks when isCounted && !isInbound && !trouble.What.IsHarmless => now + Rules.Unacknowledged,
            _ => null,
        };
        trouble.MovedAt = trouble.EvidenceAt is null ? null : now;
    }

    /// <summary>Whether it has to be found by now.</summary>
    public static bool IsThere(Trouble trouble, DateTimeOffset inbound, TimeSpan? learned, DateTimeOffset now) =>
        (trouble.EvidenceAt <= now && (trouble.Fault.Kind is not FaultKind.Deaf || trouble.LookedAt is not null))
        || (trouble.Fault.Kind is FaultKind.Zombie && SilenceEnds(trouble, inbound, learned) <= now);

    /// <summary>What a finding says that showed it, in a word.</summary>
    public static string WordOf(ChannelFinding finding) =>
        Words.FirstOrDefault(word => finding.Reason?.Contains(word.Part, StringComparison.Ordinal) is true).Word
        ?? (finding.IsSuspect ? "silence" : "told");

    /// <summary>When silence is too long, and a sign of life has been asked for since. The wrapper has none: there a code is asked for, every four hours.</summary>
    private static DateTimeOffset SilenceEnds(Trouble trouble, DateTimeOffset inbound, TimeSpan? learned)
    {
        var silent = inbound + (learned > Rules.Silence ? learned.Value : Rules.Silence);
        return (silent > trouble.At ? silent : trouble.At)
            + (trouble.Session.Kind is GatewayKind.Wrapper ? Rules.Silence : Rules.ProbeEvery);
    }
}
