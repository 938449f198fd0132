using System.Diagnostics;
using Pontual.Server.Composition;

namespace Pontual.Cli.Connection;

/// <summary>Finds servers of this machine by the file they keep in their data folder.</summary>
internal static class RunningServer
{
    /// <summary>The server that runs on a folder now; null when none does (a killed server leaves its file behind).</summary>
    /// <exception cref="CommandFailure">One may run there, but the file is another user's.</exception>
    public static DiscoveryFile? Find(string folder)
    {
        if (DiscoveryFile.Read(folder) is { } file)
        {
            return IsAlive(file.Pid) ? file : null;
        }

        var path = Path.Combine(folder, DiscoveryFile.Name);
        return File.Exists(path) && !IsReadable(path)
            ? throw new CommandFailure(
                ExitCode.Refused,
                $"{path} is another user's: only that user may read the token in it. Give --server URL and --token TOKEN."
            )
            : null;
    }

    private static bool IsReadable(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
