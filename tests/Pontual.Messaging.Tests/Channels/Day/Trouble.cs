using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Outages;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>Something that was let go wrong with a session or with its gateway, the truth of it, and what was judged.</summary>
internal sealed class Trouble(SimulatedSession session, Mischief what, DateTimeOffset at)
{
    // A gateway that restarts is gone for five seconds, and its sessions are there three seconds later.
    private static readonly TimeSpan RestartTakes = TimeSpan.FromSeconds(10);

    public SimulatedSession Session => session;

    public Mischief What => what;

    public Fault Fault => what.Fault;

    public DateTimeOffset At => at;

    public Remedy Remedy { get; } = Remedy.Of(session.Kind, what.Fault);

    public Ending Ending { get; } = Ending.Of(session.Kind, what);

    /// <summary>From when on it could be seen; null as long as it cannot.</summary>
    public DateTimeOffset? EvidenceAt { get; set; }

    /// <summary>Until when it has to be found; null as long as there is no evidence.</summary>
    public DateTimeOffset? Deadline { get; set; }

    /// <summary>When the first message went in or out that may show it; null before.</summary>
    public DateTimeOffset? MovedAt { get; set; }

    /// <summary>The first check after that; null before it.</summary>
    public DateTimeOffset? LookedAt { get; set; }

    public DateTimeOffset? FoundAt { get; set; }

    /// <summary>What it was judged to be last; null as long as it was not.</summary>
    public SessionState? Judged { get; set; }

    /// <summary>What showed it, in a word.</summary>
    public string? Evidence { get; set; }

    /// <summary>That it could not be asked was said.</summary>
    public bool WasSaid { get; set; }

    public List<CureStep> Steps { get; } = [];

    public HashSet<AskFor> Asks { get; } = [];

    /// <summary>When a person was first asked for something.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    public bool WasHelped { get; set; }

    /// <summary>Its gateway had a trouble of its own meanwhile, which may have cured it, or hidden it.</summary>
    public bool WasDisturbed { get; set; }

    /// <summary>What befalls it later has befallen it.</summary>
    public bool HasWorsened { get; set; }

    /// <summary>When it was seen to be over in truth; null while it goes on.</summary>
    public DateTimeOffset? OverAt { get; set; }

    /// <summary>When the check after that had found it well; null before.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Its outage as it was then; null when it left none.</summary>
    public Outage? Outage { get; set; }

    /// <summary>What came of the last look for messages without an outage, as it was then.</summary>
    public GapLook? Look { get; set; }

    public string Row => $"{what.Word} {session.Kind.Word()}";

    /// <summary>Whether it goes on, by the simulator's own truth.</summary>
    public bool GoesOn(DateTimeOffset now) =>
        Fault.Kind switch
        {
            _ when what.IsHarmless => session.Has(Fault.Kind),
            FaultKind.WebhookStolen => !session.TellsUs,
            FaultKind.HoldAcks => session.Has(FaultKind.HoldAcks),
            FaultKind.Deaf or FaultKind.Timelock or FaultKind.Capped => session.Has(Fault.Kind) || (HasWorsened && !session.IsAlive),
            FaultKind.GatewayRestart => now < at + RestartTakes,
            _ when IsOfGateway => Fault.For is { } span && now < at + span,
            _ => !session.IsAlive || session.Has(Fault.Kind),
        };

    /// <summary>Whether the whole gateway has it.</summary>
    public bool IsOfGateway { get; init; }

    public bool IsLate => FoundAt > Deadline;

    /// <summary>It went on beyond the time in which it had to be found, and was not.</summary>
    public bool IsMissed => FoundAt is null && Deadline is { } deadline && (OverAt ?? DateTimeOffset.MaxValue) > deadline;

    /// <summary>How it ended, in a word.</summary>
    public string EndedBy =>
        ClosedAt is null ? "not"
        : Outage is null ? (Steps.Count > 0 ? Steps[^1].ToString() : "-")
        : Outage.CuredBy?.ToString() ?? (WasHelped ? "people" : "itself");

    /// <summary>What became of its messages, in a word.</summary>
    public string GapWord =>
        Outage?.Gap is { } gap ? gap.ToString()
        : Look is { } look && look.Until >= at ? $"{look.Result}"
        : "-";

    /// <summary>What is not as it has to be; null when all is.</summary>
    public string? Wrong() =>
        ClosedAt is null
            ? "has not ended"
            : WrongJudgement() ?? WrongTreatment() ?? WrongEnd() ?? (IsUnsearched ? "was not searched for messages" : null);

    public override string ToString() => $"{At:HH:mm} {Session.Id} {Row}";

    /// <summary>What was in the gateway's memory may be lost: that has to be looked for, where the gateway lists messages.</summary>
    private bool IsUnsearched =>
        Fault.Kind is FaultKind.GatewayRestart
        && session.Kind is GatewayKind.Evolution or GatewayKind.Waha or GatewayKind.WppConnect
        && Outage is null
        && !(Look?.Until >= at);

    /// <summary>What its gateway does not tell of cannot be found, and must not be: it is no outage.</summary>
    private bool MustBeLeft => what.IsHarmless || !Remedy.IsTold;

    private string? WrongJudgement() =>
        MustBeLeft && !WasDisturbed
            ? Judged is { } judged
                ? $"is none, and was judged {judged}"
                : Outage is not null
                    ? $"is none, and left an outage: {Outage.Reason}"
                    : what.HitsQuestions && !WasSaid
                        ? "was not said"
                        : null
            : IsMissed
                ? "was not found"
                : IsLate
                    ? $"was found at {FoundAt:HH:mm} and not by {Deadline:HH:mm}"
                    : null;

    private string? WrongTreatment()
    {
        var steps = Steps
            .Where(step => MustBeLeft || !Remedy.Steps.Contains(step) && !(what.Then is not null && Ending.Cures.Contains(step)))
            .ToList();
        var asks = Asks.Where(ask => MustBeLeft || (ask != Ending.Ask && ask != Ending.MayAsk && !Remedy.Asks.Contains(ask))).ToList();
        return steps.Count > 0 ? $"was treated with {string.Join(", ", steps)}"
            : asks.Count > 0 && !WasDisturbed ? $"asked people for {string.Join(", ", asks)}"
            : null;
    }

    private string? WrongEnd()
    {
        if (WasDisturbed || FoundAt is null)
        {
            return null;
        }

        // A wrapper that is silent is asked for its code, which brings it back: it was only suspect.
        var isNudged = session.Kind is GatewayKind.Wrapper && Fault.Kind is FaultKind.Zombie;
        return Ending.Ask is { } ask && !Asks.Contains(ask) ? $"did not ask for {ask}"
            : Outage is null ? (isNudged || Judged is null ? null : "left no outage")
            : Outage.EndedAt is null ? "left an outage that goes on"
            : !Ending.Cures.Contains(Outage.CuredBy) ? $"was cured by {Outage.CuredBy?.ToString() ?? "nothing"}"
            : Outage.Gap is null or GapResult.Pending or GapResult.Failed
                ? $"left its messages {Outage.Gap?.ToString() ?? "without a word"}"
            : null;
    }
}
