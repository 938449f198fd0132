using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Nodes;
using Pontual.Engine.Pacing;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Alerts;

/// <summary>Looks for what is wrong, on whichever node comes first, and writes what becomes of alerts.</summary>
internal sealed class Watcher(
    IAlertStore alerts,
    IEnumerable<IWatch> watches,
    Courier courier,
    NodeIdentity identity,
    IRandomBytes random,
    WatchOptions options,
    TimeProvider time,
    ILogger<Watcher> logger,
    IHeartbeat? heartbeat = null
) : BackgroundService
{
    private static readonly TimeSpan PruneEvery = TimeSpan.FromHours(1);

    private readonly IReadOnlyList<IWatch> _watches = [.. watches];
    private long? _prunedAt;

    /// <summary>One look, when it is this node's turn.</summary>
    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await alerts.TakeTurnAsync(identity.Host, options.Every, now, cancellation) is not { } turn)
        {
            return options.Every / 2;
        }

        var look = await LookAsync(now, cancellation);
        var changes = await alerts.DecideAsync(turn, state => AlertRound.Decide(state, look, random), now, cancellation);
        if (changes is not null)
        {
            Say(changes);
            if (changes.Notices.Count > 0)
            {
                courier.Look();
            }
        }

        await BeatAsync(now, cancellation);
        await PruneAsync(now, cancellation);
        return options.Every;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loop = new Loop("The watcher", time, logger) { Poll = options.Every };
        using var wake = new Wake(time);
        await Task.Yield();
        await loop.RunAsync(StepAsync, wake, stoppingToken);
    }

    private async Task<AlertLook> LookAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        var unseen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var watch in _watches)
        {
            try
            {
                findings.AddRange(await watch.LookAsync(now, cancellation));
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // What one watch cannot see must not hide what the others see.
                unseen.UnionWith(watch.Rules);
                var name = watch.GetType().Name;
                logger.LookFailed(problem, name);
                findings.Add(
                    new Finding(
                        AlertRule.WatchFailed,
                        TenantName.Default,
                        name,
                        Severity.Warning,
                        $"Nobody looks for {string.Join(", ", watch.Rules)}: {problem.Message}"
                    )
                );
            }
        }

        return new AlertLook(findings, unseen, now);
    }

    /// <summary>Says outside that somebody watches. It comes after a whole look: what cannot look or write says nothing, and is missed there.</summary>
    private async Task BeatAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (heartbeat is null || !await alerts.TakeBeatAsync(options.BeatEvery, now, cancellation))
        {
            return;
        }

        using var limit = new CancellationTokenSource(options.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await heartbeat.BeatAsync(either.Token);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            logger.BeatFailed(problem is OperationCanceledException ? "no answer in time" : problem.Message);
        }
    }

    private async Task PruneAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (_prunedAt is not { } at || time.GetElapsedTime(at) >= PruneEvery)
        {
            await alerts.PruneAsync(now - options.Keep, cancellation);
            _prunedAt = time.GetTimestamp();
        }
    }

    private void Say(AlertChanges changes)
    {
        foreach (var alert in changes.Opened)
        {
            logger.Opened(alert.Severity, alert.Key, alert.Summary, alert.Quiet);
        }

        foreach (var alert in changes.Resolved)
        {
            logger.Resolved(alert.Key, NoticeText.Words(alert.ResolvedAt - alert.OpenedAt));
        }
    }
}
