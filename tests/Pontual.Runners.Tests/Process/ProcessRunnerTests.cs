using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Runners.Process;
using Pontual.TestKit.Running;

namespace Pontual.Runners.Tests.Process;

public sealed class ProcessRunnerTests : IDisposable
{
    private readonly ProcessRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(42)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(137)]
    [InlineData(255)]
    public async Task An_exit_code_is_a_failure_that_tells_it(int code)
    {
        var failure = await _rig.FailAsync(ProcessRig.Command($"exit {code}"));

        Assert.Equal((FailureKinds.Exit, code, $"exit code {code}"), (failure.Kind, failure.ResponseCode, failure.Message));
    }

    [Fact]
    public async Task Exit_code_0_is_a_success_and_further_codes_may_be()
    {
        Assert.Equal(0, Assert.IsType<Outcome.Success>(await _rig.RunAsync(ProcessRig.Command("exit 0"))).ResponseCode);

        var settings = """{"command": "exit 3", "success-codes": [0, 3]}""";
        Assert.Equal(3, Assert.IsType<Outcome.Success>(await _rig.RunAsync(settings)).ResponseCode);
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    [InlineData("ABRT")]
    [InlineData("SEGV")]
    [InlineData("PIPE")]
    [InlineData("TERM")]
    [InlineData("KILL")]
    [InlineData("USR1")]
    [InlineData("XCPU")]
    public async Task A_signal_is_told_as_a_signal(string signal)
    {
        var failure = await _rig.FailAsync(ProcessRig.Command($"ulimit -c 0; kill -{signal} $$; sleep 5"));

        Assert.Equal((FailureKinds.Exit, (int?)null, $"killed by SIG{signal}"), (failure.Kind, failure.ResponseCode, failure.Message));
    }

    [Fact]
    public async Task Nothing_starts_any_more_once_the_lease_is_over()
    {
        var trace = Path.Combine(_rig.Folder, "trace");
        var settings = ProcessRig.Command($"touch {trace}");

        var outcome = await _rig.Runner.RunAsync(TestAttempt.Of("process", settings, mayGoOn: () => false), CancellationToken.None);

        Assert.Equal(new Outcome.Interrupted(), outcome);
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public async Task Only_what_is_listed_is_in_the_environment()
    {
        Environment.SetEnvironmentVariable("NODE_SECRET", "leaked");

        var (_, output) = await _rig.PrintedAsync(ProcessRig.Command("env | cut -d= -f1 | sort", new { env = new { MINE = "1" } }));

        Assert.Equal(
            [
                "HOME",
                "LANG",
                "LOGNAME",
                "MINE",
                "PATH",
                "PONTUAL_ATTEMPT",
                "PONTUAL_JOB",
                "PONTUAL_MARK",
                "PONTUAL_RESULT",
                "PONTUAL_RUN_ID",
                "PONTUAL_SCHEDULED_FOR",
                "PONTUAL_TOKEN",
                "PWD",
                "SHELL",
                "USER",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Except(["TZ", "_", "SHLVL"])
        );
    }

    [Fact]
    public async Task A_program_is_told_about_its_run()
    {
        var attempt = _rig.Attempt(
            ProcessRig.Command("echo $PONTUAL_RUN_ID $PONTUAL_JOB $PONTUAL_ATTEMPT $PONTUAL_TOKEN $PONTUAL_SCHEDULED_FOR")
        );

        await _rig.Runner.RunAsync(attempt, CancellationToken.None);

        Assert.Equal($"{attempt.Leased.Run.Id} nightly 1 11 2026-03-09T12:00:00Z\n", TestKit.Running.TestAttempt.Printed(attempt));
    }

    [Fact]
    public async Task A_program_is_told_the_name_inside_the_tenant_and_the_tenant_beside_it()
    {
        var attempt = TestAttempt.Of("process", ProcessRig.Command("echo $PONTUAL_TENANT $PONTUAL_JOB"), tenant: TenantName.Parse("shop"));

        await _rig.Runner.RunAsync(attempt, CancellationToken.None);

        Assert.Equal("shop nightly\n", attempt.Printed());
    }

    [Fact]
    public async Task An_argv_is_run_without_a_shell()
    {
        var (_, output) = await _rig.PrintedAsync(ProcessRig.Arguments("printf", "%s|", "a b", "$HOME", "*", "ação", ""));

        Assert.Equal("a b|$HOME|*|ação||", output);
    }

    [Fact]
    public async Task A_command_is_run_by_the_shell_that_is_named()
    {
        Assert.IsType<Outcome.Success>(
            await _rig.RunAsync(ProcessRig.Command("[[ a == a ]] && test \"$SHELL\" = /bin/bash", new { shell = "/bin/bash" }))
        );
    }

    [Fact]
    public async Task Secrets_are_put_in_place_and_the_shells_own_variables_are_left_alone()
    {
        var settings = ProcessRig.Command("echo ${P} ${Q:-none} ${env:PASSWORD}", new { env = new { P = "${env:PASSWORD}" } });

        var (_, output) = await _rig.PrintedAsync(settings);

        Assert.Equal("s3cret-value none s3cret-value\n", output);
    }

    [Fact]
    public async Task A_missing_secret_and_a_secret_in_a_message_show_no_value()
    {
        var missing = await _rig.FailAsync(ProcessRig.Command("true", new { env = new { P = "${env:ABSENT}" } }));
        var shown = await _rig.FailAsync(ProcessRig.Command("true", new { cwd = "/none/${env:PASSWORD}" }));

        Assert.Equal(FailureKinds.Target, missing.Kind);
        Assert.Contains("ABSENT", missing.Message, StringComparison.Ordinal);
        Assert.Contains("/none/***", shown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_is_empty_or_what_the_job_says()
    {
        Assert.Equal("", (await _rig.PrintedAsync(ProcessRig.Command("cat"))).Output);
        Assert.Equal("line 1\nação", (await _rig.PrintedAsync(ProcessRig.Command("cat", new { stdin = "line 1\nação" }))).Output);

        var large = new string('x', 60_000);
        Assert.Equal("60000\n", (await _rig.PrintedAsync(ProcessRig.Command("wc -c", new { stdin = large }))).Output);
    }

    [Fact]
    public async Task The_working_folder_is_the_home_or_what_the_job_says()
    {
        Assert.Equal(UserAccount.Current().Home + "\n", (await _rig.PrintedAsync(ProcessRig.Command("pwd"))).Output);
        Assert.Equal(_rig.Folder + "\n", (await _rig.PrintedAsync(ProcessRig.Command("pwd", new { cwd = _rig.Folder }))).Output);
    }

    [Fact]
    public async Task A_program_that_deletes_its_working_folder_runs_on()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_rig.Folder, "gone")).FullName;

        var (outcome, output) = await _rig.PrintedAsync(ProcessRig.Command($"rmdir {folder}; echo on", new { cwd = folder }));

        Assert.IsType<Outcome.Success>(outcome);
        Assert.Equal("on\n", output);
    }

    [Theory]
    [InlineData("""{"command": "true", "cwd": "/no/such/folder"}""", "cwd /no/such/folder does not exist")]
    [InlineData("""{"command": "true", "cwd": "/etc/passwd"}""", "cwd /etc/passwd is a file")]
    [InlineData("""{"argv": ["no-such-program"]}""", "no-such-program was not found in PATH")]
    [InlineData("""{"argv": ["/no/such/program"]}""", "/no/such/program does not exist")]
    [InlineData("""{"argv": ["/etc"]}""", "/etc is a folder")]
    [InlineData("""{"argv": ["/etc/passwd"]}""", "/etc/passwd is not executable")]
    [InlineData("""{"command": "true", "shell": "/no/shell"}""", "/no/shell does not exist")]
    [InlineData("""{"command": "true", "user": "no-such-user"}""", "there is no user no-such-user")]
    public async Task What_cannot_be_started_is_a_clear_failure_of_the_target(string settings, string words)
    {
        var failure = await _rig.FailAsync(settings);

        Assert.Equal(FailureKinds.Target, failure.Kind);
        Assert.StartsWith(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_without_interpreter_or_with_a_missing_one_is_a_clear_failure()
    {
        var bare = await _rig.FailAsync(ProcessRig.Arguments(_rig.Script("bare", "echo hello\n")));
        var missing = await _rig.FailAsync(ProcessRig.Arguments(_rig.Script("missing", "#!/no/such/interpreter\n")));

        Assert.Contains("names no interpreter", bare.Message, StringComparison.Ordinal);
        Assert.Contains("the interpreter it names", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_arguments_are_a_clear_failure_and_100_000_short_ones_are_none()
    {
        var many = await _rig.PrintedAsync(ProcessRig.Arguments(["sh", "-c", "echo $#", .. Enumerable.Repeat("x", 100_000)]));
        var tooMany = await _rig.FailAsync(ProcessRig.Arguments(["true", .. Enumerable.Repeat(new string('x', 100), 100_000)]));

        Assert.Equal("99999\n", many.Output);
        Assert.Equal(FailureKinds.Target, tooMany.Kind);
        Assert.StartsWith("arguments and environment are longer than the system takes", tooMany.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_descriptor_of_this_process_is_inherited()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var file = File.OpenRead("/etc/passwd");

        var (_, output) = await _rig.PrintedAsync(ProcessRig.Arguments("ls", "/proc/self/fd"));

        Assert.Equal(["0", "1", "2", "3"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Signals_are_neither_blocked_nor_ignored()
    {
        var (_, output) = await _rig.PrintedAsync(ProcessRig.Arguments("grep", "-E", "SigBlk|SigIgn", "/proc/self/status"));

        // Signals above 31 are libc's own to ignore.
        Assert.Matches(@"^SigBlk:\t0{16}\nSigIgn:\t[0-9a-f]{8}[08]0{7}\n$", output);
    }

    [Fact]
    public async Task A_result_is_read_from_the_file_it_may_write()
    {
        var settings = ProcessRig.Command("""echo '{"total_processados": 7, "x": [1]}' > $PONTUAL_RESULT; exit 4""");

        var failure = await _rig.FailAsync(settings);
        var success = Assert.IsType<Outcome.Success>(await _rig.RunAsync(settings.Replace("exit 4", "exit 0", StringComparison.Ordinal)));

        Assert.Equal("""{"total_processados": 7, "x": [1]}""", failure.Result);
        Assert.Equal((7L, failure.Result), (success.ItemsProcessed, success.Result));
    }

    [Theory]
    [InlineData("echo 'no json' > $PONTUAL_RESULT", "is not a JSON object")]
    [InlineData("echo '[1]' > $PONTUAL_RESULT", "is not a JSON object")]
    [InlineData("head -c 70000 /dev/zero > $PONTUAL_RESULT", "70000 bytes in PONTUAL_RESULT")]
    public async Task A_wrong_result_is_left_out_and_said(string line, string words)
    {
        var (outcome, output) = await _rig.PrintedAsync(ProcessRig.Command(line));

        Assert.Null(Assert.IsType<Outcome.Success>(outcome).Result);
        Assert.Contains(words, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo log; echo '{\"processed\": 3}'", 3L)]
    [InlineData("echo log; printf '{\"items_processed\": 5}'; echo; echo", 5L)]
    [InlineData("echo '{\"processed\": 3}'; echo log", null)]
    public async Task The_last_line_may_be_the_result(string line, long? items)
    {
        var success = Assert.IsType<Outcome.Success>(await _rig.RunAsync(ProcessRig.Command(line, new { result = "last-line" })));

        Assert.Equal(items, success.ItemsProcessed);
    }

    [Fact]
    public async Task Another_user_runs_it_where_root_may_say_so()
    {
        var (outcome, output) = await _rig.PrintedAsync(
            ProcessRig.Command(
                "id -un; id -gn; echo $HOME $USER; echo '{\"processed\": 1}' > $PONTUAL_RESULT",
                new { user = "nobody", cwd = "/" }
            )
        );

        if (UserAccount.Current().Id != 0)
        {
            Assert.StartsWith(
                "only root may start a process as nobody",
                Assert.IsType<Outcome.Failure>(outcome).Message,
                StringComparison.Ordinal
            );
            return;
        }

        Assert.Equal(1, Assert.IsType<Outcome.Success>(outcome).ItemsProcessed);
        Assert.Equal($"nobody\nnogroup\n{UserAccount.Find("nobody")!.Home} nobody\n", output);
    }

    [Fact]
    public async Task Files_that_the_command_redirects_to_are_rotated_by_copying()
    {
        using var rig = new ProcessRig(options => options.RotateBytes = 1000);
        var log = Path.Combine(_rig.Folder, "own.log");
        var settings = ProcessRig.Command($"head -c 5000 /dev/zero >> {log}", new { rotate = new[] { log } });

        await rig.RunAsync(settings);

        Assert.Equal(0, new FileInfo(log).Length);
        Assert.Equal(5000, new FileInfo(log + ".1").Length);
    }

    [Fact]
    public async Task Other_processes_of_this_program_end_as_ever_while_jobs_run()
    {
        var jobs = Enumerable.Range(0, 30).Select(code => _rig.RunAsync(ProcessRig.Command($"exit {code}"))).ToList();
        var others = Enumerable
            .Range(0, 30)
            .Select(async code =>
            {
                using var process = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"exit {code}"]);
                await process.WaitForExitAsync();
                return process.ExitCode;
            })
            .ToList();

        Assert.Equal(Enumerable.Range(0, 30), await Task.WhenAll(others));
        Assert.Equal(
            Enumerable.Range(1, 29).Select(code => string.Create(CultureInfo.InvariantCulture, $"exit code {code}")),
            (await Task.WhenAll(jobs)).OfType<Outcome.Failure>().Select(failure => failure.Message)
        );
    }
}
