using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests.Cli;

public sealed class HealthCommandTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Health_shows_each_part_and_the_worst_jobs_first()
    {
        var pack = _folder.Write(
            "jobs.yaml",
            """
            jobs:
              - name: broken
                critical: true
                target: { process: { command: "exit 3" } }
              - name: fine
                target: { process: { command: "true" } }
            """
        );
        await using var server = await Served.StartAsync(_folder.Path, "--pack", pack);
        (await server.DoAsync("job", "run", "fine", "--wait")).Ok();

        var well = await server.DoAsync("health");
        await server.DoAsync("job", "run", "broken", "--wait");
        // What was judged is told again for a moment.
        var ill = await Wait.ForAsync(
            "health that knows of the failure",
            TimeSpan.FromSeconds(30),
            async () => await server.DoAsync("health") is { ExitCode: 1 } answer ? answer : null
        );
        var json = (await server.DoAsync("health", "--json")).Json;

        Assert.Equal(0, well.ExitCode);
        Assert.Contains("server  ready", well.Output, StringComparison.Ordinal);
        Assert.Contains("nodes   1 alive", well.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("broken", well.Output, StringComparison.Ordinal);
        Assert.Equal(1, ill.ExitCode);
        Assert.Contains("jobs    critical", ill.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^broken +failing +critical ", ill.Output);
        Assert.Equal(
            ("critical", "failing", "alive", true),
            (
                json.GetProperty("status").GetString(),
                json.GetProperty("jobs").GetProperty("broken").GetProperty("status").GetString(),
                json.GetProperty("nodes").GetProperty("items")[0].GetProperty("state").GetString(),
                json.GetProperty("ready").GetBoolean()
            )
        );
    }
}
