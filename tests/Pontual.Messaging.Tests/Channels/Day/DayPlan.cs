using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>What goes wrong in a day, when, and with whom. The same for the same seed.</summary>
internal sealed class DayPlan
{
    private static readonly TimeSpan Passing = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan Long = TimeSpan.FromHours(2);

    // The first minutes belong to the first check, and the last hour to what is still to be cured.
    private const int FirstMinute = 12;
    private const int LastMinutes = 75;
    private const int Apart = 100;

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

    private static readonly (GatewayKind Kind, Fault Fault)[] OfGateways =
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

    private readonly List<(int Minute, SimulatedSession? Session, GatewayKind Kind, Fault Fault)> _all = [];

    public DayPlan(Random random, IReadOnlyList<SimulatedSession> sessions, int minutes)
    {
        foreach (var (kind, faults) in Decks())
        {
            var free = sessions.Where(session => session.Kind == kind).ToDictionary(session => session, _ => new List<int>());
            foreach (var fault in Dealt(random, faults, minutes))
            {
                Place(random, free, fault, minutes);
            }
        }

        foreach (var (kind, fault) in OfGateways.Where((_, at) => minutes > 600 || at < 3))
        {
            _all.Add((Minute(random, minutes), null, kind, fault));
        }

        _all.Sort((one, other) => one.Minute.CompareTo(other.Minute));
    }

    /// <summary>How many troubles there are.</summary>
    public int Count => _all.Count;

    /// <summary>Takes what is due, of sessions and of gateways.</summary>
    public IReadOnlyList<(SimulatedSession? Session, GatewayKind Kind, Fault Fault)> Due(int minute)
    {
        var due = _all.Where(one => one.Minute <= minute).ToList();
        _all.RemoveAll(one => one.Minute <= minute);
        return due.ConvertAll(one => (one.Session, one.Kind, one.Fault));
    }

    /// <summary>Puts off what cannot happen now, because the session has another trouble.</summary>
    public void PutOff(int minute, SimulatedSession? session, GatewayKind kind, Fault fault) => _all.Add((minute, session, kind, fault));

    private static IEnumerable<(GatewayKind Kind, Fault[] Faults)> Decks() =>
        [
            (GatewayKind.Evolution, OfEvolution),
            (GatewayKind.Waha, OfWaha),
            (GatewayKind.WppConnect, OfWppConnect),
            (GatewayKind.Wrapper, OfWrapper),
            (GatewayKind.CloudApi, OfCloud),
        ];

    /// <summary>All of them in a day; each sort once in a few hours, and shorter.</summary>
    private static IEnumerable<Fault> Dealt(Random random, Fault[] faults, int minutes)
    {
        var dealt = faults.ToArray();
        random.Shuffle(dealt);
        return minutes > 600 ? dealt : dealt.Distinct().Select(fault => fault.For > Passing ? fault with { For = 3 * Passing } : fault);
    }

    private void Place(Random random, Dictionary<SimulatedSession, List<int>> free, Fault fault, int minutes)
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            var (session, taken) = free.ElementAt(random.Next(free.Count));
            var minute = Minute(random, minutes);
            if (taken.TrueForAll(other => Math.Abs(other - minute) >= Math.Min(Apart, minutes)))
            {
                taken.Add(minute);
                _all.Add((minute, session, session.Kind, fault));
                return;
            }
        }
    }

    private static int Minute(Random random, int minutes) => random.Next(FirstMinute, minutes - LastMinutes);

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
