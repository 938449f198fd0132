using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Tests.Channels.Day;
using Pontual.Server.Demo.Gateways;

namespace Pontual.EndToEnd.Tests.Sessions.Fleet;

/// <summary>A trouble of a session, the truth of it, and what was told of it by the public API.</summary>
internal sealed class FleetTrouble(FleetSession session, Fault fault, DateTimeOffset at)
{
    public FleetSession Session => session;

    public Fault Fault => fault;

    public DateTimeOffset At => at;

    public Remedy Remedy { get; } = Remedy.Of(session.Kind, fault);

    /// <summary>From when on it can be seen from outside; null as long as it cannot.</summary>
    public DateTimeOffset? EvidenceAt { get; set; }

    /// <summary>The check that has to find it.</summary>
    public DateTimeOffset? Deadline { get; set; }

    public DateTimeOffset? FoundAt { get; set; }

    /// <summary>What it was judged to be last.</summary>
    public string? Judged { get; set; }

    public HashSet<CureStep> Steps { get; } = [];

    public HashSet<AskFor> Asks { get; } = [];

    public DateTimeOffset? AskedAt { get; set; }

    public bool WasHelped { get; set; }

    /// <summary>The check at which it was over; null while it goes on.</summary>
    public DateTimeOffset? OverAt { get; set; }

    /// <summary>What each check said, for whoever looks into it.</summary>
    public List<string> History { get; } = [];

    public bool IsOfGateway =>
        fault.Kind is FaultKind.GatewayDown or FaultKind.Unlicensed or FaultKind.TooMany or FaultKind.ServerError or FaultKind.Slow;

    /// <summary>Whether the process of the gateways was killed.</summary>
    public bool IsOfProcess => IsOfGateway && fault.For is null;

    public bool IsLate => FoundAt > Deadline;

    public bool IsMissed => Remedy.IsTold && FoundAt is null && Deadline is { } deadline && (OverAt ?? DateTimeOffset.MaxValue) > deadline;

    public string Row =>
        fault.Kind is FaultKind.Drop ? $"drop ({fault.Recovery.ToString().ToLowerInvariant()}) {session.Kind.Word()}"
        : IsOfProcess ? $"process killed {session.Kind.Word()}"
        : $"{fault.Kind.Word()} {session.Kind.Word()}";

    /// <summary>Whether it goes on, by what the gateway's own control route says.</summary>
    public bool GoesOn(Truth truth, DateTimeOffset now) =>
        fault.Kind switch
        {
            FaultKind.WebhookStolen or FaultKind.Deaf => !truth.TellsUs,
            FaultKind.Timelock or FaultKind.Capped => truth.IsRestricted,
            _ when IsOfGateway => now < at + fault.For,
            // Between two pushes it is open for a moment.
            FaultKind.Conflict or FaultKind.ConnectStorm when !WasHelped => !truth.IsAlive || now < at + fault.For,
            _ => !truth.IsAlive,
        };

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
            : IsLate ? $"was found at {FoundAt:HH:mm:ss} and not by {Deadline:HH:mm:ss}"
            : steps.Count > 0 ? $"was treated with {string.Join(", ", steps)}"
            : asks.Count > 0 ? $"asked people for {string.Join(", ", asks)}"
            : Remedy.Needs is { } needs && (WasHelped || OverAt - FoundAt > 2 * Office.Period) && !Asks.Contains(needs)
                ? $"did not ask for {needs}"
            : OverAt is null ? "goes on at the end"
            : null;
    }

    public override string ToString() => $"{at:HH:mm:ss} {session.Id} {Row}";
}
