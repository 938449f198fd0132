using Pontual.Engine.Nodes;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Executing;

/// <summary>One attempt while it runs, or while its target has taken it over (deferred).</summary>
internal sealed class Attempt : IThreadPoolWorkItem, IDisposable
{
    private readonly Executor _executor;
    private readonly CancellationTokenSource _stop;
    private readonly Action<LeasedRun> _slotFreed;
    private int _stopReason;
    private int _finished;
    private int _slotHeld = 1;

    public Attempt(
        Executor executor,
        LeasedRun leased,
        HeldLease lease,
        DateTimeOffset startedAt,
        TimeProvider time,
        Action<LeasedRun> slotFreed
    )
    {
        _executor = executor;
        _slotFreed = slotFreed;
        Leased = leased;
        Lease = lease;
        StartedAt = startedAt;
        _stop = new CancellationTokenSource(leased.Job.Definition.Timeout, time);
    }

    public LeasedRun Leased { get; }

    public HeldLease Lease { get; }

    public DateTimeOffset StartedAt { get; }

    public CancellationToken Stopping => _stop.Token;

    /// <summary>Runner's view of it; set before it runs.</summary>
    public AttemptContext? Context { get; set; }

    /// <summary>A word of <see cref="RunReason"/> for a cancelled attempt.</summary>
    public string CancelReason { get; private set; } = RunReason.Requested;

    /// <summary>Why it is being stopped. Without a reason, a fired token is the timeout.</summary>
    public StopReason StopReason =>
        Volatile.Read(ref _stopReason) is var reason and not 0 ? (StopReason)reason
        : _stop.IsCancellationRequested ? StopReason.Timeout
        : StopReason.None;

    /// <summary>Asks it to stop. The first reason stands, but for a lost lease, which overrules all.</summary>
    public void Stop(StopReason reason, string? cancelReason = null)
    {
        if (reason is StopReason.LeaseLost)
        {
            Volatile.Write(ref _stopReason, (int)reason);
        }
        else if (Interlocked.CompareExchange(ref _stopReason, (int)reason, 0) != 0)
        {
            return;
        }

        CancelReason = cancelReason ?? CancelReason;
        if (Context is { } context)
        {
            context.StopReason = reason;
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended in this very moment.
        }
    }

    /// <returns>True for exactly one caller: the one who settles it.</returns>
    public bool TryFinish() => Interlocked.Exchange(ref _finished, 1) == 0;

    /// <summary>Its target took it over and will call back; only the timeout, a wish or the callback ends it.</summary>
    public bool Deferred { get; private set; }

    /// <returns>False when the callback was quicker than the answer that announced it: it is settled already.</returns>
    public bool TryDefer()
    {
        Deferred = true;
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _finished) == 0;
    }

    /// <summary>Gives its slot back; further calls do nothing.</summary>
    public void FreeSlot()
    {
        if (Interlocked.Exchange(ref _slotHeld, 0) == 1)
        {
            _slotFreed(Leased);
        }
    }

    /// <inheritdoc/>
    public void Execute() => _ = _executor.RunAsync(this);

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
