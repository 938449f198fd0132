namespace Pontual.Cli;

/// <summary>Ends a command with one clear line for people and a number for scripts.</summary>
/// <param name="exitCode">One of <see cref="Cli.ExitCode"/>.</param>
/// <param name="message">What is wrong and what to do about it.</param>
/// <param name="details">Further lines, one for each single problem.</param>
internal sealed class CommandFailure(int exitCode, string message, IReadOnlyList<string>? details = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Details { get; } = details ?? [];

    /// <summary>The command or a value in it is wrong.</summary>
    public static CommandFailure Usage(string message) => new(Cli.ExitCode.Usage, message);

    /// <summary>It was tried and did not work.</summary>
    public static CommandFailure Failed(string message) => new(Cli.ExitCode.Failed, message);
}
