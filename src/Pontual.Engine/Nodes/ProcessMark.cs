using System.Diagnostics;
using System.Globalization;

namespace Pontual.Engine.Nodes;

/// <summary>What tells a process from a later one that got the same pid.</summary>
internal static class ProcessMark
{
    /// <summary>This process's mark.</summary>
    public static string Own { get; } = Of(Environment.ProcessId) ?? "unknown";

    /// <summary>Whether the process that entered itself as <paramref name="node"/> still runs on this machine.</summary>
    public static bool IsAlive(NodeRecord node) => Of(node.Pid) == node.ProcessMark;

    /// <returns>The mark of a running process; null when there is none of that pid (or it is dead and not yet reaped).</returns>
    public static string? Of(int pid) => OperatingSystem.IsLinux() ? OnLinux(pid) : Elsewhere(pid);

    // Clock ticks since boot at which the process started (field 22 of stat), and which boot that was.
    private static string? OnLinux(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : $"{File.ReadAllText("/proc/sys/kernel/random/boot_id")[..8]}-{fields[19]}";
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? Elsewhere(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
