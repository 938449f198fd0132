using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Channels;

namespace Pontual.Server.Compat;

/// <summary>What a check came to. <c>reconnected</c> counts the cures that gateways took: whether they helped is seen in the next check.</summary>
internal sealed record MonitorStartedView(bool Success, bool AlreadyRunning, int Checked, int Reconnected);

/// <summary>How the sessions are. <c>connected</c>: at least one works.</summary>
internal sealed record MonitorStatusView(bool Success, bool Connected, IReadOnlyList<MonitoredChannelView> Channels)
{
    /// <summary>Of channels that are gone nothing is said.</summary>
    public static MonitorStatusView Of(IEnumerable<ChannelView> channels)
    {
        List<ChannelView> there = [.. channels.Where(view => view.Channel.RetiredAt is null)];
        return new MonitorStatusView(
            true,
            there.Exists(view => view.Status.State is SessionState.Connected),
            [.. there.Select(MonitoredChannelView.Of)]
        );
    }
}

/// <summary>One session. <c>last_event_at</c> is when its gateway last told anything of it by webhook.</summary>
internal sealed record MonitoredChannelView(string Id, string Status, DateTimeOffset? LastEventAt)
{
    public static MonitoredChannelView Of(ChannelView view) =>
        new(view.Channel.Name, ChannelWords.Of(view.Status.State), view.Signs.WebhookAt);
}
