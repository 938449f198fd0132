using Pontual.Runners.Handler;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>The handler <c>snapshot-channels</c>: closes the days of channels that are over. Missed or repeated runs change nothing of what comes of it.</summary>
internal sealed class SnapshotChannels(ChannelDays days) : IJobHandler
{
    /// <summary>What jobs call it.</summary>
    public const string Name = "snapshot-channels";

    public async Task<HandlerResult> RunAsync(HandlerContext context, CancellationToken cancellation)
    {
        var (channels, closed) = await days.CloseAsync(context.Job.Name.Tenant, cancellation);
        return HandlerResult.Ok(new { channels, days = closed }, channels);
    }
}
