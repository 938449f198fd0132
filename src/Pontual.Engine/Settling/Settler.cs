using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Events;
using Pontual.Engine.Metrics;
using Pontual.Engine.Nodes;
using Pontual.Engine.Pacing;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Settling;

/// <summary>Room 5: makes settlements of outcomes and writes them in batches, at the pace of the database: while one transaction commits, the next batch gathers.</summary>
/// <remarks>What the store fails to take is kept and tried again, in halves, until it is taken, refused, or its lease is lost. One settlement
/// that can never be written ends up alone and last, and stops no other.</remarks>
internal sealed class Settler(
    IRunStore runs,
    RunFeed feed,
    Signals signals,
    IRandomBytes random,
    TimeProvider time,
    ILogger<Settler> logger,
    EngineMeter? meter = null
)
{
    private const int LargestBatch = 2_000;
    private const int MostWaiting = 8_000;

    private readonly Channel<Unsettled> _waiting = Channel.CreateBounded<Unsettled>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true }
    );

    private readonly List<Unsettled> _batch = [];
    private readonly HashSet<Guid> _inPart = [];
    private int _limit = LargestBatch;
    private long _refused;
    private int _unwritten;

    /// <summary>Results that were refused by the store, or dropped before they got there, because their run was no longer held.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Counts a result that was dropped before it came here.</summary>
    public void Refuse() => Interlocked.Increment(ref _refused);

    /// <summary>Hands over what an attempt came to. Waits only when the store is far behind.</summary>
    /// <param name="leased">The run as claimed.</param>
    /// <param name="outcome">What its attempt came to.</param>
    /// <param name="attemptStartedAt">When the attempt began; null when it never did.</param>
    /// <param name="lease">The stay it was claimed under: once that is lost, the result is dropped. Null when another node holds the run.</param>
    /// <param name="recorded">Learns whether the result was recorded; null when nobody asks.</param>
    public ValueTask PostAsync(
        LeasedRun leased,
        Outcome outcome,
        DateTimeOffset? attemptStartedAt,
        HeldLease? lease,
        TaskCompletionSource<bool>? recorded = null
    )
    {
        var jitter = outcome is Outcome.Failure ? Jitter.Next(random) : 0;
        var settlement = Settlement.Of(leased, outcome, attemptStartedAt, time.GetUtcNow(), jitter);
        var item = new Unsettled(leased, settlement, lease, recorded);
        Interlocked.Increment(ref _unwritten);
        return _waiting.Writer.TryWrite(item) ? ValueTask.CompletedTask : _waiting.Writer.WriteAsync(item);
    }

    /// <summary>As <see cref="PostAsync"/>, and waits for the record.</summary>
    /// <returns>False when the run was no longer held, so that nothing was recorded.</returns>
    public async Task<bool> SettleAsync(LeasedRun leased, Outcome outcome, DateTimeOffset? attemptStartedAt, HeldLease? lease)
    {
        var recorded = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await PostAsync(leased, outcome, attemptStartedAt, lease, recorded);
        return await recorded.Task;
    }

    /// <summary>Whether nothing waits to be written or is being written.</summary>
    public bool IsIdle => Volatile.Read(ref _unwritten) == 0;

    /// <summary>Completes when something waits to be written.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        if (_batch.Count == 0)
        {
            await _waiting.Reader.WaitToReadAsync(cancellation);
        }
    }

    /// <summary>Writes one batch.</summary>
    /// <returns>How many settlements left the queue: recorded, refused or dropped.</returns>
    public async Task<int> StepAsync(CancellationToken cancellation)
    {
        var dropped = Gather();
        if (_batch.Count == 0)
        {
            return dropped;
        }

        var part = NextPart();
        var written = await WriteAsync(part, cancellation);
        _batch.RemoveRange(0, part.Count);
        _limit = Math.Min(LargestBatch, _limit * 2);
        var (letsOthersGo, schedules, givesBack) = (false, false, false);
        for (var i = 0; i < part.Count; i++)
        {
            Finish(part[i], written[i]);
            schedules |= part[i].Settlement is { IsFinal: true, EndsDelayed: true } or { IsFinal: false, AttemptStartedAt: null };
            givesBack |= part[i].Settlement.GivesAttemptBack;
            letsOthersGo |= !part[i].Settlement.IsFinal || part[i].Leased.LetsOthersGo;
        }

        Interlocked.Add(ref _unwritten, -part.Count);
        if (givesBack)
        {
            // A node that stops does not take them again: others should at once.
            signals.RunsReady();
        }
        else if (letsOthersGo)
        {
            signals.Heard(Hint.Claiming);
        }

        if (schedules)
        {
            signals.SchedulesChanged();
        }

        return part.Count + dropped;
    }

    // A run that is settled twice (by its target and by its timeout, say) is so in two transactions: the second finds that it is too late.
    private List<Unsettled> NextPart()
    {
        _inPart.Clear();
        var count = 0;
        while (count < _limit && count < _batch.Count && _inPart.Add(_batch[count].Settlement.RunId))
        {
            count++;
        }

        return _batch.GetRange(0, count);
    }

    private async Task<IReadOnlyList<bool>> WriteAsync(List<Unsettled> part, CancellationToken cancellation)
    {
        try
        {
            return await runs.SettleAsync(part.ConvertAll(item => item.Settlement), cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            _limit = Math.Max(1, part.Count / 2);
            if (part.Count == 1)
            {
                _batch.RemoveAt(0);
                _batch.Add(part[0]);
            }

            throw;
        }
    }

    private int Gather()
    {
        while (_batch.Count < LargestBatch && _waiting.Reader.TryRead(out var item))
        {
            _batch.Add(item);
        }

        var dropped = _batch.RemoveAll(item =>
        {
            var worthless = item.Lease is { Lost: true };
            if (worthless)
            {
                Refuse();
                logger.Dropped(item.Settlement.RunId, item.Leased.Job.Name);
                item.Recorded?.TrySetResult(false);
            }

            return worthless;
        });
        Interlocked.Add(ref _unwritten, -dropped);
        return dropped;
    }

    private void Finish(Unsettled item, bool written)
    {
        item.Recorded?.TrySetResult(written);
        if (!written)
        {
            Refuse();
            logger.Refused(item.Settlement.RunId, item.Leased.Job.Name, item.Settlement.LeaseToken, item.Settlement.State);
            return;
        }

        meter?.Settled(item.Leased, item.Settlement);
        if (feed.HasListeners)
        {
            var kind = item.Settlement.IsFinal ? RunEventKind.Ended : RunEventKind.Retrying;
            feed.Publish(new RunEvent(kind, item.Settlement.At, item.Settlement.Apply(item.Leased.Run)));
        }
    }

    private readonly record struct Unsettled(
        LeasedRun Leased,
        Settlement Settlement,
        HeldLease? Lease,
        TaskCompletionSource<bool>? Recorded
    );
}
