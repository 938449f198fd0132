using System.Diagnostics;
using System.Text;
using Pontual.Runners.Process;

namespace Pontual.Runners.Tests.Process;

/// <summary>What a node runs does not outlive it: real nodes are killed and stopped here.</summary>
public sealed class SupervisorTests
{
    private const string Escapes =
        "(setsid env -i sh -c 'env -i setsid sleep {0} & exit' &); nohup sleep {0} & trap '' TERM; echo ready > {1}; sleep {0}; sleep {0}";

    [Fact]
    public async Task Nothing_that_a_killed_node_ran_lives_2_s_later()
    {
        using var rig = new ProcessRig();
        using var node = await StartNodeAsync(rig, lease: null);

        node.Kill();
        var start = TimeProvider.System.GetTimestamp();

        await ProcessRig.UntilAsync(() => Sleeping(rig) == 0, "all have ended", seconds: 5);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 2);
    }

    [Fact]
    public async Task What_a_stopped_node_runs_ends_with_its_lease()
    {
        using var rig = new ProcessRig();
        using var node = await StartNodeAsync(rig, lease: TimeSpan.FromSeconds(3));
        Posix.Kill(node.Id, Posix.SigStop);

        await ProcessRig.UntilAsync(() => Sleeping(rig) == 0, "all have ended", seconds: 6);

        Assert.False(node.HasExited);
        node.Kill();
    }

    [Fact]
    public async Task A_node_that_was_stopped_while_it_started_a_process_is_not_killed_as_one_of_them()
    {
        using var rig = new ProcessRig();
        using var node = await StartNodeAsync(rig, lease: TimeSpan.FromSeconds(3));
        Posix.Kill(node.Id, Posix.SigStop);
        var mark = ProcessTable
            .Read(marksInEnvironment: false)
            .WithDescendants(entry => entry.Parent == node.Id)
            .Select(entry => entry.Mark)
            .Max();
        using var marking = System.Diagnostics.Process.Start("prlimit", ["--pid", $"{node.Id}", $"--locks={mark}:"]);
        await marking.WaitForExitAsync();

        await ProcessRig.UntilAsync(() => Sleeping(rig) == 0, "all have ended", seconds: 6);

        Assert.Equal('T', ProcessTable.ProcessEntry(node.Id, marksInEnvironment: false)?.State);
        node.Kill();
    }

    [Fact]
    public async Task The_supervisor_ends_with_its_node_and_takes_the_scratch_folder_along()
    {
        using var rig = new ProcessRig();
        var scratch = Directory.CreateDirectory(Path.Combine(rig.Folder, "scratch")).FullName;
        using var input = new MemoryStream(Encoding.ASCII.GetBytes("7000\nnot a number\n"));

        var code = await Supervisor.RunAsync([NodeMark.New().ToString(), "limits", scratch], input, TimeProvider.System);

        Assert.Equal(0, code);
        Assert.False(Directory.Exists(scratch));
    }

    [Theory]
    [InlineData()]
    [InlineData("20000000", "neither", "/tmp/none")]
    public async Task Wrong_arguments_are_refused(params string[] arguments)
    {
        Assert.Equal(2, await Supervisor.RunAsync(arguments, Stream.Null, TimeProvider.System));
    }

    private static async Task<System.Diagnostics.Process> StartNodeAsync(ProcessRig rig, TimeSpan? lease)
    {
        var ready = Path.Combine(rig.Folder, "ready");
        var line = Escapes.Replace("{0}", rig.Unique, StringComparison.Ordinal).Replace("{1}", ready, StringComparison.Ordinal);
        var command = TestProgram.NodeCommand(line, lease);
        var node = System.Diagnostics.Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false })!;
        await ProcessRig.UntilAsync(() => File.Exists(ready) && Sleeping(rig) >= 3, "the node runs its processes");
        return node;
    }

    private static int Sleeping(ProcessRig rig) => rig.Living().Count(line => line.StartsWith("sleep", StringComparison.Ordinal));
}
