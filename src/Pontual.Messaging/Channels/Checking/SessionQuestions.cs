using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Registry;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>What a check asks a gateway of one session, where it may matter: where its webhooks go, and for a sign of life.</summary>
public sealed class SessionQuestions(GatewayOpener opener)
{
    /// <summary>Looks where the webhooks of a connected session go, now and then; lets those of one that was never looked at come to us (S4-05).</summary>
    internal async Task<ChannelCase> WhereWebhooksGoAsync(ChannelCase channel, CancellationToken cancellation)
    {
        var (round, status, sessions) = (channel.Round, channel.Status, channel.Round.Open.Sessions);
        if (status.Reported.State is not SessionState.Connected || opener.WishOf(round.Gateway) is not { } wish)
        {
            return channel;
        }

        try
        {
            if (sessions.Traits.TellsWebhook)
            {
                return IsLookDue(channel) ? await LookAsync(channel, wish, cancellation) : channel;
            }

            // It does not tell: it is set each time that the session connects.
            var connected = status.WebhookCheckedAt is null || channel.View.Status.Reported.State is not SessionState.Connected;
            return sessions.Traits.SetsWebhook && connected ? await SetAsync(channel, wish, cancellation) : channel;
        }
        catch (GatewayException problem)
        {
            // What is not known is no fault: it is looked again at the next check.
            return channel.Noting($"where its webhooks go could not be asked: {problem.Message}");
        }
    }

    /// <summary>Asks for a sign of life.</summary>
    internal static async Task<ChannelCase> SignOfLifeAsync(ChannelCase channel, CancellationToken cancellation)
    {
        ProbeAnswer answer;
        try
        {
            answer = await channel.Round.Open.Sessions.ProbeAsync(channel.Session, channel.View.Channel.Phone, cancellation);
        }
        catch (GatewayException problem) when (problem.Fault is GatewayFault.TooMany or GatewayFault.HeldBack)
        {
            // It was not asked at all: the next check asks.
            return channel.Noting($"a sign of life could not be asked for: {problem.Message}");
        }
        catch (GatewayException problem)
        {
            // That the question could not be asked proves nothing about the session, unless the gateway itself says that the session failed.
            answer = new ProbeAnswer(problem.Fault is GatewayFault.Failed or GatewayFault.NotReady ? false : null, problem.Message);
        }

        return channel with
        {
            Status = channel.Status with { Probe = new Probe(channel.Round.Now, answer.IsAlive, answer.Detail) },
        };
    }

    private static bool IsLookDue(ChannelCase channel)
    {
        var (status, now) = (channel.Status, channel.Round.Now);
        return status.WebhookCheckedAt is not { } last
            || now - last >= channel.Round.Wish.Rules.WebhookLook
            || (status.UnheardSince is not null && channel.View.Status.UnheardSince is null)
            || status.WebhookFault is not null;
    }

    private static async Task<ChannelCase> LookAsync(ChannelCase channel, WebhookWish wish, CancellationToken cancellation)
    {
        var setting = await channel.Round.Open.Sessions.ReadWebhookAsync(channel.Session, cancellation);
        var fault = FaultOf(setting, wish);
        if (fault is not null && channel.Status.WebhookCheckedAt is null && channel.Round.Open.Sessions.Traits.SetsWebhook)
        {
            return await SetAsync(channel, wish, cancellation);
        }

        return channel with
        {
            Status = channel.Status with { WebhookCheckedAt = channel.Round.Now, WebhookFault = fault },
        };
    }

    private static async Task<ChannelCase> SetAsync(ChannelCase channel, WebhookWish wish, CancellationToken cancellation)
    {
        if (channel.Round.Wish.DryRun)
        {
            return channel.Noting("its webhooks would be set to come here");
        }

        await channel.Round.Open.Sessions.SetWebhookAsync(channel.Session, wish, cancellation);
        var set = channel with { Status = channel.Status with { WebhookCheckedAt = channel.Round.Now, WebhookFault = null } };
        return set.Noting("its webhooks come here now");
    }

    /// <summary>Why webhooks do not come here; what somebody else's address says beyond its host is theirs.</summary>
    private static string? FaultOf(WebhookSetting? setting, WebhookWish wish) =>
        setting?.Url is not { Length: > 0 } url ? "none are set"
        : !setting.IsEnabled ? "they are switched off"
        : url != wish.Url.ToString()
            ? $"they go to {(Uri.TryCreate(url, UriKind.Absolute, out var other) ? other.Authority : "another address")}"
        : setting.Missing.Count > 0 ? $"these are left out: {string.Join(", ", setting.Missing)}"
        : null;
}
