using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Tests.Channels.Day;
using Pontual.Server.Demo.Gateways;

namespace Pontual.EndToEnd.Tests.Sessions.Fleet;

/// <summary>Something that is to go wrong.</summary>
/// <param name="At">Seconds after the first check.</param>
/// <param name="Kind">At which gateway.</param>
/// <param name="Session">With which session; null for the whole gateway.</param>
/// <param name="Fault">What.</param>
internal sealed record Planned(double At, GatewayKind Kind, FleetSession? Session, Fault Fault);

/// <summary>What goes wrong in ten minutes: every sort of trouble of the decks once, each with a session of its own, then those of whole gateways. The same for the same seed.</summary>
internal static class FleetPlan
{
    /// <summary>Our own server is killed: in the middle of a check.</summary>
    public const double ServerKilled = 149.9;

    /// <summary>The process of the gateways is killed, and comes back after a check has seen that it is gone.</summary>
    public const double GatewaysKilled = 645;

    /// <summary>When it comes back.</summary>
    public const double GatewaysBack = 684;

    /// <summary>The last check.</summary>
    public const double End = 752;

    private const double Period = 30;

    private static readonly (GatewayKind Kind, int Count)[] Sizes =
    [
        (GatewayKind.Evolution, 14),
        (GatewayKind.Waha, 14),
        (GatewayKind.WppConnect, 9),
        (GatewayKind.Wrapper, 7),
        (GatewayKind.CloudApi, 6),
    ];

    /// <summary>Fifty sessions.</summary>
    public static IReadOnlyList<FleetSession> Fleet { get; } =
    [
        .. Sizes.SelectMany(size =>
            Enumerable
                .Range(0, size.Count)
                .Select(number => new FleetSession(
                    size.Kind,
                    size.Kind is GatewayKind.CloudApi ? $"10{number:0000}" : $"{size.Kind.Word()}-{number:00}",
                    $"55119{(int)size.Kind}00{number:00000}"
                ))
        ),
    ];

    public static List<Planned> Make(Random random)
    {
        var all = new List<Planned>();
        foreach (var (kind, deck) in DayDecks.OfSessions)
        {
            var sessions = Fleet.Where(session => session.Kind == kind).ToArray();
            random.Shuffle(sessions);
            all.AddRange(deck.Distinct().Zip(sessions, (fault, session) => OfSession(random, session, Shortened(fault))));
        }

        // Those of one gateway one after the other.
        foreach (var group in DayDecks.OfGateways.GroupBy(one => one.Kind))
        {
            var at = 425d + random.Next(0, 20);
            foreach (var (kind, fault) in group)
            {
                var isRestart = fault.Kind is FaultKind.GatewayRestart;
                var planned = isRestart
                    ? new Planned(BetweenChecks(390, 8), kind, null, fault with { For = TimeSpan.FromSeconds(5) })
                    : new Planned(BetweenChecks(at, 65), kind, null, fault with { For = TimeSpan.FromSeconds(65) });
                all.Add(planned);
                // With a check between them that finds all well.
                at = isRestart ? at : planned.At + 65 + Period + 5;
            }
        }

        return [.. all.OrderBy(one => one.At)];
    }

    /// <summary>A day in ten minutes: what passes by itself takes a minute and a half, what goes on and on three.</summary>
    private static Fault Shortened(Fault fault) =>
        fault.For is not { } span
            ? fault
            : fault with
            {
                For = TimeSpan.FromSeconds(
                    span <= DayDecks.Passing ? 60
                    : fault.Kind is FaultKind.Conflict ? 205
                    : 95
                ),
            };

    /// <summary>What shows only after a while begins early.</summary>
    private static Planned OfSession(Random random, FleetSession session, Fault fault)
    {
        var isSlow = fault.Kind is FaultKind.Conflict or FaultKind.Zombie or FaultKind.Deaf or FaultKind.QrLoop;
        var at = isSlow ? random.Next(40, 110) : random.Next(40, 300);
        return new Planned(BetweenChecks(at, fault.For?.TotalSeconds ?? 0), session.Kind, session, fault);
    }

    /// <summary>What begins or ends at the very instant of a check cannot be told from what was before it: it is put off by some seconds.</summary>
    private static double BetweenChecks(double at, double span)
    {
        while (IsClose(at) || IsClose(at + span))
        {
            at++;
        }

        return at;

        static bool IsClose(double instant) => instant % Period is < 4 or > 26;
    }
}
