using Pontual.Runners.Handler;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>The handler <c>reset-channel-counters</c>: lets the day begin with nothing counted. What was counted before stays with its day.</summary>
internal sealed class ResetChannelCounters(ChannelDays days) : IJobHandler
{
    /// <summary>What jobs call it.</summary>
    public const string Name = "reset-channel-counters";

    public async Task<HandlerResult> RunAsync(HandlerContext context, CancellationToken cancellation)
    {
        var (channels, begun) = await days.BeginAsync(context.Job.Name.Tenant, cancellation);
        return HandlerResult.Ok(new { channels, begun }, channels);
    }
}
