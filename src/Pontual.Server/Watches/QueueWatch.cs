using Pontual.Engine.Alerts;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Server.Watches;

/// <summary>Finds queues whose runs wait too long.</summary>
internal sealed class QueueWatch(IRunViews runs, IAlertSettingsStore settings) : IWatch
{
    private static readonly TimeSpan Default = TimeSpan.FromMinutes(1);

    public IReadOnlyList<string> Rules { get; } = [AlertRule.QueueWaiting];

    public async Task<IReadOnlyList<Finding>> LookAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var (known, _) = await settings.ReadAsync(TenantName.Default, cancellation);
        var longest = known.Of(AlertRule.QueueWaiting).For ?? Default;
        return
        [
            .. (await runs.OldestWaitingAsync(now, cancellation))
                .Where(oldest => now - oldest.Since > longest)
                .Select(oldest => new Finding(
                    AlertRule.QueueWaiting,
                    TenantName.Default,
                    oldest.Queue,
                    Severity.Warning,
                    $"Runs of queue {oldest.Queue} wait for longer than {Duration.Format(longest)}: more comes in than is done, or nobody is there who does it."
                )
                {
                    Since = oldest.Since + longest,
                }),
        ];
    }
}
