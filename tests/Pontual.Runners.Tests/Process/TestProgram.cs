using Pontual.Runners.Process;

namespace Pontual.Runners.Tests.Process;

/// <summary>What the tests start this assembly as: the supervisor, or a node that runs one shell line and can be killed.</summary>
internal static class TestProgram
{
    private const string NodeVerb = "node";

    public static IReadOnlyList<string> SupervisorCommand => [.. Self, Supervisor.Verb];

    private static IReadOnlyList<string> Self =>
        [
            Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet",
            "exec",
            typeof(TestProgram).Assembly.Location,
        ];

    /// <summary>The line that starts a node.</summary>
    /// <param name="shellLine">What it runs.</param>
    /// <param name="lease">The lease it tells its supervisor of, once; null for none.</param>
    public static IReadOnlyList<string> NodeCommand(string shellLine, TimeSpan? lease = null) =>
        [.. Self, NodeVerb, shellLine, $"{lease?.TotalMilliseconds ?? 0}"];

    public static async Task<int> Main(string[] arguments) =>
        arguments switch
        {
            [Supervisor.Verb, .. var rest] => await Supervisor.RunAsync(rest, Console.OpenStandardInput(), TimeProvider.System),
            [NodeVerb, var line, var lease] => await RunNodeAsync(line, long.Parse(lease)),
            _ => 2,
        };

    private static async Task<int> RunNodeAsync(string line, long lease)
    {
        using var rig = new ProcessRig();
        if (lease > 0)
        {
            rig.Supervisor.Renewed(TimeSpan.FromMilliseconds(lease));
        }

        Console.WriteLine(await rig.RunAsync(ProcessRig.Command(line)));
        return 0;
    }
}
