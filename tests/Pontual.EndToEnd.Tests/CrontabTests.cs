using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests;

/// <summary>The crontab of the omnichannel chat, with real PHP: see <c>s1-cron-jobs-e-websocket.md</c> of the seeds.</summary>
public sealed class CrontabTests : IDisposable
{
    /// <summary>The three lines as documented, the user's home apart.</summary>
    private const string Lines = """
        * * * * * php /home/USUARIO/public_html/public/scripts/process-scheduled-messages.php >> /home/USUARIO/public_html/storage/logs/scheduled-messages.log 2>&1
        * * * * * php /home/USUARIO/public_html/public/scripts/process-reminders.php >> /home/USUARIO/public_html/storage/logs/reminders.log 2>&1
        */5 * * * * php /home/USUARIO/public_html/public/run-scheduled-jobs.php >> /home/USUARIO/public_html/storage/logs/jobs.log 2>&1

        """;

    private static readonly TimeSpan ToTheNextMinute = TimeSpan.FromSeconds(75);

    private readonly Folder _folder = new();

    [Fact(
        DisplayName = "S1-11 the documented crontab is imported verbatim and its PHP scripts run on the minute, into the named log files, with their exit codes"
    )]
    public async Task The_documented_crontab_runs()
    {
        _folder.Write("public_html/public/scripts/process-scheduled-messages.php", "<?php echo \"2 mensagens enviadas\\n\";");
        _folder.Write("public_html/public/scripts/process-reminders.php", "<?php fwrite(STDERR, \"sem banco\\n\"); exit(3);");
        _folder.Write("public_html/public/run-scheduled-jobs.php", "<?php echo \"sem pendencias\\n\";");
        var crontab = _folder.Write("crontab", Lines.Replace("/home/USUARIO", _folder.Path, StringComparison.Ordinal));
        await using var server = await Served.StartAsync(_folder.Path);

        var imported = (await server.DoAsync("import", "crontab", crontab, "--json")).Ok();
        var runs = await RunAllAsync(server, "process-scheduled-messages", "process-reminders", "run-scheduled-jobs");
        var onTheMinute = await server.RunAsync("process-scheduled-messages", "made by its schedule", ToTheNextMinute, IsScheduled);

        Assert.Equal(3, imported.Json.GetProperty("jobs").GetArrayLength());
        Assert.Equal([("succeeded", 0), ("failed", 3), ("succeeded", 0)], runs);
        Assert.Equal(0, DateTimeOffset.Parse(onTheMinute.GetProperty("scheduled_for").GetString()!).Second);
        Assert.InRange(onTheMinute.GetProperty("lateness_ms").GetInt64(), 0, 5_000);
        Assert.StartsWith("2 mensagens enviadas\n", Log("scheduled-messages.log"), StringComparison.Ordinal);
        Assert.StartsWith("sem banco\n", Log("reminders.log"), StringComparison.Ordinal);
        Assert.StartsWith("sem pendencias\n", Log("jobs.log"), StringComparison.Ordinal);
    }

    [Fact(DisplayName = "S1-11 a failing, a hanging, a flooding and a non-UTF-8 script end as promised")]
    public async Task Unruly_scripts_are_held()
    {
        _folder.Write("fail.php", "<?php echo \"antes\\n\"; throw new RuntimeException('quebrou');");
        _folder.Write("hang.php", "<?php echo \"esperando\\n\"; flush(); while (true) { sleep(1); }");
        _folder.Write("flood.php", "<?php for ($i = 0; $i < 400000; $i++) { echo str_repeat('x', 99), \"\\n\"; }");
        _folder.Write("latin.php", "<?php echo \"a\\xe7\\xe3o\\n\";");
        var pack = _folder.Write(
            "jobs.yaml",
            $$"""
            jobs:
              - { name: fail, target: { process: { command: "php fail.php", cwd: "{{_folder.Path}}" } } }
              - { name: hang, timeout: 2s, target: { process: { command: "php {{_folder.Path}}/hang.php" } } }
              - { name: flood, target: { process: { command: "php flood.php", cwd: "{{_folder.Path}}" } } }
              - { name: latin, log: "{{_folder.Path}}/latin.log", target: { process: { command: "php latin.php", cwd: "{{_folder.Path}}" } } }
            """
        );
        await using var server = await Served.StartAsync(_folder.Path, "--pack", pack);

        var fail = await EndAsync(server, "fail");
        var hang = await EndAsync(server, "hang");
        var flood = await EndAsync(server, "flood");
        var latin = await EndAsync(server, "latin");

        Assert.Equal(("failed", 255), (Text(fail, "state"), fail.GetProperty("response_code").GetInt32()));
        Assert.Contains("quebrou", (await LogsAsync(server, fail)).Output, StringComparison.Ordinal);
        Assert.Equal(("failed", "timeout"), (Text(hang, "state"), Text(hang, "reason")));
        Assert.Contains("esperando", (await LogsAsync(server, hang)).Output, StringComparison.Ordinal);
        Assert.Empty(Survivors(Path.Combine(_folder.Path, "hang.php")));
        Assert.Equal("succeeded", Text(flood, "state"));
        Assert.InRange((await LogsAsync(server, flood)).Output.Length, 1_000, 20_000_000);
        Assert.Equal("succeeded", Text(latin, "state"));
        Assert.Equal("a\uFFFD\uFFFDo\n", (await LogsAsync(server, latin)).Output);
        Assert.Equal("a\xe7\xe3o\n", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "latin.log"))));
    }

    public void Dispose() => _folder.Dispose();

    private static bool IsScheduled(JsonElement run) => Text(run, "trigger") == "schedule" && Text(run, "state") == "succeeded";

    private static string? Text(JsonElement run, string key) => run.GetProperty(key).GetString();

    private static async Task<List<(string?, int)>> RunAllAsync(Served server, params string[] jobs)
    {
        var results = new List<(string?, int)>();
        foreach (var job in jobs)
        {
            var run = await EndAsync(server, job);
            results.Add((Text(run, "state"), run.GetProperty("response_code").GetInt32()));
        }

        return results;
    }

    /// <summary>Runs a job by hand, to its end, even when its schedule just started one.</summary>
    private static async Task<JsonElement> EndAsync(Served server, string job)
    {
        var answer = await server.DoAsync("job", "run", job, "--allow-overlap", "--wait", "--json");
        return answer.Output.Length > 0 ? answer.Json : throw new InvalidOperationException(answer.ToString());
    }

    private static Task<Answer> LogsAsync(Served server, JsonElement run) => server.DoAsync("run", "logs", Text(run, "id")!);

    private string Log(string name) => File.ReadAllText(Path.Combine(_folder.Path, "public_html/storage/logs", name));

    /// <summary>Processes that still run a script.</summary>
    private static List<int> Survivors(string script) =>
        [
            .. Process
                .GetProcesses()
                .Where(process => CommandLineOf(process.Id).Contains($"\0{script}\0", StringComparison.Ordinal))
                .Select(process => process.Id),
        ];

    private static string CommandLineOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
