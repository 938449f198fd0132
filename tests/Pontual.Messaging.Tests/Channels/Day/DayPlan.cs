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

    // Who can only be found by silence is found on the same day when it begins by then.
    private const int LastHidden = 8 * 60;

    private readonly List<(int Minute, SimulatedSession? Session, GatewayKind Kind, Mischief What)> _all = [];
    private readonly int _minutes;

    public DayPlan(Random random, IReadOnlyList<SimulatedSession> sessions, int minutes)
    {
        _minutes = minutes;
        foreach (var (kind, faults) in DayDecks.OfSessions)
        {
            var free = sessions.Where(session => session.Kind == kind).ToDictionary(session => session, _ => new List<int>());
            Mischief[] deck =
            [
                .. faults.Select(fault => new Mischief(fault)),
                .. DayTwists.OfSessions.Where(one => one.Kind == kind).SelectMany(one => one.All),
            ];
            foreach (var what in Dealt(random, kind, deck))
            {
                Place(random, free, what);
            }
        }

        foreach (var (kind, what) in OfGateways())
        {
            _all.Add((Minute(random, LastMinute), null, kind, what));
        }

        _all.Sort((one, other) => one.Minute.CompareTo(other.Minute));
    }

    private bool IsDay => _minutes > 600;

    private int LastMinute => _minutes - LastMinutes;

    /// <summary>Takes what is due, of sessions and of gateways.</summary>
    public IReadOnlyList<(SimulatedSession? Session, GatewayKind Kind, Mischief What)> Due(int minute)
    {
        var due = _all.Where(one => one.Minute <= minute).ToList();
        _all.RemoveAll(one => one.Minute <= minute);
        return due.ConvertAll(one => (one.Session, one.Kind, one.What));
    }

    /// <summary>Puts off what cannot happen now, because the session has another trouble. What nobody could see the end of is left out.</summary>
    public void PutOff(int minute, SimulatedSession? session, GatewayKind kind, Mischief what)
    {
        if (minute < (what.IsHidden(kind) ? LastHidden : LastMinute))
        {
            _all.Add((minute, session, kind, what));
        }
    }

    private IEnumerable<(GatewayKind Kind, Mischief What)> OfGateways() =>
        DayDecks
            .OfGateways.Select(one => (one.Kind, new Mischief(one.Fault)))
            .Where((_, at) => IsDay || at < 3)
            .Concat(DayTwists.OfGateways.Where((_, at) => IsDay || at < 1));

    /// <summary>All of them in a day; each sort once in a few hours, and shorter.</summary>
    private IEnumerable<Mischief> Dealt(Random random, GatewayKind kind, Mischief[] deck)
    {
        random.Shuffle(deck);
        return IsDay ? deck : deck.Distinct().Where(what => !what.IsHidden(kind)).Select(Shorter);
    }

    private static Mischief Shorter(Mischief what) =>
        what.Fault.For > DayDecks.Passing
            ? what with
            {
                Fault = what.Fault with { For = 3 * DayDecks.Passing },
                ThenAfter = what.ThenAfter / 2,
            }
            : what;

    private void Place(Random random, Dictionary<SimulatedSession, List<int>> free, Mischief what)
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            var (session, taken) = free.ElementAt(random.Next(free.Count));
            var minute = Minute(random, what.IsHidden(session.Kind) ? LastHidden : LastMinute);
            if (taken.TrueForAll(other => Math.Abs(other - minute) >= Math.Min(Apart, _minutes)))
            {
                taken.Add(minute);
                _all.Add((minute, session, session.Kind, what));
                return;
            }
        }
    }

    private static int Minute(Random random, int last) => random.Next(FirstMinute, last);
}
