using System.Runtime.InteropServices;

namespace Pontual.EndToEnd.Tests.Running;

/// <summary>Signals to other processes.</summary>
internal static class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <returns>Zero when it was sent.</returns>
    public static int Send(int pid, int signal) => SendSignal(pid, signal);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
