using System.Text;
using Pontual.Engine.Executing;
using Pontual.Engine.Output;
using Pontual.Engine.Runs;

namespace Pontual.Runners.Tests.Process;

public sealed class ProcessOutputTests
{
    [Theory]
    [InlineData("printf 'no newline'", "no newline")]
    [InlineData("printf 'a\\000b'", "a␀b")]
    [InlineData("printf '\\303\\247 \\347 \\377\\376'", "ç \uFFFD \uFFFD\uFFFD")]
    [InlineData("printf 'h\\000i\\000'", "h␀i␀")]
    [InlineData("printf '\\033[31mred\\033[0m \\033]0;title\\007'", "red ")]
    [InlineData("echo out; echo err >&2; echo out", "out\nerr\nout\n")]
    [InlineData("echo a > /dev/stdout; echo b > /dev/stderr", "a\nb\n")]
    [InlineData("exec >&- 2>&-; sleep 0.1", "")]
    public async Task Whatever_is_printed_is_kept_as_bytes_and_read_as_text(string line, string text)
    {
        using var rig = new ProcessRig();
        var output = new CountingOutput();

        await rig.Runner.RunAsync(rig.Attempt(ProcessRig.Command(line), output), CancellationToken.None);

        Assert.Equal(text, OutputText.From(Encoding.Latin1.GetBytes(output.Start)));
    }

    [Fact]
    public async Task A_flood_is_read_at_full_speed_and_takes_no_memory()
    {
        using var rig = new ProcessRig();
        var output = new CountingOutput();
        var before = GC.GetTotalAllocatedBytes();

        var outcome = await rig.Runner.RunAsync(
            rig.Attempt(ProcessRig.Command("head -c 300000000 /dev/zero"), output),
            CancellationToken.None
        );

        Assert.IsType<Outcome.Success>(outcome);
        Assert.Equal(300_000_000, output.Count);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 50_000_000);
    }

    [Fact]
    public async Task An_endless_flood_is_stopped_like_anything_else()
    {
        using var rig = new ProcessRig();
        var output = new CountingOutput();
        using var cancellation = new CancellationTokenSource();

        var running = rig.Runner.RunAsync(rig.Attempt(ProcessRig.Command("yes"), output), cancellation.Token);
        await ProcessRig.UntilAsync(() => output.Count > 10_000_000, "it floods");
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(2), TimeProvider.System));
        await rig.AssertNoZombiesAsync();
    }

    [Fact]
    public async Task An_output_that_throws_does_not_hurt_the_run()
    {
        using var rig = new ProcessRig();

        var outcome = await rig.Runner.RunAsync(
            rig.Attempt(ProcessRig.Command("echo a; seq 100000"), new BrokenOutput()),
            CancellationToken.None
        );

        Assert.IsType<Outcome.Success>(outcome);
    }

    private sealed class CountingOutput : IAttemptOutput
    {
        private const int Most = 1000;
        private readonly StringBuilder _start = new();
        private long _count;

        public long Count => Interlocked.Read(ref _count);

        /// <summary>The first bytes, one letter each.</summary>
        public string Start => _start.ToString();

        public void Write(ReadOnlySpan<byte> bytes)
        {
            Interlocked.Add(ref _count, bytes.Length);
            if (_start.Length < Most)
            {
                _start.Append(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, Most)]));
            }
        }

        public void WriteLine(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

        public void Progress(double fraction, string? note = null) => WriteLine($"{fraction} {note}");
    }

    private sealed class BrokenOutput : IAttemptOutput
    {
        public void Write(ReadOnlySpan<byte> bytes) => throw new IOException("broken");

        public void WriteLine(string line) => throw new IOException("broken");

        public void Progress(double fraction, string? note = null) => throw new IOException("broken");
    }
}
