using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>How a trouble has to end: cured by which step, by itself, or by people who were asked for what.</summary>
/// <param name="Cures">Steps that its outage may say it was cured by; null among them for none: it came back by itself, or people helped.</param>
/// <param name="Ask">What people must have been asked for; null when nobody is needed.</param>
internal sealed record Ending(CureStep?[] Cures, AskFor? Ask)
{
    /// <summary>What people may be asked for besides; null for nothing.</summary>
    public AskFor? MayAsk { get; init; }

    private static readonly Ending ByItself = new([null], null);

    public static Ending Of(GatewayKind kind, Mischief what) =>
        what.Fault.Kind switch
        {
            _ when what.IsHarmless => ByItself,
            FaultKind.GatewayDown or FaultKind.TooMany or FaultKind.ServerError or FaultKind.Slow => By(AskFor.LookAfterGateway),
            FaultKind.Unlicensed => By(AskFor.Licence),
            FaultKind.GatewayRestart => ByItself,
            FaultKind.WebhookStolen when kind is not GatewayKind.Waha => By(CureStep.SetWebhook),
            FaultKind.WebhookStolen or FaultKind.Deaf or FaultKind.Zombie => By(FirstOf(kind)),
            FaultKind.Timelock or FaultKind.Capped when what.Then is not null => new([FirstOf(kind)], AskFor.WaitForRestriction),
            FaultKind.Timelock or FaultKind.Capped => By(AskFor.WaitForRestriction),
            // Held back acknowledgements are let go in time, whatever is tried meanwhile, and all of it may be in vain.
            FaultKind.HoldAcks => new([null, FirstOf(kind), CureStep.StopStart], null) { MayAsk = AskFor.RestartGateway },
            FaultKind.QrLoop or FaultKind.ConnectStorm => By(AskFor.LookAtSession),
            FaultKind.Conflict when kind is GatewayKind.Evolution => By(AskFor.LookAtSession),
            FaultKind.Conflict => By(AskFor.LookIntoFall),
            FaultKind.Banned when kind is GatewayKind.Waha => By(AskFor.LookIntoFall),
            FaultKind.Banned => By(AskFor.LookIntoBan),
            FaultKind.LoggedOut => By(AskFor.Pair),
            FaultKind.Drop => OfDrop(kind, what.Fault.Recovery),
            _ => ByItself,
        };

    private static Ending OfDrop(GatewayKind kind, Recovery recovery) =>
        recovery switch
        {
            Recovery.Itself => ByItself,
            Recovery.Restart => By(FirstOf(kind)),
            Recovery.StopStart when kind is GatewayKind.Waha or GatewayKind.WppConnect => By(CureStep.StopStart),
            Recovery.Pairing => By(AskFor.Pair),
            _ => By(AskFor.RestartGateway),
        };

    private static Ending By(CureStep step) => new([step], null);

    private static Ending By(AskFor ask) => new([null], ask);

    /// <summary>The mildest step that lets a session connect anew.</summary>
    private static CureStep FirstOf(GatewayKind kind) =>
        kind switch
        {
            GatewayKind.WppConnect => CureStep.StopStart,
            GatewayKind.Wrapper => CureStep.Nudge,
            _ => CureStep.Restart,
        };
}
