using Microsoft.Extensions.Logging;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Registry;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>Checks the sessions of a tenant: asks its gateways, judges by all evidence, cures what can be cured, and records what cannot (S3, S4).</summary>
/// <remarks>One check of a tenant goes on at a time. Should one be taken for dead and another begin, no attempt is made twice all the same: each has a number
/// that only one of them can write.</remarks>
public sealed class SessionCheck(
    GatewayStore gateways,
    CheckTurnStore turns,
    GatewayCheck check,
    TimeProvider time,
    ILogger<SessionCheck> logger
)
{
    // A check of slow gateways takes minutes, and holds its turn as long as it goes on. After a crash nobody waits longer than until the next check.
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan HoldEvery = TimeSpan.FromSeconds(8);

    private const int GatewaysAtOnce = 4;

    /// <summary>Checks all channels of a tenant.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="wish">How.</param>
    /// <param name="node">Who asks gateways, for the history.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task<CheckReport> RunAsync(TenantName tenant, CheckWish wish, string node, CancellationToken cancellation)
    {
        if (wish.DryRun)
        {
            return await AllAsync(tenant, wish, node, cancellation);
        }

        if (await turns.TryBeginAsync(tenant, node, time.GetUtcNow(), Turn, cancellation) is not { } token)
        {
            return CheckReport.Busy;
        }

        var report = CheckReport.Busy;
        using var over = new CancellationTokenSource();
        var holding = HoldAsync(tenant, token, over.Token);
        try
        {
            report = await AllAsync(tenant, wish, node, cancellation);
            Tell(report);
            return report;
        }
        finally
        {
            await over.CancelAsync();
            await holding;
            await turns.EndAsync(tenant, token, time.GetUtcNow(), report.Channels.Count, report.Tried, CancellationToken.None);
        }
    }

    private async Task HoldAsync(TenantName tenant, long token, CancellationToken over)
    {
        while (true)
        {
            await Task.Delay(HoldEvery, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await turns.HoldAsync(tenant, token, time.GetUtcNow() + Turn, over);
            }
            catch (Exception problem) when (problem is DatabaseException or OperationCanceledException)
            {
                // Without a database nobody else begins one either; it is held again in a moment.
            }
        }
    }

    private async Task<CheckReport> AllAsync(TenantName tenant, CheckWish wish, string node, CancellationToken cancellation)
    {
        var all = await gateways.ListAsync(tenant, cancellation);
        var found = new (IReadOnlyList<ChannelFinding> Channels, GatewayFinding? Trouble)[all.Count];
        await Parallel.ForAsync(
            0,
            all.Count,
            new ParallelOptions { MaxDegreeOfParallelism = GatewaysAtOnce, CancellationToken = cancellation },
            async (index, token) => found[index] = await check.RunAsync(all[index], wish, node, token)
        );
        return new CheckReport(
            false,
            [.. found.SelectMany(one => one.Channels)],
            [.. found.Select(one => one.Trouble).OfType<GatewayFinding>()]
        );
    }

    /// <summary>Says only what there is to say (S3-04).</summary>
    private void Tell(CheckReport report)
    {
        foreach (var gateway in report.Gateways)
        {
            logger.GatewayNotAsked(gateway.Gateway, gateway.Detail);
        }

        foreach (var channel in report.Channels.Where(channel => channel.IsNews))
        {
            logger.ChannelNews(channel.Channel, channel.ToLine());
        }
    }
}
