namespace Pontual.EndToEnd.Tests.Running;

/// <summary>How the program is started, where not as usual.</summary>
internal sealed record Launcher
{
    private static readonly string OwnProgram = System.IO.Path.Combine(AppContext.BaseDirectory, "pontual.dll");

    /// <summary>The usual way: the program that was built with the tests.</summary>
    public static Launcher Usual { get; } = new();

    /// <summary>The program.</summary>
    public string Program { get; init; } = OwnProgram;

    /// <summary>The machine's name as it sees it; null for the real one. Takes the right to make a namespace (<see cref="CanName"/>).</summary>
    public string? HostName { get; init; }

    /// <summary>Whether this user may give a process a host name of its own.</summary>
    public static bool CanName { get; } = OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists("/usr/bin/unshare");

    /// <summary>The command line: the process that it starts becomes the program, so that its pid stays.</summary>
    public (string File, IReadOnlyList<string> Arguments) Line(IEnumerable<string> arguments) =>
        HostName is { } name
            ? ("unshare", ["-u", "--", "/bin/sh", "-c", "hostname \"$0\" && exec \"$@\"", name, "dotnet", Program, .. arguments])
            : ("dotnet", [Program, .. arguments]);
}
