using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>What is right against a trouble: the table of the ladder (gateways.md, 7.6), by what the gateway can tell.</summary>
/// <param name="Steps">Steps that may be tried.</param>
/// <param name="Asks">What people may be asked for.</param>
/// <param name="Needs">What they must be asked for; null when nobody is needed.</param>
internal sealed record Remedy(CureStep[] Steps, AskFor[] Asks, AskFor? Needs)
{
    /// <summary>Whether its gateway tells enough that it can be found out at all.</summary>
    public bool IsTold { get; init; } = true;

    private static readonly CureStep[] Restarts = [CureStep.Nudge, CureStep.Restart, CureStep.StopStart];

    // After a restart in vain some say that they are on their way, and hang there.
    private static readonly Remedy Hopeless = new(Restarts, [AskFor.RestartGateway, AskFor.LookAtSession], null);
    private static readonly Remedy Untold = new([], [], null) { IsTold = false };

    public static Remedy Of(GatewayKind kind, Fault fault) =>
        fault.Kind switch
        {
            FaultKind.GatewayDown or FaultKind.TooMany or FaultKind.ServerError or FaultKind.Slow => Ask(AskFor.LookAfterGateway),
            FaultKind.Unlicensed => Ask(AskFor.Licence),
            FaultKind.Deaf when kind is GatewayKind.WppConnect or GatewayKind.Wrapper => Untold,
            FaultKind.Deaf or FaultKind.WebhookStolen => new([CureStep.SetWebhook, .. Restarts], [], null),
            FaultKind.Timelock or FaultKind.Capped when kind is GatewayKind.Evolution => Untold,
            FaultKind.Timelock or FaultKind.Capped => Ask(AskFor.WaitForRestriction),
            FaultKind.QrLoop or FaultKind.ConnectStorm => Ask(AskFor.LookAtSession),
            FaultKind.Conflict when kind is GatewayKind.Evolution => Ask(AskFor.LookAtSession),
            // The others tell no code: it is restarted once, falls again, and somebody has to look.
            FaultKind.Conflict => new([CureStep.Restart], [AskFor.LookIntoFall], AskFor.LookIntoFall),
            FaultKind.Banned when kind is GatewayKind.Evolution or GatewayKind.CloudApi => Ask(AskFor.LookIntoBan),
            FaultKind.Banned when kind is GatewayKind.Waha => new([CureStep.Restart], [AskFor.LookIntoFall], AskFor.LookIntoFall),
            FaultKind.Banned or FaultKind.LoggedOut => Pairing(kind),
            FaultKind.Drop when fault.Recovery is Recovery.Pairing => Pairing(kind),
            FaultKind.Drop when fault.Recovery is Recovery.Itself => new([], [AskFor.LookAtSession], null),
            FaultKind.Drop when IsBeyond(kind, fault.Recovery) => Hopeless,
            _ => new(Restarts, [], null),
        };

    private static Remedy Ask(AskFor what) => new([], [what], what);

    /// <summary>WAHA says of it no more than FAILED: only after a start it shows a code. The wrapper is asked for its code.</summary>
    private static Remedy Pairing(GatewayKind kind) =>
        kind is GatewayKind.Waha ? new([CureStep.Restart], [AskFor.Pair], AskFor.Pair)
        : kind is GatewayKind.Wrapper ? new([CureStep.Nudge], [AskFor.Pair], AskFor.Pair)
        : Ask(AskFor.Pair);

    private static bool IsBeyond(GatewayKind kind, Recovery recovery) =>
        recovery is Recovery.Process || (recovery is Recovery.StopStart && kind is not GatewayKind.WppConnect);
}
