using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>What else goes wrong in a day, beside the decks: what must be no trouble at all, and what comes together (gateways.md, 7.8).</summary>
internal static class DayTwists
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Long = TimeSpan.FromHours(2);

    private static readonly Mischief Twice = new(new Fault(FaultKind.DuplicateWebhooks) { For = Long });
    private static readonly Mischief Reordered = new(new Fault(FaultKind.ReorderedWebhooks) { For = Long });
    private static readonly Mischief Lost = new(new Fault(FaultKind.LostAnswer) { Times = 1, For = Long });
    private static readonly Mischief HeldBriefly = new(new Fault(FaultKind.HoldAcks) { For = TimeSpan.FromMinutes(5) });
    private static readonly Mischief Held = new(new Fault(FaultKind.HoldAcks) { For = Long });
    private static readonly Mischief Untold = new(new Fault(FaultKind.Drop)) { With = new Fault(FaultKind.NoCloseEvent) { For = Hour } };
    private static readonly Mischief TooMany = Once(FaultKind.TooMany);
    private static readonly Mischief Failing = Once(FaultKind.ServerError);
    private static readonly Mischief FailingWell = Once(FaultKind.ErrorWith200);

    private static readonly Mischief RestrictedDrop = new(new Fault(FaultKind.Timelock) { For = Long })
    {
        Then = new Fault(FaultKind.Drop),
        ThenAfter = TimeSpan.FromMinutes(35),
    };

    /// <summary>With sessions, by their gateway.</summary>
    public static IEnumerable<(GatewayKind Kind, Mischief[] All)> OfSessions { get; } =
    [
        (GatewayKind.Evolution, [Twice, Reordered, Lost, HeldBriefly, Held, Untold, TooMany, Failing, FailingWell]),
        (GatewayKind.Waha, [Twice, Reordered, Lost, Held, Untold, TooMany, FailingWell, RestrictedDrop, RestrictedDrop]),
        (GatewayKind.WppConnect, [Twice, Lost, Untold, TooMany, Failing, FailingWell]),
        (GatewayKind.Wrapper, [Twice]),
        (GatewayKind.CloudApi, [Twice, Reordered, TooMany, Failing, FailingWell]),
    ];

    /// <summary>With whole gateways.</summary>
    public static IReadOnlyList<(GatewayKind Kind, Mischief What)> OfGateways { get; } =
    [
        (GatewayKind.Evolution, TooMany),
        (GatewayKind.Waha, Failing),
        (GatewayKind.WppConnect, FailingWell),
        (GatewayKind.Wrapper, FailingWell),
        (GatewayKind.CloudApi, TooMany),
    ];

    private static Mischief Once(FaultKind kind) => new(new Fault(kind) { Times = 1, For = Hour });
}
