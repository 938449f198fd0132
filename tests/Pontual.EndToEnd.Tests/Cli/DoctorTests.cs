using System.Runtime.Versioning;
using System.Text.Json;
using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests.Cli;

[UnsupportedOSPlatform("windows")]
public sealed class DoctorTests : IDisposable
{
    private readonly Folder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Fact(
        DisplayName = "S1-13 doctor looks at process, port, WebSocket, scheduler, jobs, log folders, clock and zone, and finds a well server well"
    )]
    public async Task A_well_server_is_found_well()
    {
        await using var server = await Served.StartAsync(_folder.Path, "--data", Data);

        var looked = await LookAsync();
        var table = await PontualProcess.RunAsync(_folder.Path, ["doctor", "--data", Data]);

        Assert.Equal(0, looked.ExitCode);
        Assert.True(looked.Json.GetProperty("healthy").GetBoolean());
        Assert.Equal(
            [
                "data folder ok",
                "disk space ok",
                "process ok",
                "database file ok",
                "time zone ok",
                "port ok",
                "server ok",
                "clock ok",
                "WebSocket ok",
                "scheduler ok",
                "worker ok",
                "clocks of nodes ok",
                "jobs ok",
                "checks skip",
                "log folders ok",
            ],
            Checks(looked).Select(check => $"{check.GetProperty("check").GetString()} {check.GetProperty("status").GetString()}")
        );
        Assert.Equal(0, table.ExitCode);
        Assert.Contains("takes subscriptions", table.Output, StringComparison.Ordinal);
    }

    [Fact(DisplayName = "S1-13 doctor names what is wrong with jobs and log folders, and what to do")]
    public async Task What_is_wrong_is_named_with_what_to_do()
    {
        var pack = _folder.Write(
            "wrong.yaml",
            $$"""
            jobs:
              - name: broken
                critical: true
                log: {{Path.Combine(_folder.Path, "wrong.yaml")}}/no-folder/x.log
                target: { process: { command: "exit 3" } }
            """
        );
        await using var server = await Served.StartAsync(_folder.Path, "--data", Data, "--pack", pack);
        await PontualProcess.RunAsync(_folder.Path, ["job", "run", "broken", "--wait", "--data", Data]);
        File.SetUnixFileMode(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);

        // What was judged is told again for a moment.
        var looked = await Wait.ForAsync(
            "doctor that knows of the failure",
            TimeSpan.FromSeconds(30),
            async () => await LookAsync() is var answer && Of(answer, "jobs", "found").Status == "fail" ? answer : null
        );

        Assert.Equal(1, looked.ExitCode);
        Assert.Equal(("warn", $"Close it: chmod 700 {Data}"), Of(looked, "data folder", "advice"));
        Assert.Equal(("fail", "1 of 1: broken failing"), Of(looked, "jobs", "found"));
        Assert.Equal(("fail", "Ask why: pontual job why broken"), Of(looked, "jobs", "advice"));
        Assert.Equal("fail", Of(looked, "log folders", "found").Status);
        Assert.Contains("it is no folder", Of(looked, "log folders", "found").Text, StringComparison.Ordinal);
    }

    [Fact(DisplayName = "S1-13 doctor works without a server: it says that none runs, and reads the rest from the data itself")]
    public async Task Without_a_server_the_data_is_looked_at()
    {
        var before = await LookAsync();
        await using (var server = await Served.StartAsync(_folder.Path, "--data", Data))
        {
            await server.Process.KillAsync();
        }

        var killed = await LookAsync();

        Assert.Equal(("fail", $"{Data} is not there"), Of(before, "data folder", "found"));
        Assert.Equal(1, killed.ExitCode);
        Assert.Contains("the server was killed", Of(killed, "process", "found").Text, StringComparison.Ordinal);
        Assert.Equal("skip", Of(killed, "port", "found").Status);
        Assert.Equal("ok", Of(killed, "database file", "found").Status);
        Assert.Equal("ok", Of(killed, "jobs", "found").Status);
    }

    [Fact]
    public async Task A_damaged_database_is_found_out()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllBytesAsync(Path.Combine(Data, "pontual.db"), [.. Enumerable.Range(0, 8_192).Select(number => (byte)number)]);

        var looked = await LookAsync();

        Assert.Equal(1, looked.ExitCode);
        Assert.Equal("fail", Of(looked, "database file", "found").Status);
        Assert.Equal("fail", Of(looked, "server", "found").Status);
    }

    [Fact]
    public async Task Of_a_server_elsewhere_that_does_not_answer_the_port_is_named()
    {
        var looked = await PontualProcess.RunAsync(_folder.Path, ["doctor", "--json", "--server", "http://127.0.0.1:9", "--token", "none"]);

        Assert.Equal(1, looked.ExitCode);
        Assert.Equal(["time zone", "port"], Checks(looked).Select(check => check.GetProperty("check").GetString()!));
        Assert.Equal("fail", Of(looked, "port", "found").Status);
    }

    private Task<Answer> LookAsync() => PontualProcess.RunAsync(_folder.Path, ["doctor", "--json", "--data", Data]);

    private static IEnumerable<JsonElement> Checks(Answer answer) => answer.Json.GetProperty("checks").EnumerateArray();

    private static (string Status, string Text) Of(Answer answer, string check, string what)
    {
        var found = Checks(answer).Single(one => one.GetProperty("check").GetString() == check);
        return (found.GetProperty("status").GetString()!, found.GetProperty(what).GetString() ?? "");
    }
}
