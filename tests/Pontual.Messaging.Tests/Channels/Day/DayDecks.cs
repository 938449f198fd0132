using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>What goes wrong in a day of a fleet, and how often. Days on a manual clock and the ten minutes of the real one deal from these.</summary>
internal static class DayDecks
{
    /// <summary>How long something takes that passes by itself.</summary>
    public static readonly TimeSpan Passing = TimeSpan.FromMinutes(12);

    private static readonly TimeSpan Long = TimeSpan.FromHours(2);

    private static readonly Fault[] OfEvolution =
    [
        .. Drops(itself: 3, restart: 5, stopStart: 1, process: 1, pairing: 2),
        .. Times(5, new Fault(FaultKind.Zombie)),
        .. Times(4, new Fault(FaultKind.Deaf)),
        .. Times(3, new Fault(FaultKind.WebhookStolen)),
        .. Times(2, new Fault(FaultKind.Conflict) { For = TimeSpan.FromMinutes(40) }),
        .. Times(2, new Fault(FaultKind.LoggedOut)),
        new(FaultKind.QrLoop),
        new(FaultKind.Banned),
        new(FaultKind.Timelock) { For = Long },
        new(FaultKind.ConnectStorm) { For = TimeSpan.FromMinutes(20) },
    ];

    private static readonly Fault[] OfWaha =
    [
        .. Drops(itself: 2, restart: 4, stopStart: 2, process: 1, pairing: 1),
        .. Times(4, new Fault(FaultKind.Zombie)),
        .. Times(3, new Fault(FaultKind.Deaf)),
        .. Times(2, new Fault(FaultKind.WebhookStolen)),
        .. Times(2, new Fault(FaultKind.Timelock) { For = Long }),
        new(FaultKind.Capped) { For = Long },
        new(FaultKind.QrLoop),
        new(FaultKind.Conflict) { For = TimeSpan.FromMinutes(40) },
        new(FaultKind.Banned),
        new(FaultKind.LoggedOut),
    ];

    private static readonly Fault[] OfWppConnect =
    [
        .. Drops(itself: 2, restart: 3, stopStart: 2, process: 1, pairing: 1),
        .. Times(3, new Fault(FaultKind.Zombie)),
        new(FaultKind.LoggedOut),
        new(FaultKind.Deaf) { For = Long },
    ];

    private static readonly Fault[] OfWrapper =
    [
        .. Drops(itself: 1, restart: 3, stopStart: 0, process: 1, pairing: 0),
        .. Times(2, new Fault(FaultKind.Zombie)),
        new(FaultKind.LoggedOut),
        new(FaultKind.Deaf) { For = Long },
    ];

    private static readonly Fault[] OfCloud =
    [
        .. Times(2, new Fault(FaultKind.WebhookStolen)),
        .. Times(2, new Fault(FaultKind.Timelock) { For = Long }),
        new(FaultKind.Banned),
    ];

    /// <summary>What goes wrong with sessions, by their gateway.</summary>
    public static IEnumerable<(GatewayKind Kind, Fault[] Faults)> OfSessions { get; } =
    [
        (GatewayKind.Evolution, OfEvolution),
        (GatewayKind.Waha, OfWaha),
        (GatewayKind.WppConnect, OfWppConnect),
        (GatewayKind.Wrapper, OfWrapper),
        (GatewayKind.CloudApi, OfCloud),
    ];

    /// <summary>What goes wrong with whole gateways.</summary>
    public static IReadOnlyList<(GatewayKind Kind, Fault Fault)> OfGateways { get; } =
    [
        (GatewayKind.Evolution, new Fault(FaultKind.GatewayDown) { For = Passing }),
        (GatewayKind.Waha, new Fault(FaultKind.GatewayDown) { For = Passing }),
        (GatewayKind.Evolution, new Fault(FaultKind.Unlicensed) { For = Passing }),
        (GatewayKind.Waha, new Fault(FaultKind.TooMany) { For = Passing }),
        (GatewayKind.Wrapper, new Fault(FaultKind.ServerError) { For = Passing }),
        (GatewayKind.CloudApi, new Fault(FaultKind.Slow) { For = Passing }),
        (GatewayKind.Evolution, new Fault(FaultKind.GatewayRestart)),
        (GatewayKind.Waha, new Fault(FaultKind.GatewayRestart)),
        (GatewayKind.WppConnect, new Fault(FaultKind.GatewayRestart)),
    ];

    private static IEnumerable<Fault> Drops(int itself, int restart, int stopStart, int process, int pairing) =>
        [
            .. Times(itself, new Fault(FaultKind.Drop) { Recovery = Recovery.Itself, For = Passing }),
            .. Times(restart, new Fault(FaultKind.Drop)),
            .. Times(stopStart, new Fault(FaultKind.Drop) { Recovery = Recovery.StopStart }),
            .. Times(process, new Fault(FaultKind.Drop) { Recovery = Recovery.Process }),
            .. Times(pairing, new Fault(FaultKind.Drop) { Recovery = Recovery.Pairing }),
        ];

    private static IEnumerable<Fault> Times(int count, Fault fault) => Enumerable.Repeat(fault, count);
}
