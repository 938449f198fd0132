using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Pacing;

namespace Pontual.Engine.Alerts;

/// <summary>Delivers notices until they are taken: at least once, each time with the same id.</summary>
/// <remarks>Every node delivers. Who takes a notice holds it for a while; when he is killed before he wrote that it was taken, another delivers it again.</remarks>
internal sealed class Courier(
    INoticeStore notices,
    IAlertSettingsStore settings,
    IEnumerable<INoticeSender> senders,
    WatchOptions options,
    TimeProvider time,
    ILogger<Courier> logger
) : BackgroundService
{
    private const int MostAtOnce = 16;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, INoticeSender> _senders = senders.ToDictionary(sender => sender.Kind, StringComparer.Ordinal);
    private readonly Wake _wake = new(time);

    /// <summary>There may be something to deliver.</summary>
    public void Look() => _wake.Set();

    /// <summary>Takes some and delivers them, side by side.</summary>
    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        var taken = await notices.TakeAsync(time.GetUtcNow(), options.Hold, MostAtOnce, cancellation);
        await Task.WhenAll(taken.Select(notice => DeliverAsync(notice, cancellation)));
        return taken.Count > 0 ? TimeSpan.Zero : options.Poll;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loop = new Loop("The courier", time, logger) { Poll = options.Poll };
        await Task.Yield();
        await loop.RunAsync(StepAsync, _wake, stoppingToken);
    }

    private async Task DeliverAsync(Notice notice, CancellationToken cancellation)
    {
        var refused = await TrySendAsync(notice, cancellation);
        try
        {
            if (refused is null)
            {
                await notices.SentAsync(notice, time.GetUtcNow(), cancellation);
                return;
            }

            await KeepAsync(notice, refused, cancellation);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            logger.NotWritten(problem, notice.Id);
        }
    }

    /// <returns>Why it was not taken; null when it was.</returns>
    private async Task<NoticeRefusedException?> TrySendAsync(Notice notice, CancellationToken cancellation)
    {
        var (known, _) = await settings.ReadAsync(notice.Tenant, cancellation);
        if (known.Routes.FirstOrDefault(route => route.Name == notice.Route) is not { } route)
        {
            return new NoticeRefusedException("the route is no longer there") { IsFinal = true };
        }

        return await SendAsync(route, notice, cancellation);
    }

    /// <summary>Delivers one notice now.</summary>
    /// <returns>Why it was not taken; null when it was.</returns>
    public async Task<NoticeRefusedException?> SendAsync(AlertRoute route, Notice notice, CancellationToken cancellation)
    {
        if (!_senders.TryGetValue(route.Kind, out var sender))
        {
            return new NoticeRefusedException("this node is older than the route, and does not know how to tell it");
        }

        using var limit = new CancellationTokenSource(options.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await sender.SendAsync(route, notice, either.Token);
            return null;
        }
        catch (NoticeRefusedException refused)
        {
            return refused;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new NoticeRefusedException($"it did not answer within {options.Patience.TotalSeconds:0} s");
        }
    }

    private async Task KeepAsync(Notice notice, NoticeRefusedException refused, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var isOver = refused.IsFinal || now - notice.At >= options.GiveUpAfter;
        var wait = WaitAfter(notice.Tries);
        var again = isOver ? (DateTimeOffset?)null : now + (refused.RetryAfter > wait ? refused.RetryAfter.Value : wait);
        await notices.FailedAsync(notice, refused.Message, again, now, cancellation);
        if (isOver)
        {
            logger.GivenUp(notice.Id, notice.Route, notice.Tries, refused.Message);
        }
        else
        {
            logger.NotTaken(notice.Id, notice.Route, notice.Tries, refused.Message, again);
        }
    }

    // Doubling from 5 s: an hour of trouble is some dozen tries.
    private static TimeSpan WaitAfter(int tries) =>
        tries > 10 ? LongestWait : TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Max(0, tries - 1)));
}
