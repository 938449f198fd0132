using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pontual.Engine.Output;
using Pontual.Engine.Runs;

namespace Pontual.Runners.Tests.Process;

/// <summary>PHP scripts as cron ran them: by real php-cli, through the output that the product keeps and the log file of the job.</summary>
public sealed class PhpTests : IAsyncDisposable, IAsyncLifetime
{
    private readonly ProcessRig _rig = new();
    private readonly KeptPieces _store = new();
    private readonly AttemptOutputs _outputs;

    public PhpTests()
    {
        var options = new OutputOptions { DataFolder = Path.Combine(_rig.Folder, "data"), LogFileBytes = 2 << 20 };
        _outputs = new AttemptOutputs(_store, Options.Create(options), TimeProvider.System, NullLogger<AttemptOutputs>.Instance);
    }

    private string Log => Path.Combine(_rig.Folder, "data", "logs", "scheduled-messages.log");

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _outputs.DisposeAsync();
        _rig.Dispose();
    }

    [Fact(DisplayName = "S1-11 a PHP script runs: exit code 0, output kept and appended to the job's log")]
    public async Task A_script_runs()
    {
        var first = await RunAsync(
            "<?php echo \"processadas: 3\\n\"; fwrite(STDERR, \"aviso\\n\"); file_put_contents(getenv('PONTUAL_RESULT'), json_encode(['processed' => 3]));"
        );
        await RunAsync("<?php echo \"processadas: 0\\n\";");

        Assert.Equal(3, Assert.IsType<Outcome.Success>(first).ItemsProcessed);
        Assert.Equal("processadas: 3\naviso\nprocessadas: 0\n", await File.ReadAllTextAsync(Log));
        Assert.Equal("processadas: 3\naviso\nprocessadas: 0\n", _store.Text);
    }

    [Theory(DisplayName = "S1-11 a failing PHP script is a failure with its exit code and message")]
    [InlineData("<?php fwrite(STDERR, \"no connection\\n\"); exit(7);", 7, "no connection")]
    [InlineData("<?php throw new RuntimeException('broken');", 255, "broken")]
    [InlineData("<?php syntax error", 255, "Parse error")]
    public async Task A_failing_script_fails(string script, int code, string words)
    {
        var failure = Assert.IsType<Outcome.Failure>(await RunAsync(script));

        Assert.Equal($"exit code {code}", failure.Message);
        Assert.Contains(words, _store.Text, StringComparison.Ordinal);
    }

    [Fact(DisplayName = "S1-11 a hanging PHP script is stopped whole within 2 s of its timeout")]
    public async Task A_hanging_script_is_stopped()
    {
        var script = _rig.Script(
            "hang.php",
            $"<?php exec('setsid sleep {_rig.Unique} > /dev/null 2>&1 &'); echo \"ready\\n\"; while (true) {{ sleep(1); }}"
        );

        await _rig.AssertStopsWholeAsync($"php {script}");
    }

    [Fact(DisplayName = "S1-11 a flooding PHP script is cut in the store, kept whole within its rotated log files")]
    public async Task A_flooding_script_is_cut()
    {
        var outcome = await RunAsync("<?php for ($i = 0; $i < 30000; $i++) { echo str_repeat('x', 199), \"\\n\"; }");

        Assert.IsType<Outcome.Success>(outcome);
        Assert.EndsWith("[output cut after 1 MiB]\n", _store.Text, StringComparison.Ordinal);
        var logs = Directory.GetFiles(Path.GetDirectoryName(Log)!);
        Assert.InRange(logs.Length, 3, 6);
        Assert.Equal(6_000_000, logs.Sum(file => new FileInfo(file).Length));
    }

    [Fact(DisplayName = "S1-11 a PHP script that prints Latin-1 is readable text and unchanged in the log")]
    public async Task A_script_that_prints_latin1_is_readable()
    {
        await RunAsync("<?php echo \"a\\xe7\\xe3o \\x00 fim\\n\";");

        Assert.Equal("a\uFFFD\uFFFDo ␀ fim\n", OutputText.From(Encoding.Latin1.GetBytes(_store.Raw)));
        Assert.Equal([.. "a"u8, 0xE7, 0xE3, .. "o "u8, 0, .. " fim\n"u8], await File.ReadAllBytesAsync(Log));
    }

    [Fact(DisplayName = "S1-10 the log can be followed live while the script runs")]
    public async Task The_log_is_followed_live()
    {
        var go = Path.Combine(_rig.Folder, "go");
        var running = RunAsync(
            $"<?php echo \"first\\n\"; while (!file_exists('{go}')) {{ usleep(10000); clearstatcache(); }} echo \"second\\n\";"
        );

        await ProcessRig.UntilAsync(() => File.Exists(Log) && File.ReadAllText(Log) == "first\n", "the first line is in the log");
        await ProcessRig.UntilAsync(() => _store.Text == "first\n", "the first line is in the store");
        await File.WriteAllTextAsync(go, "");
        await running;

        Assert.Equal("first\nsecond\n", await File.ReadAllTextAsync(Log));
    }

    private async Task<Outcome> RunAsync(string text)
    {
        var script = _rig.Script("script.php", text, executable: false);
        var attempt = _rig.Attempt(ProcessRig.Command($"php {script}"));
        var job = attempt.Leased.Job with { Definition = attempt.Leased.Job.Definition with { Log = "scheduled-messages.log" } };
        await using var output = _outputs.Open(attempt.Leased with { Job = job });
        return await _rig.Runner.RunAsync(_rig.Attempt(ProcessRig.Command($"php {script}"), output), CancellationToken.None);
    }

    private sealed class KeptPieces : IOutputStore
    {
        private readonly List<byte> _bytes = [];

        public string Text => Encoding.UTF8.GetString(Copy());

        /// <summary>One letter for each byte.</summary>
        public string Raw => Encoding.Latin1.GetString(Copy());

        public Task AppendAsync(IReadOnlyList<OutputPiece> pieces, CancellationToken cancellation)
        {
            lock (_bytes)
            {
                foreach (var piece in pieces)
                {
                    _bytes.AddRange(piece.Bytes.Span);
                }
            }

            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<OutputPiece>> ReadAsync(Guid run, long after, int limit, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<OutputPiece>>([new OutputPiece(run, 1, DateTimeOffset.UnixEpoch, Copy())]);

        private byte[] Copy()
        {
            lock (_bytes)
            {
                return [.. _bytes];
            }
        }
    }
}
