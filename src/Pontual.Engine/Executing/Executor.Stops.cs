using Pontual.Engine.Nodes;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Executing;

/// <summary>What ends attempts before their own end, or before they begin: a lost lease, a wish, a node that stops.</summary>
internal sealed partial class Executor
{
    /// <summary>Gives back all that is armed: this node stops.</summary>
    public void TakeBackArmed()
    {
        foreach (var attempt in _attempts.Values)
        {
            TakeBack(attempt);
        }
    }

    /// <inheritdoc/>
    public void LeaseLost(HeldLease lease)
    {
        foreach (var armed in _attempts.Values.Where(attempt => attempt.Lease == lease && attempt.TryTakeBack()))
        {
            Forget(armed);
        }

        StopAll(StopReason.LeaseLost, lease);
    }

    /// <inheritdoc/>
    public void CancelWished(CancelWish wish)
    {
        if (!_attempts.TryGetValue(wish.RunId, out var attempt) || attempt.Leased.LeaseToken != wish.LeaseToken)
        {
            return;
        }

        var onlyIfArmed = wish.Reason == RunReason.TakenBack;
        if (attempt.TryTakeBack())
        {
            _ = GiveBackAsync(attempt, onlyIfArmed ? new Outcome.NotBegun() : new Outcome.Cancelled(wish.Reason));
        }
        else if (!onlyIfArmed)
        {
            StopOne(attempt, StopReason.Cancelled, wish.Reason);
        }
    }

    /// <summary>Asks all attempts that began to stop, deferred ones too.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="lease">Only those claimed under this one; null for all.</param>
    public void StopAll(StopReason reason, HeldLease? lease = null)
    {
        foreach (var attempt in _attempts.Values)
        {
            if (!attempt.IsArmed && (lease is null || attempt.Lease == lease))
            {
                StopOne(attempt, reason, cancelReason: null);
            }
        }
    }

    /// <summary>Settles as interrupted what did not stop in time although it was asked to.</summary>
    public async Task AbandonAllAsync()
    {
        foreach (var attempt in _attempts.Values)
        {
            if (!attempt.IsArmed && attempt.TryFinish())
            {
                await EndAsync(attempt, new Outcome.Interrupted());
            }
        }
    }

    private void TakeBack(Attempt attempt)
    {
        if (attempt.TryTakeBack())
        {
            _ = GiveBackAsync(attempt, new Outcome.NotBegun());
        }
    }

    private async Task GiveBackAsync(Attempt attempt, Outcome outcome)
    {
        Forget(attempt);
        await _settler.PostAsync(attempt.Leased, outcome, attemptStartedAt: null, attempt.Lease);
    }

    private void Forget(Attempt attempt)
    {
        _attempts.TryRemove(new(attempt.Leased.Run.Id, attempt));
        attempt.FreeSlot();
        attempt.Dispose();
    }

    private void StopOne(Attempt attempt, StopReason reason, string? cancelReason)
    {
        try
        {
            attempt.Stop(reason, cancelReason);
        }
        catch (AggregateException problem)
        {
            _logger.StopThrew(problem, attempt.Leased.Run.Id, attempt.Leased.Job.Name);
        }
    }
}
