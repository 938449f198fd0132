using System.Collections.Concurrent;

namespace Pontual.Runners.Process;

/// <summary>What this node has started: who is whose, and the orphans that fall to us.</summary>
/// <remarks>The node is the subreaper of what it starts: a descendant whose parent ends becomes our child and not init's. So orphans can be found
/// quickly, and it is ours to reap them.</remarks>
internal sealed class NodeProcesses : IDisposable
{
    private static readonly TimeSpan ReapInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ulong, ProcessFamily> _families = [];
    private readonly TimeProvider _time;
    private readonly bool _marksInEnvironment;
    private readonly SharedProcessTable _table;
    private readonly ITimer _reaper;
    private uint _runs;

    public NodeProcesses(TimeProvider time)
    {
        _time = time;
        Posix.BecomeSubreaper();
        _marksInEnvironment = !Spawner.LimitsCarryMarks();
        _table = new SharedProcessTable(_marksInEnvironment);
        _reaper = time.CreateTimer(_ => Reap(), null, ReapInterval, ReapInterval);
    }

    /// <summary>On all that this node starts.</summary>
    public NodeMark Mark { get; } = NodeMark.New();

    /// <summary>Processes of the machine, read after this call.</summary>
    public Task<ProcessTable> ReadAsync() => _table.ReadAsync();

    /// <summary>What the supervisor of this node is told.</summary>
    public IReadOnlyList<string> SupervisorArguments(string scratch) =>
        [Mark.ToString(), _marksInEnvironment ? Supervisor.ByEnvironment : Supervisor.ByLimits, scratch];

    /// <summary>Enters a family whose main process is about to be started.</summary>
    public ProcessFamily Begin()
    {
        var mark = Mark.OfRun(Math.Max(1, Interlocked.Increment(ref _runs)));
        return _families[mark] = new ProcessFamily(mark, this, _time);
    }

    /// <summary>Forgets a family: whoever of it turns up later is killed.</summary>
    public void End(ProcessFamily family) => _families.TryRemove(family.Mark, out _);

    /// <summary>Tells whether a child of ours is an orphan of a family.</summary>
    public Predicate<int> IsOrphanOf(ulong mark) => pid => ProcessTable.ProcessEntry(pid, _marksInEnvironment)?.Mark == mark;

    /// <summary>Marks a process as nobody's to stop. One that belongs to another user, or reads its mark from the environment, keeps its own.</summary>
    public unsafe void Release(int pid)
    {
        Posix.Limit limit;
        if (Posix.LocksLimit(pid, null, &limit))
        {
            limit.Soft = Mark.Released;
            Posix.LocksLimit(pid, &limit, null);
        }
    }

    public void Dispose() => _reaper.Dispose();

    /// <summary>Reaps orphans that ended, and kills those of families that are no more.</summary>
    private void Reap()
    {
        foreach (var pid in ProcessTable.OwnChildren() ?? [])
        {
            if (ProcessTable.ProcessEntry(pid, _marksInEnvironment) is not { } child || !Mark.IsOn(child.Mark))
            {
                continue;
            }

            var known = _families.TryGetValue(child.Mark!.Value, out var family);
            if (!child.IsAlive && (!known || family!.Main is not 0 and var main && main != pid))
            {
                _ = Posix.Wait(pid, out _, Posix.NoHang);
            }
            else if (child.IsAlive && !known && child.Mark != Mark.Released)
            {
                ProcessFamily.Kill([child]);
            }
        }
    }
}
