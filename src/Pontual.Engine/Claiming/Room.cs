using Pontual.Engine.Runs;

namespace Pontual.Engine.Claiming;

/// <summary>How many more attempts this node has room for, by lane: one for each queue with a limit of its own, one for all others. Thread-safe.</summary>
/// <remarks>Armed attempts take room of what may be armed, but not of what is ready now: where both meet, what is ready goes first.</remarks>
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

    /// <summary>All lanes, each with its room for at most a batch. A full one is named too, so that its queue is not served from the common lane.</summary>
    public List<ClaimLane> Lanes() =>
        [.. _own.Values.Prepend(_others).Select(lane => new ClaimLane(lane.Queue, Math.Clamp(lane.Free, 0, _batch)))];

    /// <summary>Whether a lane that just gave all it was asked for still has room: it was asked for a batch only.</summary>
    public bool HasRoomIn(ClaimLane lane) => LaneOf(lane.Queue).Free > 0;

    /// <summary>The same for runs to arm: what is armed already takes room too.</summary>
    public List<ClaimLane> LanesToArm() =>
        [.. _own.Values.Prepend(_others).Select(lane => new ClaimLane(lane.Queue, Math.Clamp(lane.Free - lane.Armed, 0, _batch)))];

    public void Take(string queue) => LaneOf(queue).Add(1);

    public void Arm(string queue) => LaneOf(queue).AddArmed(1);

    public void Disarm(string queue) => LaneOf(queue).AddArmed(-1);

    /// <summary>An armed attempt begins.</summary>
    /// <returns>False when its lane is full: it is not armed any more and takes no room.</returns>
    public bool TryBegin(string queue)
    {
        var lane = LaneOf(queue);
        lane.AddArmed(-1);
        return lane.TryAdd();
    }

    /// <returns>Whether enough room is free in its lane to be worth a claim of its own: half a batch, or all of it.</returns>
    public bool GiveBack(string queue)
    {
        var lane = LaneOf(queue);
        lane.Add(-1);
        return lane.Taken == 0 || lane.Free >= Math.Min(_batch, lane.Limit) / 2;
    }

    private Lane LaneOf(string? queue) => queue is null ? _others : _own.GetValueOrDefault(queue, _others);

    private sealed record Lane(string? Queue, int Limit)
    {
        private int _taken;
        private int _armed;

        public int Taken => Volatile.Read(ref _taken);

        public int Free => Limit - Taken;

        public int Armed => Volatile.Read(ref _armed);

        public void AddArmed(int change) => Interlocked.Add(ref _armed, change);

        public bool TryAdd()
        {
            var isRoom = Interlocked.Increment(ref _taken) <= Limit;
            if (!isRoom)
            {
                Interlocked.Decrement(ref _taken);
            }

            return isRoom;
        }

        public void Add(int change) => Interlocked.Add(ref _taken, change);
    }
}
