using System.Text.Json;
using Pontual.Cli.Commands;
using Pontual.Cli.Watching;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Server.Composition;

namespace Pontual.EndToEnd.Tests.Cli;

public sealed class WatchTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_check_is_made_shown_changed_and_removed_by_commands()
    {
        var line = (await fixture.Server.DoAsync("check", "create", "by-command", "--every", "1d", "--grace", "1h", "--tag", "web"))
            .Ok()
            .Output;
        var shown = (await fixture.Server.DoAsync("check", "show", "by-command")).Ok().Output;
        (await fixture.Server.DoAsync("check", "edit", "by-command", "--grace", "2h")).Ok();
        var edited = (await fixture.Server.DoAsync("check", "show", "by-command", "--json")).Ok().Json;
        (await fixture.Server.DoAsync("check", "pause", "by-command", "--reason", "moving")).Ok();
        var listed = (await fixture.Server.DoAsync("check", "list")).Ok().Output;
        (await fixture.Server.DoAsync("check", "resume", "by-command")).Ok();
        var rotated = (await fixture.Server.DoAsync("check", "rotate", "by-command")).Ok().Output;
        (await fixture.Server.DoAsync("check", "delete", "by-command")).Ok();
        var gone = await fixture.Server.DoAsync("check", "show", "by-command");

        Assert.Matches(@"^curl -fsS -m 10 --retry 5 -o /dev/null http://127\.0\.0\.1:\d+/ping/[\w-]{22}$", line.Trim());
        Assert.Contains(line.Trim(), shown, StringComparison.Ordinal);
        Assert.Equal(("2h", "web"), (edited.GetProperty("grace").GetString(), edited.GetProperty("tags")[0].GetString()));
        Assert.Contains("paused", listed, StringComparison.Ordinal);
        Assert.NotEqual(line, rotated);
        Assert.Equal(1, gone.ExitCode);
    }

    [Fact]
    public async Task The_line_for_a_crontab_reports_by_a_real_curl()
    {
        var line = (await fixture.Server.DoAsync("check", "create", "by-curl", "--every", "1d")).Ok().Output.Trim();

        var (code, output) = await ShellAsync($"true && {line}");

        Assert.Equal((0, ""), (code, output));
        Assert.Equal("up", (await CheckAsync("by-curl")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_watched_command_is_as_if_it_ran_alone_and_its_end_is_told()
    {
        await DefineAsync("watched");

        var ended = await WatchAsync("--check", "watched", "--", "sh", "-c", "cat; echo to the error >&2; echo the very end; exit 3");
        var check = await CheckAsync("watched");
        var pings = JsonElement.Parse(await ReadAsync("watched/pings")).GetProperty("items");
        var body = await ReadAsync("watched/body");

        Assert.Equal((3, "typed\nthe very end\n", "to the error\n"), (ended.ExitCode, ended.Output, ended.Error));
        Assert.Equal(("failing", 3), (check.GetProperty("state").GetString(), check.GetProperty("last_exit_code").GetInt32()));
        Assert.Equal(["failure", "start"], pings.EnumerateArray().Select(ping => ping.GetProperty("kind").GetString()!));
        Assert.True(pings[0].GetProperty("duration_ms").GetInt64() >= 0);
        // The two streams are told in the order in which they are heard.
        Assert.Equal(["the very end", "to the error", "typed"], body.TrimEnd().Split('\n').Order());
    }

    [Theory]
    [InlineData("10000")]
    [InlineData("0")]
    public async Task A_signal_goes_on_to_the_command(string tail)
    {
        var name = $"signalled-{tail}";
        await DefineAsync(name);
        await using var watching = PontualProcess.Start(
            fixture.Path,
            [
                "watch",
                "--check",
                name,
                "--tail",
                tail,
                "--",
                "sh",
                "-c",
                "trap 'echo asked; exit 7' TERM; echo ready; while :; do sleep 0.1; done",
            ]
        );
        await Wait.ForTextAsync(watching, "ready", TimeSpan.FromSeconds(20));

        Signals.Send(watching.Pid, Signals.Terminate);
        var code = await watching.EndAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(7, code);
        Assert.Contains("asked", watching.Written, StringComparison.Ordinal);
        Assert.Equal(7, (await CheckAsync(name)).GetProperty("last_exit_code").GetInt32());
    }

    [Fact]
    public async Task Without_a_server_the_command_runs_all_the_same()
    {
        var ended = await WatchAsync("--url", "http://127.0.0.1:9/ping/nobody", "--", "sh", "-c", "echo done; exit 5");

        Assert.Equal((5, "done\n"), (ended.ExitCode, ended.Output));
        Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("could not be reported", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(127, "/nowhere/at-all")]
    [InlineData(126, "/etc/hostname")]
    public async Task What_cannot_be_started_ends_as_in_a_shell(int code, string command)
    {
        await DefineAsync($"unstartable-{code}");

        var ended = await WatchAsync("--check", $"unstartable-{code}", "--", command);

        Assert.Equal(code, ended.ExitCode);
        Assert.Equal(code, (await CheckAsync($"unstartable-{code}")).GetProperty("last_exit_code").GetInt32());
    }

    [Fact]
    public async Task What_a_command_leaves_behind_does_not_hold_it_up()
    {
        await DefineAsync("leaving");

        var ended = await WatchAsync("--check", "leaving", "--", "sh", "-c", "sleep 30 & echo left");

        Assert.Equal((0, "left\n"), (ended.ExitCode, ended.Output));
        Assert.InRange((await CheckAsync("leaving")).GetProperty("last_duration_ms").GetInt64(), 0, 20_000);
    }

    [Fact]
    public void Of_much_output_the_end_is_kept()
    {
        var tail = new OutputTail(5);

        tail.Add("ab"u8);
        var early = tail.ToArray();
        tail.Add("cdefgh"u8);
        tail.Add("ij"u8);

        Assert.Equal("ab"u8.ToArray(), early);
        Assert.Equal("fghij"u8.ToArray(), tail.ToArray());
        Assert.Equal(10, tail.Total);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("500", 500)]
    [InlineData("10kB", 10_000)]
    [InlineData("100KB", 100_000)]
    [InlineData("101kB", null)]
    [InlineData("-1", null)]
    [InlineData("9999999999999", null)]
    public void A_size_is_read(string text, int? size) => Assert.Equal(size, WatchCommand.TryReadSize(text, out var read) ? read : null);

    private async Task DefineAsync(string name) => (await fixture.Server.DoAsync("check", "create", name, "--every", "1d")).Ok();

    private async Task<JsonElement> CheckAsync(string name) => JsonElement.Parse(await ReadAsync(name));

    private async Task<string> ReadAsync(string path)
    {
        var server = DiscoveryFile.Read(fixture.Path)!;
        using var client = new HttpClient { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.Token);
        return await client.GetStringAsync($"api/v1/checks/{path}");
    }

    private Task<Answer> WatchAsync(params string[] arguments) =>
        PontualProcess.RunAsync(fixture.Path, ["watch", .. arguments], input: "typed\n");

    private static async Task<(int Code, string Output)> ShellAsync(string line)
    {
        using var shell = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", $"{line} 2>&1"])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return (shell.ExitCode, output);
    }
}
