using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>Something that was let go wrong with a session or with its gateway, the truth of it, and what was judged.</summary>
internal sealed class Trouble(SimulatedSession session, Fault fault, DateTimeOffset at)
{
    public SimulatedSession Session => session;

    public Fault Fault => fault;

    public DateTimeOffset At => at;

    public Remedy Remedy { get; } = Remedy.Of(session.Kind, fault);

    /// <summary>From when on it could be seen; null as long as it cannot.</summary>
    public DateTimeOffset? EvidenceAt { get; set; }

    /// <summary>Until when it has to be found; null as long as there is no evidence.</summary>
    public DateTimeOffset? Deadline { get; set; }

    /// <summary>When the first message went in or out that may show it; null before.</summary>
    public DateTimeOffset? MovedAt { get; set; }

    /// <summary>The first check after that; null before it.</summary>
    public DateTimeOffset? LookedAt { get; set; }

    public DateTimeOffset? FoundAt { get; set; }

    /// <summary>What it was judged to be last.</summary>
    public SessionState? Judged { get; set; }

    public HashSet<CureStep> Steps { get; } = [];

    public HashSet<AskFor> Asks { get; } = [];

    /// <summary>When a person was first asked for something.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    public bool WasHelped { get; set; }

    /// <summary>When it was seen to be over in truth; null while it goes on.</summary>
    public DateTimeOffset? OverAt { get; set; }

    public string Row =>
        fault.Kind is FaultKind.Drop or FaultKind.Zombie or FaultKind.Deaf
            ? $"{fault.Kind.Word()} ({Cure(fault.Recovery)}) {session.Kind.Word()}"
            : $"{fault.Kind.Word()} {session.Kind.Word()}";

    /// <summary>Whether it goes on, by the simulator's own truth.</summary>
    public bool GoesOn(DateTimeOffset now) =>
        fault.Kind switch
        {
            FaultKind.WebhookStolen => !session.TellsUs,
            FaultKind.Deaf or FaultKind.Timelock or FaultKind.Capped => session.Has(fault.Kind),
            _ when IsOfGateway => fault.For is { } span && now < at + span,
            _ => !session.IsAlive || session.Has(fault.Kind),
        };

    /// <summary>Whether the whole gateway has it.</summary>
    public bool IsOfGateway =>
        fault.Kind is FaultKind.GatewayDown or FaultKind.Unlicensed or FaultKind.TooMany or FaultKind.ServerError or FaultKind.Slow;

    public bool IsLate => FoundAt > Deadline;

    /// <summary>It went on beyond the time in which it had to be found, and was not.</summary>
    public bool IsMissed => Remedy.IsTold && FoundAt is null && Deadline is { } deadline && (OverAt ?? DateTimeOffset.MaxValue) > deadline;

    /// <summary>What is not as it has to be; null when all is.</summary>
    public string? Wrong()
    {
        if (!Remedy.IsTold)
        {
            return null;
        }

        var steps = Steps.Where(step => !Remedy.Steps.Contains(step)).ToList();
        var asks = Asks.Where(ask => !Remedy.Asks.Contains(ask)).ToList();
        return IsMissed ? "was not found"
            : IsLate ? $"was found at {FoundAt:HH:mm} and not by {Deadline:HH:mm}"
            : steps.Count > 0 ? $"was treated with {string.Join(", ", steps)}"
            : asks.Count > 0 ? $"asked people for {string.Join(", ", asks)}"
            : Remedy.Needs is { } needs && WasHelped && !Asks.Contains(needs) ? $"did not ask for {needs}"
            : null;
    }

    public override string ToString() => $"{At:HH:mm} {Session.Id} {Row}";

    private static string Cure(Recovery recovery) =>
        recovery switch
        {
            Recovery.Itself => "by itself",
            Recovery.StopStart => "stop and start",
            _ => recovery.ToString().ToLowerInvariant(),
        };
}
