using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests.Cli;

public sealed class JobWhyCommandTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Why_answers_in_one_sentence_with_and_without_a_server()
    {
        var pack = _folder.Write(
            "jobs.yaml",
            """
            jobs:
              - name: each-second
                schedule: { every: 1s }
                target: { process: { command: "sleep 600" } }
              - name: yearly
                schedule: { cron: "0 9 1 1 *", zone: Asia/Tokyo }
                target: { process: { command: "true" } }
            """
        );
        string due;
        await using (var server = await Served.StartAsync(_folder.Path, "--pack", pack))
        {
            var skipped = await server.RunAsync(
                "each-second",
                "skipped",
                TimeSpan.FromSeconds(20),
                run => run.GetProperty("state").GetString() == "skipped"
            );
            due = skipped.GetProperty("scheduled_for").GetString()!;

            var why = (await server.DoAsync("job", "why", "each-second", "--at", due)).Ok().Output;
            var now = (await server.DoAsync("job", "why", "each-second")).Ok().Output;

            Assert.StartsWith("It did not run at ", why, StringComparison.Ordinal);
            Assert.Contains("was still active and runs still, and the overlap policy is skip.\n", why, StringComparison.Ordinal);
            Assert.Contains("active run", why, StringComparison.Ordinal);
            Assert.StartsWith("It runs now: run ", now, StringComparison.Ordinal);
        }

        var offline = (await PontualProcess.RunAsync(_folder.Path, ["job", "why", "yearly"])).Ok().Output;
        var then = (await PontualProcess.RunAsync(_folder.Path, ["job", "why", "each-second", "--at", due, "--json"])).Ok().Json;

        Assert.Contains("no scheduler is there since ", offline, StringComparison.Ordinal);
        Assert.Equal("skipped", then.GetProperty("verdict").GetString());
    }
}
