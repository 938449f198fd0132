using Microsoft.Extensions.Logging;
using Pontual.Engine.Executing;
using Pontual.Engine.Nodes;
using Pontual.Engine.Pacing;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Claiming;

/// <summary>Room 3's loop: takes due runs while this node has room, and hands each to room 4 without waiting for it. What becomes ready within moments it
/// takes beforehand, where room is left, so that at its instant nothing is written: it is armed.</summary>
/// <remarks>It sleeps until the next run can be armed. Under load it does not claim for every slot that frees, but for half a batch at
/// once, or after 5 ms, whichever comes first.</remarks>
internal sealed class Claimer : IAttemptRoom
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(5);

    private readonly IRunStore _runs;
    private readonly Executor _executor;
    private readonly NodeLease _lease;
    private readonly ClaimingOptions _options;
    private readonly Signals _signals;
    private readonly TimeProvider _time;
    private readonly ILogger<Claimer> _logger;
    private readonly Room _room;
    private volatile bool _moreMayWait;
    private ClaimRequest? _unanswered;
    private DateTimeOffset _claimedAt;

    public Claimer(
        IRunStore runs,
        Executor executor,
        NodeLease lease,
        ClaimingOptions options,
        Signals signals,
        TimeProvider time,
        ILogger<Claimer> logger
    )
    {
        _runs = runs;
        _executor = executor;
        _lease = lease;
        _options = options;
        _signals = signals;
        _time = time;
        _logger = logger;
        _room = new Room(options);
    }

    /// <summary>Attempts that take room on this node.</summary>
    public int Active => _room.Taken;

    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        if (_lease.Current is not { } lease)
        {
            return null;
        }

        _executor.LookAtClock();
        var lanes = _room.Lanes();
        _moreMayWait = true;
        if (lanes.TrueForAll(lane => lane.Limit == 0))
        {
            return null;
        }

        var claim = await TakeAsync(lease, lanes, TimeSpan.Zero, cancellation);
        var filled = Filled(lanes, claim.Runs);
        _moreMayWait = filled.Count > 0;
        if (claim.MoreReady || filled.Exists(lane => lane.Limit > 0 && _room.HasRoomIn(lane)))
        {
            return TimeSpan.Zero;
        }

        // What is ready but was not given waits for a slot of its job: settling, not asking again, lets it go.
        return await ArmAsync(lease, claim.NextReady, cancellation);
    }

    bool IAttemptRoom.TryBegin(LeasedRun leased) => _room.TryBegin(leased.Run.Queue);

    void IAttemptRoom.Free(LeasedRun leased, bool began)
    {
        if (began)
        {
            SlotFreed(leased);
        }
        else
        {
            _room.Disarm(leased.Run.Queue);
        }
    }

    /// <summary>Arms what becomes ready within moments.</summary>
    /// <returns>How long there is nothing more to claim or to arm; null for until something happens.</returns>
    private async Task<TimeSpan?> ArmAsync(HeldLease lease, DateTimeOffset? nextReady, CancellationToken cancellation)
    {
        if (nextReady - _time.GetUtcNow() > _options.ArmAhead)
        {
            return nextReady - _options.ArmAhead - _time.GetUtcNow();
        }

        var lanes = _room.LanesToArm();
        if (nextReady is null || _options.ArmAhead == TimeSpan.Zero || lanes.TrueForAll(lane => lane.Limit == 0))
        {
            return nextReady - _time.GetUtcNow();
        }

        // What is left inside the window cannot be armed (no room, no slot, a limit): it is for its time.
        var claim = await TakeAsync(lease, lanes, _options.ArmAhead, cancellation);
        var rest = claim.NextReady - _time.GetUtcNow();
        return Filled(lanes, claim.Runs).Count > 0 ? nextReady - _time.GetUtcNow()
            : rest > _options.ArmAhead ? rest - _options.ArmAhead
            : rest;
    }

    private async Task<ClaimResult> TakeAsync(HeldLease lease, List<ClaimLane> lanes, TimeSpan ahead, CancellationToken cancellation)
    {
        var claim = await ClaimAsync(lease, lanes, ahead, cancellation);
        var now = _time.GetUtcNow();
        foreach (var leased in claim.Runs)
        {
            if (leased.Run.NotBefore > now)
            {
                _room.Arm(leased.Run.Queue);
                _executor.Arm(leased, lease, this);
            }
            else
            {
                _room.Take(leased.Run.Queue);
                _executor.Start(leased, lease, this);
            }
        }

        if (claim.Runs.Count > 0)
        {
            _logger.Claimed(claim.Runs.Count, lease.Node);
        }

        return claim;
    }

    /// <summary>Claims; or, after a claim whose answer was lost, learns what it took: those runs are this node's, and nobody else would ever start them.</summary>
    private async Task<ClaimResult> ClaimAsync(HeldLease lease, List<ClaimLane> lanes, TimeSpan ahead, CancellationToken cancellation)
    {
        if (_unanswered is { } lost && lost.Node == lease.Node)
        {
            var taken = await _runs.FindClaimedAsync(lost.Node, lost.Now, cancellation);
            _unanswered = null;
            _signals.Claiming.Set();
            return new ClaimResult(taken, NextReady: null);
        }

        // Two claims never share an instant: it is what one of them is known by.
        var now = _time.GetUtcNow();
        _claimedAt = now <= _claimedAt && _claimedAt - now < Gathering ? _claimedAt.AddMicroseconds(1) : now;
        _unanswered = new ClaimRequest(lease.Node, lanes, _options.Kinds, _claimedAt) { ReadyBy = _claimedAt + ahead };

        // Not cancelled when the node stops: what a claim took and nobody starts would be lost to this node, and cost the run an attempt.
        var claim = await _runs.ClaimAsync(_unanswered, CancellationToken.None);
        _unanswered = null;
        return claim;
    }

    // The lanes that gave all they were asked for, those without room among them: more may wait there.
    private static List<ClaimLane> Filled(List<ClaimLane> lanes, IReadOnlyList<LeasedRun> claimed)
    {
        if (lanes is [var only])
        {
            return claimed.Count >= only.Limit ? lanes : [];
        }

        var named = lanes.Where(lane => lane.Queue is not null).Select(lane => lane.Queue!).ToHashSet();
        var taken = claimed.CountBy(leased => named.Contains(leased.Run.Queue) ? leased.Run.Queue : "").ToDictionary();
        return lanes.FindAll(lane => taken.GetValueOrDefault(lane.Queue ?? "") >= lane.Limit);
    }

    private void SlotFreed(LeasedRun leased)
    {
        var isWorthAClaim = _room.GiveBack(leased.Run.Queue);
        if (_moreMayWait && isWorthAClaim)
        {
            _signals.Claiming.Set();
        }
        else if (_moreMayWait)
        {
            _signals.Claiming.SetWithin(Gathering);
        }
    }
}
