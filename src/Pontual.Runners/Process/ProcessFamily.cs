namespace Pontual.Runners.Process;

/// <summary>The main process of a run and everything that descends from it.</summary>
internal sealed class ProcessFamily(ulong mark, NodeProcesses node, TimeProvider time)
{
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(5);

    /// <summary>Carried by all of the family; see <see cref="NodeMark"/>.</summary>
    public ulong Mark => mark;

    /// <summary>The process that was started; 0 before.</summary>
    public int Main { get; set; }

    /// <summary>The main process has ended and is reaped: its number may be another's by now.</summary>
    public bool MainEnded { get; set; }

    /// <summary>Who of the family lives. Those that ended as orphans, and so as our children, are reaped.</summary>
    public async Task<List<ProcessEntry>> LivingAsync()
    {
        var table = await node.ReadAsync();
        var family = table.WithDescendants(entry => entry.Mark == mark || (!MainEnded && (entry.Pid == Main || entry.Session == Main)));
        foreach (var ended in family.Where(entry => !entry.IsAlive && entry.Parent == Environment.ProcessId && entry.Pid != Main))
        {
            _ = Posix.Wait(ended.Pid, out _, Posix.NoHang);
        }

        return family.FindAll(entry => entry.IsAlive);
    }

    /// <summary>Whether the ended main process left any of its family behind. Cheap when it did not, as is usual.</summary>
    public async Task<bool> LeftAnyAsync() =>
        ProcessTable.OwnChildren() is not { } children || children.Exists(node.IsOrphanOf(mark)) ? (await LivingAsync()).Count > 0 : false;

    /// <summary>Waits until none of the family lives.</summary>
    /// <returns>Who still did when <paramref name="patience"/> ended.</returns>
    public async Task<List<ProcessEntry>> WaitAsync(TimeSpan patience, CancellationToken cancellation = default)
    {
        var start = time.GetTimestamp();
        for (var look = ShortestLook; ; look = look * 2 < LongestLook ? look * 2 : LongestLook)
        {
            var living = await LivingAsync();
            var left = patience - time.GetElapsedTime(start);
            if (living.Count == 0 || left <= TimeSpan.Zero)
            {
                return living;
            }

            await Task.Delay(look < left ? look : left, time, cancellation);
        }
    }

    /// <summary>Ends them all: SIGTERM, and SIGKILL for those who live on after <paramref name="grace"/>.</summary>
    /// <returns>Who could not be ended within 5 s: they hang in the kernel, or belong to somebody we have no right over.</returns>
    public async Task<List<ProcessEntry>> StopAsync(TimeSpan grace)
    {
        foreach (var entry in await LivingAsync())
        {
            _ = Posix.Kill(entry.Pid, Posix.SigTerm);
            _ = Posix.Kill(entry.Pid, Posix.SigCont);
        }

        var living = await WaitAsync(grace);
        for (var start = time.GetTimestamp(); living.Count > 0 && time.GetElapsedTime(start) < KillPatience; living = await LivingAsync())
        {
            Kill(living);
            await Task.Delay(ShortestLook, time);
        }

        return living;
    }

    /// <summary>Lets those who live go their own way: neither the end of the run nor that of the node concerns them any more.</summary>
    public async Task ReleaseAsync()
    {
        foreach (var entry in await LivingAsync())
        {
            node.Release(entry.Pid);
        }
    }

    /// <summary>Stops them first, so that none can start another while the others are killed.</summary>
    public static void Kill(IReadOnlyCollection<ProcessEntry> entries)
    {
        foreach (var signal in (ReadOnlySpan<int>)[Posix.SigStop, Posix.SigKill])
        {
            foreach (var entry in entries)
            {
                _ = Posix.Kill(entry.Pid, signal);
            }
        }
    }
}
