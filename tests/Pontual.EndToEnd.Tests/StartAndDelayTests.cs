using System.Text.Json;
using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests;

public sealed class StartAndDelayTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Folder _folder = new();

    [Fact(
        DisplayName = "S1-11 @reboot runs once for each start, after kill -9 too; a fixed delay goes on from the end of each run through both"
    )]
    public async Task Starts_and_delays_survive_a_kill()
    {
        var pack = _folder.Write(
            "jobs.yaml",
            """
            jobs:
              - name: up
                schedule: { cron: "@reboot" }
                target: { process: { command: "echo up" } }
              - name: chain
                schedule: { delay: 1s }
                target: { process: { command: "sleep 0.3" } }
            """
        );
        await using var server = await Served.StartAsync(_folder.Path, "--pack", pack);
        await server.RunAsync("chain", "done", Patience, IsDone);
        (await server.DoAsync("job", "create", "later", "--cron", "@reboot", "--command", "echo later")).Ok();
        var before = await server.RunsAsync("up");

        await server.KillAndRestartAsync();
        await server.RunAsync("later", "done", Patience, IsDone);
        var up = await server.RunAsync("up", "new", Patience, run => IsDone(run) && before.All(old => Id(old) != Id(run)));
        await server.RunAsync("chain", "due after the kill and done", Patience, run => IsDone(run) && DueOf(run) > DueOf(up));

        Assert.Equal(before.Count + 1, (await server.RunsAsync("up")).Count);
        Assert.Single(await server.RunsAsync("later"));
        var chain = (await server.RunsAsync("chain"))
            .Where(run => run.GetProperty("finished_at").GetString() is not null)
            .Reverse()
            .ToList();
        Assert.All(
            chain.Zip(chain.Skip(1)),
            pair => Assert.Equal(EndOf(pair.First).AddSeconds(1), DueOf(pair.Second), TimeSpan.FromMilliseconds(1))
        );
    }

    public void Dispose() => _folder.Dispose();

    private static bool IsDone(JsonElement run) => run.GetProperty("state").GetString() == "succeeded";

    private static string? Id(JsonElement run) => run.GetProperty("id").GetString();

    private static DateTimeOffset DueOf(JsonElement run) => run.GetProperty("scheduled_for").GetDateTimeOffset();

    private static DateTimeOffset EndOf(JsonElement run) => run.GetProperty("finished_at").GetDateTimeOffset();
}
