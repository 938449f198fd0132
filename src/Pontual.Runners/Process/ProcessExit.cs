namespace Pontual.Runners.Process;

/// <summary>How a process ended, as <c>waitpid</c> tells it.</summary>
internal readonly record struct ProcessExit(int Status)
{
    private const int CoreDumped = 0x80;

    private static readonly string[] Signals = (
        "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
    ).Split(' ');

    /// <summary>Somebody else in this process has reaped it.</summary>
    public static ProcessExit Unknown { get; } = new(-1);

    /// <summary>The exit code, 0 to 255; null when a signal ended it.</summary>
    public int? Code => Status >= 0 && Signal == 0 ? (Status >> 8) & 0xFF : null;

    private int Signal => Status & 0x7F;

    /// <summary>"exit code 3", "killed by SIGSEGV (core dumped)".</summary>
    public override string ToString() =>
        Status < 0 ? "ended, but how is not known: something else in this process took its exit code"
        : Code is { } code ? $"exit code {code}"
        : $"killed by {SignalName(Signal)}{((Status & CoreDumped) != 0 ? " (core dumped)" : "")}";

    private static string SignalName(int signal) => signal <= Signals.Length ? $"SIG{Signals[signal - 1]}" : $"signal {signal}";
}
