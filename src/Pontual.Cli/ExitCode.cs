namespace Pontual.Cli;

/// <summary>What the program answers its caller with. Scripts rely on these numbers: see docs/reference/cli.md.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>Tried and failed: not found, in conflict, the run failed.</summary>
    public const int Failed = 1;

    /// <summary>The command, a file or a value is wrong: nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>No server, or it does not answer.</summary>
    public const int Unreachable = 3;

    /// <summary>The server does not accept the token, or the token may not do this.</summary>
    public const int Refused = 4;

    /// <summary>Stopped by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
