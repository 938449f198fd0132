using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Executing;
using Pontual.Engine.Pacing;
using Pontual.Engine.Upkeep;

namespace Pontual.Engine.Hosting;

/// <summary>The rooms of one node and their loops, from start to a stop that loses nothing.</summary>
public sealed class PontualNode : IHostedService, IDisposable
{
    // What a stopped attempt may take to go; the runners promise 2 s.
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);

    private readonly NodeRooms _rooms;
    private readonly EngineOptions _options;
    private readonly Signals _signals;
    private readonly TimeProvider _time;
    private readonly ILogger<PontualNode> _logger;
    private readonly CancellationTokenSource _taking = new();
    private readonly CancellationTokenSource _running = new();
    private readonly List<Task> _takingLoops = [];
    private readonly List<Task> _runningLoops = [];

    internal PontualNode(NodeRooms rooms, EngineOptions options, Signals signals, TimeProvider time, ILogger<PontualNode> logger)
    {
        _rooms = rooms;
        _options = options;
        _signals = signals;
        _time = time;
        _logger = logger;
    }

    /// <summary>The id this process is entered under; null while it is not.</summary>
    public string? NodeId => _rooms.Lease.Current?.Node;

    /// <summary>Attempts that take room on this node now.</summary>
    public int ActiveAttempts => _rooms.Claimer.Active;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var lease = new Loop("The heartbeat", _time, _logger)
        {
            Poll = _options.Lease.RenewEvery,
            LongestBackoff = _options.Lease.RenewEvery / 6,
            Blocks = true,
        };

        // Not on the thread pool: handlers that block it for longer than the lease must not cost the node its lease.
        _runningLoops.Add(
            OwnThread.RunAsync("pontual heartbeat", () => lease.RunAsync(EnterAndRenewAsync, _signals.Renewing, _running.Token))
        );
        _runningLoops.Add(Task.Run(SettleAsync, CancellationToken.None));
        if (_options.Roles.HasFlag(NodeRoles.Scheduler))
        {
            Take("The planner", _rooms.Planner.StepAsync, _signals.Planning);
            if (_rooms.Requests is { } requests)
            {
                Take("The taker of requests", requests.StepAsync, _signals.Asking);
            }

            Take("The rescuer", _rooms.Rescuer.StepAsync, new Wake(_time), Rescuer.Every);
            Take("The pruner", _rooms.Pruner.StepAsync, new Wake(_time), Pruner.Every);
            Take("The keeper of events", _rooms.Events.StepAsync, new Wake(_time), EventKeeper.Every);
        }

        if (_options.Roles.HasFlag(NodeRoles.Worker) || _options.Roles.HasFlag(NodeRoles.Scheduler))
        {
            Take("The claimer", _rooms.Claimer.StepAsync, _signals.Claiming);
        }

        return Task.CompletedTask;
    }

    /// <summary>Takes no more work, lets attempts end for the drain time (or until <paramref name="cancellationToken"/> presses), gives the rest back, and leaves.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _rooms.Lease.Drain();
        _signals.CancelWished();
        await _taking.CancelAsync();
        await Task.WhenAll(_takingLoops);
        _rooms.Executor.TakeBackArmed();
        _logger.Draining(_rooms.Claimer.Active, _options.DrainTime);
        await WaitAsync(() => _rooms.Claimer.Active == 0, _options.DrainTime, cancellationToken);
        _rooms.Executor.StopAll(StopReason.NodeStopping);
        await WaitAsync(() => _rooms.Executor.Count == 0, StopTime, CancellationToken.None);
        await _rooms.Executor.AbandonAllAsync();
        await WaitAsync(() => _rooms.Settler.IsIdle, StopTime, CancellationToken.None);
        await _running.CancelAsync();
        await Task.WhenAll(_runningLoops);
        await LeaveAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _taking.Dispose();
        _running.Dispose();
        _rooms.Lease.Dispose();
    }

    private void Take(string room, Func<CancellationToken, Task<TimeSpan?>> step, Wake wake, TimeSpan? poll = null)
    {
        var loop = new Loop(room, _time, _logger) { Poll = poll ?? _options.SafetyPoll };
        _takingLoops.Add(Task.Run(() => loop.RunAsync(step, wake, _taking.Token), CancellationToken.None));
    }

    private async Task<TimeSpan?> EnterAndRenewAsync(CancellationToken cancellation)
    {
        var before = _rooms.Lease.Current;
        var rest = await _rooms.Lease.StepAsync(cancellation);
        if (before is null)
        {
            _signals.RunsReady();
            if (_rooms.Lease.StartedSystem)
            {
                _signals.SchedulesChanged();
            }
        }

        return rest;
    }

    private async Task SettleAsync()
    {
        var loop = new Loop("The settler", _time, _logger);
        using var wake = new Wake(_time);
        await loop.RunAsync(
            async cancellation =>
            {
                await _rooms.Settler.WaitAsync(cancellation);
                await _rooms.Settler.StepAsync(cancellation);
                return TimeSpan.Zero;
            },
            wake,
            _running.Token
        );
    }

    private async Task WaitAsync(Func<bool> done, TimeSpan longest, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        while (!done() && _time.GetElapsedTime(started) < longest && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeaveAsync()
    {
        using var limit = new CancellationTokenSource(StopTime, _time);
        try
        {
            await _rooms.Lease.LeaveAsync(limit.Token);
        }
        catch (Exception problem)
        {
            _logger.LeftWithoutWord(problem);
        }
    }
}
