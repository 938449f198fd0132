using System.Collections.Concurrent;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Registry;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>Checks the sessions of one gateway.</summary>
public sealed class GatewayCheck(
    PontualDatabase database,
    GatewayStore gateways,
    GatewayOpener opener,
    ChannelSync sync,
    ChannelCheck channels,
    GapSearch gaps,
    KnownQuiet quiet,
    TimeProvider time
)
{
    private const int ChannelsAtOnce = 8;

    // When so many sessions of a gateway fall at once, it is the gateway: one is tried, and shows whether it is worth trying the others.
    private const int ManyFallen = 3;

    /// <returns>What was found of its channels; and what is wrong with the gateway itself, if it could not be asked.</returns>
    public async Task<(IReadOnlyList<ChannelFinding> Channels, GatewayFinding? Trouble)> RunAsync(
        GatewayRecord gateway,
        CheckWish wish,
        string node,
        CancellationToken cancellation
    )
    {
        Gateway open;
        IReadOnlyList<SessionFacts> listed;
        try
        {
            open = opener.Open(gateway.Definition, node);
            listed = await open.Sessions.ListAsync(cancellation);
        }
        catch (GatewayException problem)
        {
            var trouble = new GatewayFinding(gateway.Definition.Name, problem.Fault, problem.Message);
            return (await DownAsync(gateway, problem, wish, cancellation), trouble);
        }

        if (!wish.DryRun)
        {
            await gateways.AnsweredAsync(gateway, time.GetUtcNow(), cancellation);
            await sync.TakeOverAsync(gateway, listed, cancellation);
        }

        var found = await CheckAsync(gateway, open, listed, wish, cancellation);
        if (!wish.DryRun)
        {
            var told = await gaps.LookAsync(gateway, open, time.GetUtcNow(), cancellation);
            found = [.. found.Select(one => told.TryGetValue(one.Channel, out var note) ? one.Noting(note) : one)];
        }

        return (found, null);
    }

    private async Task<IReadOnlyList<ChannelFinding>> CheckAsync(
        GatewayRecord gateway,
        Gateway open,
        IReadOnlyList<SessionFacts> listed,
        CheckWish wish,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        var views = await ViewsAsync(gateway, cancellation);
        if (wish.DryRun)
        {
            views.AddRange(NotTakenOver(gateway, listed, views, now));
        }

        var facts = listed.DistinctBy(one => one.Id).ToDictionary(one => one.Id, StringComparer.Ordinal);
        var known = await quiet.ReadAsync(gateway, views, now, cancellation);
        var round = new CheckRound(gateway, wish, now)
        {
            Open = open,
            Known = known,
            IsMassive = IsMassive(views, facts),
        };
        var found = new ConcurrentBag<ChannelFinding>();
        await Parallel.ForEachAsync(
            views,
            new ParallelOptions { MaxDegreeOfParallelism = ChannelsAtOnce, CancellationToken = cancellation },
            async (view, token) =>
            {
                var said =
                    facts.GetValueOrDefault(view.Channel.ExternalId)
                    ?? new SessionFacts(view.Channel.ExternalId, SessionState.LoggedOut, "not listed")
                    {
                        Note = "the gateway does not list it any more",
                    };
                found.Add(await channels.RunAsync(round, view, said, token));
            }
        );
        return [.. found.OrderBy(one => one.Channel, StringComparer.Ordinal)];
    }

    /// <summary>The gateway cannot be asked: nothing is known of its sessions, and nothing is tried. What may pass is only said at first.</summary>
    private async Task<IReadOnlyList<ChannelFinding>> DownAsync(
        GatewayRecord gateway,
        GatewayException problem,
        CheckWish wish,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        if (!wish.DryRun)
        {
            await gateways.FailedAsync(gateway, problem, now, cancellation);
        }

        var state = problem.Fault is GatewayFault.Unlicensed ? SessionState.GatewayUnlicensed : SessionState.GatewayDown;
        var (round, judgement) = (new CheckRound(gateway, wish, now), new Judgement(state, problem.Message, false));
        var found = new List<ChannelFinding>();
        foreach (var view in await ViewsAsync(gateway, cancellation))
        {
            found.Add(
                problem.IsPassing
                    ? await channels.UnaskedAsync(round, view, default, problem, cancellation)
                    : await channels.UnreachableAsync(round, view, judgement, cancellation)
            );
        }

        return found;
    }

    private async Task<List<ChannelView>> ViewsAsync(GatewayRecord gateway, CancellationToken cancellation)
    {
        var (tenant, name) = (gateway.Definition.Tenant, gateway.Definition.Name);
        var all = await database.ReadAsync(session => ChannelStore.OfGatewayAsync(session, tenant, name), cancellation);
        return [.. all.Where(view => view.Channel.RetiredAt is null)];
    }

    /// <summary>Sessions that a real check would take over first.</summary>
    private static IEnumerable<ChannelView> NotTakenOver(
        GatewayRecord gateway,
        IReadOnlyList<SessionFacts> listed,
        List<ChannelView> views,
        DateTimeOffset now
    ) =>
        listed
            .Select(facts => facts.Id)
            .Except(views.Select(view => view.Channel.ExternalId), StringComparer.Ordinal)
            .Select(id => new ChannelView(
                new Channel(Guid.Empty, gateway.Definition.Tenant, gateway.Definition.Name, id, id),
                ChannelStatus.New(now),
                ChannelSigns.None
            ))
            .ToList();

    private static bool IsMassive(List<ChannelView> views, Dictionary<string, SessionFacts> facts)
    {
        var fallen = views.Count(view =>
            facts.TryGetValue(view.Channel.ExternalId, out var said) && said.State is SessionState.Stopped or SessionState.Unknown
        );
        return fallen >= ManyFallen && fallen * 2 > views.Count;
    }
}

/// <summary>What the checks of a gateway's channels have in common.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="Wish">How to check.</param>
/// <param name="Now">The instant of the check.</param>
internal sealed record CheckRound(GatewayRecord Gateway, CheckWish Wish, DateTimeOffset Now)
{
    private int _tried;

    /// <summary>The way to the gateway. Only where it answers.</summary>
    public Gateway Open { get; init; } = null!;

    /// <summary>What is known of its channels beside their rows.</summary>
    public QuietKnowledge Known { get; init; } = QuietKnowledge.None;

    /// <summary>What the gateway can do; nothing where it does not answer.</summary>
    public GatewayTraits Traits => Open?.Sessions.Traits ?? Nothing;

    /// <summary>Most of the gateway's sessions fell: one at a time is tried.</summary>
    public bool IsMassive { get; init; }

    private static GatewayTraits Nothing { get; } = new();

    /// <summary>Whether this round lets one more attempt be made at the gateway.</summary>
    public bool TryTake() => Interlocked.Increment(ref _tried) == 1 || !IsMassive;
}
