using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Clocks;
using Pontual.Engine.Events;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Zones;
using Pontual.Server.Composition;
using Pontual.Server.RunLog.Texts;

namespace Pontual.Server.RunLog;

/// <summary>Writes the runs of this node to the log: a line for each attempt that starts and each that fails, and once the time by the clocks
/// of the usual zone, so that a wrong clock shows. It follows the feed, which drops the oldest news rather than slow a run.</summary>
internal sealed class RunLogWriter(ServerConfiguration configuration, RunFeed feed, ScheduleClock clock, ILogger<RunLogWriter> logger)
    : IHostedService,
        IDisposable
{
    private const int LongestError = 500;

    private readonly RunLogWords _words = RunLogWords.In(configuration.RunLog);
    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var local = Zone.Default.ToLocal(clock.Now);
        logger.TimeIs(_words.LocalTime, local.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture), Zone.Default.Id);
        _following = FollowAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _following;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task FollowAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var news in feed.ReadAsync(cancellation))
            {
                Write(news);
            }
        }
        catch (OperationCanceledException)
        {
            // The server has stopped: there is no more news.
        }
    }

    private void Write(RunEvent news)
    {
        var run = news.Run;
        if (news.Kind is RunEventKind.Started)
        {
            logger.Started(_words.Running, run.Job, _words.Attempt, run.Attempt, run.Id);
        }
        else if (HasFailed(news))
        {
            logger.Failed(run.Job, _words.Attempt, run.Attempt, run.Id, Line(run.Error ?? run.Reason ?? ""));
        }
    }

    private static bool HasFailed(RunEvent news) =>
        news.Kind is RunEventKind.Ended && news.Run.State is RunState.Failed
        || news.Kind is RunEventKind.Retrying && news.Run.Reason is not (RunReason.Interrupted or RunReason.RateLimited);

    private static string Line(string error)
    {
        var line = error.ReplaceLineEndings(" ");
        return line.Length > LongestError ? line[..LongestError] : line;
    }
}
