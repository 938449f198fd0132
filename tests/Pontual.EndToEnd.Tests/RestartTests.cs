using System.Text.Json;
using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests;

public sealed class RestartTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Folder _folder = new();

    [Fact(DisplayName = "S2-01 after kill -9 and restart, schedule, totals and history are as before, and an overdue job runs")]
    public async Task State_survives_a_kill()
    {
        var pack = _folder.Write(
            "jobs.yaml",
            """
            jobs:
              - name: often
                schedule: { every: 2s }
                target: { process: { command: "echo tick" } }
              - name: yearly
                schedule: { cron: "0 3 1 1 *", zone: America/Sao_Paulo }
                target: { process: { command: "echo happy new year" } }
              - name: manual
                target: { process: { command: "echo asked" } }
            """
        );
        await using var server = await Served.StartAsync(_folder.Path, "--pack", pack);
        (await server.DoAsync("job", "run", "manual", "--wait")).Ok();
        await server.RunAsync("often", "done", Patience, IsDone);
        var manual = await ShowAsync(server, "manual");
        var yearly = await ShowAsync(server, "yearly");
        var before = await server.RunsAsync("often");
        var killedAt = DateTimeOffset.Parse(before[0].GetProperty("scheduled_for").GetString()!);

        await server.KillAndRestartAsync();

        Assert.Equal(Stable(manual), Stable(await ShowAsync(server, "manual")));
        Assert.Equal(Stable(yearly), Stable(await ShowAsync(server, "yearly")));
        var overdue = await server.RunAsync("often", "due after the kill and done", Patience, run => IsDone(run) && DueOf(run) > killedAt);
        Assert.Equal("schedule", overdue.GetProperty("trigger").GetString());
        var after = await server.RunsAsync("often");
        var ended = before.Where(IsDone).Select(run => run.GetProperty("id").GetString()).ToList();
        Assert.Subset(after.Select(run => run.GetProperty("id").GetString()).ToHashSet(), ended.ToHashSet());
    }

    [Fact]
    public async Task A_stopped_server_ends_well_and_takes_its_discovery_file_along()
    {
        await using var server = await Served.StartAsync(_folder.Path);
        Assert.True(File.Exists(Path.Combine(_folder.Path, "server.json")));

        server.Process.Stop();
        var exitCode = await server.Process.EndAsync(Patience);

        Assert.True(exitCode == 0, server.Process.Written);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "server.json")));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<JsonElement> ShowAsync(Served server, string job) =>
        (await server.DoAsync("job", "show", job, "--json")).Ok().Json;

    private static string Stable(JsonElement job) => JsonSerializer.Serialize(job);

    private static bool IsDone(JsonElement run) => run.GetProperty("state").GetString() == "succeeded";

    private static DateTimeOffset DueOf(JsonElement run) => DateTimeOffset.Parse(run.GetProperty("scheduled_for").GetString()!);
}
