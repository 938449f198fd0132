using Pontual.TestKit;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>One node's view of the world's clock: while the node is frozen (SIGSTOP) its timers do not fire; when it thaws, the ones that came due fire at once.</summary>
internal sealed class GatedTime(ManualTime world) : TimeProvider
{
    private readonly Queue<Action> _missed = new();
    private bool _frozen;
    private bool _dead;

    public override long TimestampFrequency => world.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => world.GetUtcNow();

    public override long GetTimestamp() => world.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        world.CreateTimer(_ => Fire(() => callback(state)), null, dueTime, period);

    public void Freeze() => _frozen = true;

    public void Thaw()
    {
        _frozen = false;
        while (_missed.TryDequeue(out var fire))
        {
            fire();
        }
    }

    /// <summary>No timer of this node fires ever again.</summary>
    public void Kill() => _dead = true;

    private void Fire(Action callback)
    {
        if (_dead)
        {
            return;
        }

        if (_frozen)
        {
            _missed.Enqueue(callback);
        }
        else
        {
            callback();
        }
    }
}
