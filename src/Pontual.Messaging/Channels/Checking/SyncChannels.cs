using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Registry;
using Pontual.Runners.Handler;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>The handler <c>sync-channels</c>: brings the tenant's channels in line with what its gateways list. Gateways that do not answer fail alone.</summary>
public sealed class SyncChannels(GatewayStore gateways, GatewayOpener opener, ChannelSync sync) : IJobHandler
{
    /// <summary>What jobs call it.</summary>
    public const string Name = "sync-channels";

    /// <inheritdoc/>
    public async Task<HandlerResult> RunAsync(HandlerContext context, CancellationToken cancellation)
    {
        var (tenant, node) = (context.Job.Name.Tenant, context.Run.Node ?? "");
        var (done, errors) = (default(SyncReport), new List<string>());
        var all = await gateways.ListAsync(tenant, cancellation);
        foreach (var gateway in all)
        {
            try
            {
                var listed = await opener.Open(gateway.Definition, node).Sessions.ListAsync(cancellation);
                var report = await sync.TakeOverAsync(gateway, listed, cancellation);
                done += report;
                context.WriteLine(
                    $"{gateway.Definition.Name}: {report.Listed} listed, {report.Added} new, {report.Updated} changed, {report.Retired} gone"
                );
            }
            catch (GatewayException problem)
            {
                errors.Add($"{gateway.Definition.Name}: {problem.Message}");
                context.WriteLine(errors[^1]);
            }
        }

        return all.Count > 0 && errors.Count == all.Count
            ? HandlerResult.Fail(string.Join("; ", errors))
            : HandlerResult.Ok(
                new
                {
                    listed = done.Listed,
                    added = done.Added,
                    updated = done.Updated,
                    retired = done.Retired,
                    errors,
                },
                done.Listed
            );
    }
}
