using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>What goes wrong in a day, when, and with whom. The same for the same seed.</summary>
internal sealed class DayPlan
{
    // The first minutes belong to the first check, and the last hour to what is still to be cured.
    private const int FirstMinute = 12;
    private const int LastMinutes = 75;
    private const int Apart = 100;

    private readonly List<(int Minute, SimulatedSession? Session, GatewayKind Kind, Fault Fault)> _all = [];

    public DayPlan(Random random, IReadOnlyList<SimulatedSession> sessions, int minutes)
    {
        foreach (var (kind, faults) in DayDecks.OfSessions)
        {
            var free = sessions.Where(session => session.Kind == kind).ToDictionary(session => session, _ => new List<int>());
            foreach (var fault in Dealt(random, faults, minutes))
            {
                Place(random, free, fault, minutes);
            }
        }

        foreach (var (kind, fault) in DayDecks.OfGateways.Where((_, at) => minutes > 600 || at < 3))
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

    /// <summary>All of them in a day; each sort once in a few hours, and shorter.</summary>
    private static IEnumerable<Fault> Dealt(Random random, Fault[] faults, int minutes)
    {
        var dealt = faults.ToArray();
        random.Shuffle(dealt);
        return minutes > 600
            ? dealt
            : dealt.Distinct().Select(fault => fault.For > DayDecks.Passing ? fault with { For = 3 * DayDecks.Passing } : fault);
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
}
