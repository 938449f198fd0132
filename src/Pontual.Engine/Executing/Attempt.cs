using Pontual.Engine.Nodes;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Executing;

/// <summary>One attempt: armed for its time, or running, or taken over by its target (deferred).</summary>
internal sealed class Attempt : IThreadPoolWorkItem, IDisposable
{
    private const int Armed = 0;
    private const int Begun = 1;
    private const int TakenBack = 2;

    private readonly Executor _executor;
    private readonly IAttemptRoom _room;
    private CancellationTokenSource? _stop;
    private int _phase = Armed;
    private int _stopReason;
    private int _finished;
    private int _slotHeld = 1;

    public Attempt(Executor executor, LeasedRun leased, HeldLease lease, IAttemptRoom room)
    {
        _executor = executor;
        _room = room;
        Leased = leased;
        Lease = lease;
    }

    public LeasedRun Leased { get; }

    public HeldLease Lease { get; }

    /// <summary>When it began; null before.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>The timeout, a wish, a lost lease, a node that stops. Only of one that began.</summary>
    public CancellationToken Stopping => _stop!.Token;

    public bool IsArmed => Volatile.Read(ref _phase) == Armed;

    /// <summary>It begins: from now on its timeout counts.</summary>
    /// <returns>False when it was taken back before.</returns>
    public bool TryBegin(DateTimeOffset now, TimeProvider time)
    {
        (StartedAt, _stop) = (now, new CancellationTokenSource(Leased.Job.Definition.Timeout, time));
        return Interlocked.CompareExchange(ref _phase, Begun, Armed) == Armed;
    }

    /// <summary>It will not begin here.</summary>
    /// <returns>True for exactly one caller, and only while it is armed.</returns>
    public bool TryTakeBack() => Interlocked.CompareExchange(ref _phase, TakenBack, Armed) == Armed;

    /// <summary>It was to begin this very moment, and its node has no room: nothing was started.</summary>
    public void Unbegin()
    {
        StartedAt = null;
        Volatile.Write(ref _slotHeld, 0);
        Volatile.Write(ref _phase, TakenBack);
    }

    /// <summary>Runner's view of it; set before it runs.</summary>
    public AttemptContext? Context { get; set; }

    /// <summary>A word of <see cref="RunReason"/> for a cancelled attempt.</summary>
    public string CancelReason { get; private set; } = RunReason.Requested;

    /// <summary>Why it is being stopped. Without a reason, a fired token is the timeout.</summary>
    public StopReason StopReason =>
        Volatile.Read(ref _stopReason) is var reason and not 0 ? (StopReason)reason
        : _stop is { IsCancellationRequested: true } ? StopReason.Timeout
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
            _stop?.Cancel();
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

    /// <returns>Whether its node has room for it now that it begins.</returns>
    public bool TryTakeRoom() => _room.TryBegin(Leased);

    /// <summary>Gives its slot back; further calls do nothing.</summary>
    public void FreeSlot()
    {
        if (Interlocked.Exchange(ref _slotHeld, 0) == 1)
        {
            _room.Free(Leased, began: StartedAt is not null && Volatile.Read(ref _phase) == Begun);
        }
    }

    /// <inheritdoc/>
    public void Execute() => _ = _executor.RunAsync(this);

    /// <inheritdoc/>
    public void Dispose() => _stop?.Dispose();
}
