using Pontual.Engine.Runs;

namespace Pontual.Runners.Tests.Process;

/// <summary>What is stopped is stopped whole: nobody lives on 2 s later, and no zombie stays.</summary>
public sealed class ProcessStopTests
{
    [Theory]
    [InlineData("a simple child", "sleep {0} & echo ready; wait")]
    [InlineData("a tree", "sh -c 'sh -c \"sleep {0} & wait\" & sleep {0} & wait' & echo ready; wait")]
    [InlineData("setsid", "setsid sleep {0} & echo ready; sleep {0}")]
    [InlineData("nohup", "nohup sleep {0} >/dev/null 2>&1 & echo ready; sleep {0}")]
    [InlineData("double fork", "(setsid sh -c 'sleep {0} & exit' &); echo ready; sleep {0}")]
    [InlineData(
        "double fork, no environment",
        "(setsid env -i sh -c 'env -i setsid sleep {0} & exit' &); sleep 0.2; echo ready; sleep {0}"
    )]
    [InlineData("SIGTERM ignored", "trap '' TERM; echo ready; sleep {0}; sleep {0}; sleep {0}")]
    [InlineData("SIGTERM ignored by a detached child", "(trap '' TERM; setsid sleep {0} &); echo ready; sleep {0}")]
    [InlineData("stopped", "sh -c 'kill -STOP $$; sleep {0}' & sleep 0.2; echo ready; kill -STOP $$; sleep {0}")]
    [InlineData(
        "its children start others when they end",
        "trap 'sh -c \"setsid sleep {0} & setsid sleep {0}\" &' TERM; echo ready; while :; do sleep {0}; done"
    )]
    public async Task Nobody_of_a_stopped_process_lives_on(string how, string line)
    {
        using var rig = new ProcessRig();
        Assert.NotEmpty(how);

        await rig.AssertStopsWholeAsync(line.Replace("{0}", rig.Unique, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_breeding_process_is_stopped()
    {
        using var rig = new ProcessRig();

        await rig.AssertStopsWholeAsync(
            $"ulimit -u 500; f() {{ sleep {rig.Unique} & }}; echo ready; i=0; while [ $i -lt 300 ]; do f; i=$((i+1)); done; wait"
        );
    }

    [Fact]
    public async Task A_background_child_left_at_the_end_is_stopped_and_said()
    {
        using var rig = new ProcessRig();

        var (outcome, output) = await rig.PrintedAsync(ProcessRig.Command($"setsid sleep {rig.Unique} & echo done"));

        Assert.Equal(0, Assert.IsType<Outcome.Success>(outcome).ResponseCode);
        Assert.Matches(@"^done\n\[stopped what was left running in the background: sleep \(\d+\); detach: true lets it stay\]\n$", output);
        Assert.Empty(rig.Living());
        await rig.AssertNoZombiesAsync();
    }

    [Fact]
    public async Task A_background_child_that_ends_by_itself_is_waited_for()
    {
        using var rig = new ProcessRig();

        var (_, output) = await rig.PrintedAsync(ProcessRig.Command("(sleep 0.3; echo late) & echo early"));

        Assert.Equal("early\nlate\n", output);
    }

    [Fact]
    public async Task A_detached_child_may_stay_and_does_not_hold_the_run_up()
    {
        using var rig = new ProcessRig();

        var outcome = await rig.RunAsync(ProcessRig.Command($"sleep {rig.Unique} & echo $!", new { detach = true }));

        Assert.IsType<Outcome.Success>(outcome);
        var line = Assert.Single(rig.Living());
        Assert.StartsWith("sleep", line, StringComparison.Ordinal);
        await rig.RunAsync(ProcessRig.Command($"pkill -KILL -f 'sleep {rig.Unique.Replace('.', '.')}$'; true"));
        await ProcessRig.UntilAsync(() => rig.Living().Count == 0, "the detached child is ended by this test");
        await rig.AssertNoZombiesAsync();
    }

    [Fact]
    public async Task A_process_that_was_not_started_yet_is_not_started()
    {
        using var rig = new ProcessRig();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var file = Path.Combine(rig.Folder, "started");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            rig.Runner.RunAsync(rig.Attempt(ProcessRig.Command($"touch {file}")), cancelled.Token)
        );

        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Many_runs_are_stopped_at_once_within_their_time()
    {
        using var rig = new ProcessRig();
        using var cancellation = new CancellationTokenSource();
        var running = Enumerable
            .Range(0, 40)
            .Select(_ =>
                rig.Runner.RunAsync(rig.Attempt(ProcessRig.Command($"sleep {rig.Unique} & setsid sleep {rig.Unique}")), cancellation.Token)
            )
            .ToList();
        await ProcessRig.UntilAsync(
            () => rig.Living().Count(line => line.StartsWith("sleep", StringComparison.Ordinal)) == 80,
            "all have started"
        );

        var start = TimeProvider.System.GetTimestamp();
        await cancellation.CancelAsync();
        await Task.WhenAll(running.Select(run => Assert.ThrowsAnyAsync<OperationCanceledException>(() => run)));

        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 2.5);
        Assert.Empty(rig.Living());
        await rig.AssertNoZombiesAsync();
    }
}
