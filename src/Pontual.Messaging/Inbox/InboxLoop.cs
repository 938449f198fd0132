using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Pacing;

namespace Pontual.Messaging.Inbox;

/// <summary>Reads webhooks as long as the node runs: at once what came to this node, within a second what came to others.</summary>
internal sealed class InboxLoop(InboxReader reader, InboxBell bell, InboxOptions options, TimeProvider time, ILogger<InboxLoop> logger)
    : BackgroundService
{
    // What came meanwhile was kept while this was read: there may be a batch already.
    private async Task<TimeSpan?> StepAsync(CancellationToken cancellation) =>
        await reader.ReadAsync(cancellation) > 0 ? TimeSpan.Zero : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loop = new Loop("The inbox", time, logger) { Poll = options.Poll };
        await Task.Yield();
        await loop.RunAsync(StepAsync, bell.Wake, stoppingToken);
    }
}
