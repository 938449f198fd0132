using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Output;

/// <summary>Carries waiting output of all attempts to the store: one append each quarter of a second, sooner when much waits. Idle while nothing is printed.</summary>
internal sealed class OutputPump : IAsyncDisposable
{
    private static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LogPace = TimeSpan.FromMinutes(1);

    private readonly IOutputStore _store;
    private readonly OutputOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private HashSet<AttemptOutput> _waiting = [];
    private TaskCompletionSource? _nextPass;
    private Task? _loop;
    private long _reserved;
    private long? _loggedAt;

    public OutputPump(IOutputStore store, OutputOptions options, TimeProvider time, ILogger logger)
    {
        (_store, _options, _time, _logger) = (store, options, time, logger);
        _timer = time.CreateTimer(_ => Release(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <returns>False when too much waits already.</returns>
    public bool TryReserve(int bytes)
    {
        if (Interlocked.Add(ref _reserved, bytes) <= _options.WaitingBytes)
        {
            return true;
        }

        Interlocked.Add(ref _reserved, -bytes);
        return false;
    }

    /// <summary>Counts bytes that must be kept whatever waits.</summary>
    public void Reserve(int bytes) => Interlocked.Add(ref _reserved, bytes);

    /// <summary>Says that an attempt's output waits.</summary>
    /// <param name="output">Whose.</param>
    /// <param name="urgent">Store it now rather than at the next interval.</param>
    public void Wake(AttemptOutput output, bool urgent)
    {
        lock (_gate)
        {
            _loop ??= Task.Run(LoopAsync);
            if (_waiting.Add(output) && _waiting.Count == 1)
            {
                _timer.Change(_options.FlushInterval, Timeout.InfiniteTimeSpan);
            }
        }

        if (urgent)
        {
            Release();
        }
    }

    /// <summary>Stores what an attempt has printed so far; gives up waiting (not trying) after 2 s.</summary>
    public async Task FlushAsync(AttemptOutput output)
    {
        Task passed;
        lock (_gate)
        {
            passed = (_nextPass ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        Wake(output, urgent: true);
        await WaitAsync(passed, FlushPatience);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        if (_loop is not null)
        {
            await _stopping.CancelAsync();
            Release();
            await WaitAsync(_loop, StopPatience);
        }
    }

    private async Task LoopAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await _wake.WaitAsync(CancellationToken.None);
            await PassAsync();
        }

        await PassAsync();
    }

    private async Task PassAsync()
    {
        HashSet<AttemptOutput> waiting;
        TaskCompletionSource? pass;
        lock (_gate)
        {
            (waiting, _waiting) = (_waiting, []);
            (pass, _nextPass) = (_nextPass, null);
        }

        var pieces = new List<OutputPiece>(waiting.Count);
        foreach (var output in waiting)
        {
            if (output.Take() is { } piece)
            {
                pieces.Add(piece);
            }
        }

        if (pieces.Count > 0)
        {
            await AppendAsync(pieces);
            Interlocked.Add(ref _reserved, -pieces.Sum(piece => (long)piece.Bytes.Length));
        }

        pass?.TrySetResult();
    }

    private async Task AppendAsync(List<OutputPiece> pieces)
    {
        for (var delay = _options.FlushInterval; ; delay = delay * 2 < LongestRetry ? delay * 2 : LongestRetry)
        {
            try
            {
                await _store.AppendAsync(pieces, CancellationToken.None);
                return;
            }
            catch (Exception problem)
            {
                LogAtMostOnceAMinute(problem, pieces.Count);
                if (_stopping.IsCancellationRequested)
                {
                    return;
                }
            }

            await Task.Delay(delay, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void LogAtMostOnceAMinute(Exception problem, int pieces)
    {
        if (_loggedAt is { } last && _time.GetElapsedTime(last) < LogPace)
        {
            return;
        }

        _loggedAt = _time.GetTimestamp();
        _logger.StoreRefusesOutput(problem, pieces);
    }

    private Task WaitAsync(Task task, TimeSpan patience) => Task.WhenAny(task, Task.Delay(patience, _time));

    private void Release()
    {
        lock (_gate)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }
}
