using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Registry;
using Pontual.Storage.Audit;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>What people do with a channel at its gateway: pair it, try a step by hand, unpair it. All of it is audited.</summary>
public sealed class ChannelActs(
    PontualDatabase database,
    ChannelStore channels,
    GatewayStore gateways,
    GatewayOpener opener,
    TimeProvider time
)
{
    // Asked for a code, gateways begin to connect, and have one some seconds later.
    private const int MostLooks = 6;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>What the phone needs for pairing, asked for now. A gateway that has to make it first is given some seconds.</summary>
    /// <returns>Null where there is none: it is paired, or the code is not ready yet.</returns>
    /// <exception cref="GatewayException">The gateway could not be asked.</exception>
    /// <exception cref="ChannelException">There is no such channel, or its gateway pairs in another way.</exception>
    public async Task<PairingCode?> PairAsync(TenantName tenant, string name, CancellationToken cancellation)
    {
        var (view, gateway, open) = await OpenAsync(tenant, name, cancellation);
        if (!open.Sessions.Traits.Pairs)
        {
            throw new ChannelException(false, $"sessions of {gateway.Definition.Kind.Word()} are not paired with a code");
        }

        var session = opener.SessionOf(view.Channel);
        var looks = view.Status.State is SessionState.NeedsPairing or SessionState.LoggedOut or SessionState.Stopped ? MostLooks : 1;
        while (true)
        {
            var code = await open.Sessions.PairAsync(session, cancellation);
            if (code is not null || --looks == 0)
            {
                return code;
            }

            await Task.Delay(BetweenLooks, time, cancellation);
        }
    }

    /// <summary>Tries a step by hand. While the platform restricts the number, or the session is on its way, none is.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">The channel.</param>
    /// <param name="step">The step; null for the mildest that reconnects.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The step that was tried.</returns>
    /// <exception cref="GatewayException">The gateway did not do it.</exception>
    /// <exception cref="ChannelException">There is no such channel, or this cannot be done with it now.</exception>
    public async Task<CureStep> CureAsync(TenantName tenant, string name, CureStep? step, Actor by, CancellationToken cancellation)
    {
        var (view, gateway, open) = await OpenAsync(tenant, name, cancellation);
        var steps = open.Sessions.Traits.Steps;
        var wanted = step ?? steps.FirstOrDefault(one => one is not CureStep.SetWebhook, CureStep.SetWebhook);
        if (!steps.Contains(wanted))
        {
            throw new ChannelException(false, $"a gateway of kind {gateway.Definition.Kind.Word()} knows no such step");
        }

        if (wanted is not CureStep.SetWebhook && ReasonAgainst(view) is { } reason)
        {
            throw new ChannelException(false, reason);
        }

        await AuditAsync(view, by, "channel.tried", $"\"{wanted}\"", cancellation);
        var wish = opener.WishOf(gateway);
        await open.Sessions.CureAsync(opener.SessionOf(view.Channel), wanted, view.Status.Reported.State, wish, cancellation);
        return wanted;
    }

    /// <summary>Unpairs the session. It has to be paired anew with the phone.</summary>
    /// <exception cref="GatewayException">The gateway did not do it.</exception>
    /// <exception cref="ChannelException">There is no such channel.</exception>
    public async Task LogOutAsync(TenantName tenant, string name, Actor by, CancellationToken cancellation)
    {
        var (view, _, open) = await OpenAsync(tenant, name, cancellation);
        await AuditAsync(view, by, "channel.logged-out", null, cancellation);
        await open.Sessions.LogOutAsync(opener.SessionOf(view.Channel), cancellation);
    }

    private string? ReasonAgainst(ChannelView view)
    {
        var now = time.GetUtcNow();
        return view.Status.Restricted is { } restricted && restricted.Kind >= RestrictionKind.Restricted && !(restricted.Until <= now)
                ? $"the platform restricts it ({restricted.Raw}): a restart now would make that worse"
            : view.Status.Reported.State is SessionState.Connecting ? "it is on its way: a restart now would only set it back"
            : null;
    }

    private async Task<(ChannelView View, GatewayRecord Gateway, Gateway Open)> OpenAsync(
        TenantName tenant,
        string name,
        CancellationToken cancellation
    )
    {
        var view = await channels.FindAsync(tenant, name, cancellation) ?? throw new ChannelException(true, $"no channel is named {name}");
        var gateway =
            await gateways.FindAsync(tenant, view.Channel.Gateway, cancellation)
            ?? throw new ChannelException(false, $"its gateway {view.Channel.Gateway} was removed");
        return (view, gateway, opener.Open(gateway.Definition, "api"));
    }

    private Task AuditAsync(ChannelView view, Actor by, string action, string? after, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
                AuditRowStore.AddAsync(
                    session,
                    new AuditLine(time.GetUtcNow(), view.Channel.Tenant, by, action, view.Channel.Name, null, after)
                ),
            cancellation
        );
}

/// <summary>Something cannot be done with a channel. The message is for people.</summary>
/// <param name="isUnknown">Because there is no such channel.</param>
/// <param name="message">Why not.</param>
public sealed class ChannelException(bool isUnknown, string message) : Exception(message)
{
    /// <summary>There is no such channel.</summary>
    public bool IsUnknown => isUnknown;
}
