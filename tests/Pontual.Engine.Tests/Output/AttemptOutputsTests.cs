using System.Text;
using Pontual.TestKit;

namespace Pontual.Engine.Tests.Output;

public sealed class AttemptOutputsTests
{
    [Fact]
    public async Task Output_is_stored_while_the_attempt_runs_and_pieces_of_all_attempts_go_in_one_append()
    {
        var time = new ManualTime();
        await using var rig = new OutputRig(time);
        var first = rig.Open(leaseToken: 1);
        var second = rig.Open(leaseToken: 2);

        first.WriteLine("one");
        second.WriteLine("two");
        await OutputRig.UntilAsync(() => rig.Store.Appends.Count > 0, () => time.Advance(rig.Options.FlushInterval));

        var pieces = Assert.Single(rig.Store.Appends);
        Assert.Equal([1_000_001, 2_000_001], pieces.Select(piece => piece.Sequence).Order());
        Assert.Equal("one\ntwo\n", rig.Store.TextOf(rig.RunId));
    }

    [Fact]
    public async Task Nothing_is_stored_for_an_attempt_that_prints_nothing()
    {
        await using var rig = new OutputRig();

        await rig.Open().DisposeAsync();

        Assert.Equal(0, rig.Store.Tries);
    }

    [Fact]
    public async Task Much_output_does_not_wait_for_the_interval()
    {
        await using var rig = new OutputRig(new ManualTime());
        var output = rig.Open();

        output.Write(new byte[rig.Options.FlushBytes]);

        await OutputRig.UntilAsync(() => rig.Store.BytesOf(rig.RunId).Length == rig.Options.FlushBytes);
    }

    [Fact]
    public async Task Disposing_stores_what_is_left()
    {
        await using var rig = new OutputRig(new ManualTime());
        var output = rig.Open();

        output.Write("no newline"u8);
        await output.DisposeAsync();

        Assert.Equal("no newline", rig.Store.TextOf(rig.RunId));
    }

    [Fact]
    public async Task Output_above_the_limit_is_cut_and_says_so_once()
    {
        await using var rig = new OutputRig();
        var output = rig.Open();

        for (var piece = 0; piece < 40; piece++)
        {
            output.Write(Enumerable.Repeat((byte)'x', 64 << 10).ToArray());
        }

        await output.DisposeAsync();
        Assert.Equal(new string('x', 1 << 20) + "\n[output cut after 1 MiB]\n", rig.Store.TextOf(rig.RunId));
    }

    [Fact]
    public async Task Output_of_exactly_the_limit_is_whole()
    {
        await using var rig = new OutputRig(configure: options => options.KeptBytes = 1 << 10);
        var output = rig.Open();

        output.Write(new byte[1 << 10]);

        await output.DisposeAsync();
        Assert.Equal(1 << 10, rig.Store.BytesOf(rig.RunId).Length);
    }

    [Fact]
    public async Task A_failing_store_is_tried_again_and_logged_once_a_minute()
    {
        var time = new ManualTime();
        await using var rig = new OutputRig(time);
        var output = rig.Open();
        rig.Store.Fails = true;

        output.WriteLine("kept");
        await OutputRig.UntilAsync(() => rig.Store.Tries > 5, () => time.Advance(rig.Options.FlushInterval));
        var warnings = rig.Warnings.Count;
        rig.Store.Fails = false;
        await OutputRig.UntilAsync(() => rig.Store.Appends.Count > 0, () => time.Advance(TimeSpan.FromSeconds(5)));

        Assert.Equal(1, warnings);
        Assert.Equal("kept\n", rig.Store.TextOf(rig.RunId));
    }

    [Fact]
    public async Task A_hanging_store_holds_nobody_up_and_takes_no_endless_memory()
    {
        var time = new ManualTime();
        await using var rig = new OutputRig(time, options => options.WaitingBytes = 64 << 10);
        rig.Store.Hangs = new TaskCompletionSource();
        var output = rig.Open();

        for (var piece = 0; piece < 100; piece++)
        {
            output.Write(Encoding.ASCII.GetBytes(new string('y', 4 << 10)));
        }

        var disposing = output.DisposeAsync().AsTask();
        await OutputRig.UntilAsync(() => disposing.IsCompleted, () => time.Advance(TimeSpan.FromSeconds(1)));
        rig.Store.Hangs.SetResult();
        rig.Store.Hangs = null;
        await rig.CloseAsync();
        Assert.Equal(new string('y', 64 << 10) + "\n[output lost here: the store takes none]\n", rig.Store.TextOf(rig.RunId));
    }

    [Fact]
    public async Task Progress_is_printed_at_most_once_a_second_and_at_its_end()
    {
        var time = new ManualTime();
        await using var rig = new OutputRig(time);
        var output = rig.Open();

        foreach (var step in Enumerable.Range(0, 101))
        {
            output.Progress(step / 100d, "files");
            time.Advance(TimeSpan.FromMilliseconds(20));
        }

        await output.DisposeAsync();
        Assert.Equal("[0 % files]\n[50 % files]\n[100 % files]\n", rig.Store.TextOf(rig.RunId));
    }
}
