using Pontual.Engine.Runs;

namespace Pontual.Engine.Claiming;

/// <summary>How many more attempts this node has room for, by lane: one for each queue with a limit of its own, one for all others. Thread-safe.</summary>
internal sealed class Room
{
    private readonly Lane _others;
    private readonly Dictionary<string, Lane> _own;
    private readonly int _batch;

    public Room(ClaimingOptions options)
    {
        _batch = options.BatchSize;
        _others = new Lane(Queue: null, options.Concurrency);
        _own = options.Queues.ToDictionary(queue => queue.Key, queue => new Lane(queue.Key, queue.Value));
    }

    /// <summary>Attempts that take room now.</summary>
    public int Taken => _others.Taken + _own.Values.Sum(lane => lane.Taken);

    /// <summary>Whether any lane has room.</summary>
    public bool Any => _others.Free > 0 || _own.Values.Any(lane => lane.Free > 0);

    /// <summary>Whether enough room is free to be worth a claim of its own: a quarter of a batch, or all of it.</summary>
    public bool IsWorthAClaim => _others.Taken == 0 || _others.Free >= Math.Min(_batch, _others.Limit) / 4;

    /// <summary>All lanes, each with its room for at most a batch. A full one is named too, so that its queue is not served from the common lane.</summary>
    public List<ClaimLane> Lanes() =>
        [.. _own.Values.Prepend(_others).Select(lane => new ClaimLane(lane.Queue, Math.Clamp(lane.Free, 0, _batch)))];

    public void Take(string queue) => LaneOf(queue).Add(1);

    public void GiveBack(string queue) => LaneOf(queue).Add(-1);

    private Lane LaneOf(string queue) => _own.GetValueOrDefault(queue, _others);

    private sealed record Lane(string? Queue, int Limit)
    {
        private int _taken;

        public int Taken => Volatile.Read(ref _taken);

        public int Free => Limit - Taken;

        public void Add(int change) => Interlocked.Add(ref _taken, change);
    }
}
