using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Server.Composition;
using Pontual.TestKit;

namespace Pontual.EndToEnd.Tests.Workers;

public sealed class SampleWorkersTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Folder _folder = new();

    [Theory]
    [InlineData("php", "worker.php")]
    [InlineData("bash", "worker.sh")]
    public async Task A_sample_does_the_run_of_another_that_was_killed_in_the_middle(string program, string sample)
    {
        await using var server = await Served.StartAsync(_folder.Path, "--pack", Repository.Path("samples/worker/pack.yaml"));
        var first = Start(program, sample);
        var second = (Process?)null;
        try
        {
            var id = (await server.DoAsync("job", "run", "count", "--json")).Ok().Json.GetProperty("run_id").GetString()!;
            await Wait.ForAsync("first line", Patience, () => PrintedAsync(server, id));

            first.Kill(entireProcessTree: true);
            await first.WaitForExitAsync();
            second = Start(program, sample);
            var run = await server.RunAsync("count", "done", Patience, run => run.GetProperty("state").GetString() == "succeeded");

            Assert.Equal((id, 2), (run.GetProperty("id").GetString(), run.GetProperty("attempt").GetInt32()));
            var whole = (await server.DoAsync("run", "show", id, "--json")).Ok().Json;
            Assert.Equal(3, whole.GetProperty("result").GetProperty("counted").GetInt32());
            Assert.EndsWith("1\n2\n3\n", (await server.DoAsync("run", "logs", id)).Ok().Output, StringComparison.Ordinal);
        }
        finally
        {
            End(first);
            End(second);
        }
    }

    [Fact]
    public async Task A_worker_goes_on_with_its_run_after_the_server_was_killed()
    {
        await using var server = await Served.StartAsync(_folder.Path, "--pack", Repository.Path("samples/worker/pack.yaml"));
        (await server.DoAsync("job", "run", "count")).Ok();
        var claim = (await AskAsync("claim", """ "tasks":["count"],"wait":20 """)).GetProperty("runs")[0];
        var key = $"\"run_id\":{claim.GetProperty("run_id").GetRawText()},\"token\":{claim.GetProperty("token").GetRawText()}";

        await server.KillAndRestartAsync();
        var held = await AskAsync("heartbeat", $"\"runs\":[{{ {key},\"output\":\"after\" }}]");
        await AskAsync("complete", $"{key},\"result\":7");

        Assert.Equal("go_on", held.GetProperty("runs")[0].GetProperty("next").GetString());
        var run = Assert.Single(await server.RunsAsync("count"));
        Assert.Equal(("succeeded", 1), (run.GetProperty("state").GetString(), run.GetProperty("attempt").GetInt32()));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<JsonElement> AskAsync(string verb, string body)
    {
        var found = DiscoveryFile.Read(_folder.Path)!;
        using var client = new HttpClient { BaseAddress = found.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", found.Token);
        using var content = new StringContent($"{{\"worker\":\"w\",{body}}}", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync($"api/v1/worker/{verb}", content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    private static async Task<string?> PrintedAsync(Served server, string run) =>
        (await server.DoAsync("run", "logs", run)).Output is { Length: > 0 } text ? text : null;

    private Process Start(string program, string sample)
    {
        var found = DiscoveryFile.Read(_folder.Path)!;
        var start = new ProcessStartInfo(program, [Repository.Path($"samples/worker/{sample}")]) { UseShellExecute = false };
        start.Environment["PONTUAL_URL"] = found.Url.ToString().TrimEnd('/');
        start.Environment["PONTUAL_TOKEN"] = found.Token;
        return Process.Start(start)!;
    }

    private static void End(Process? program)
    {
        if (program is { HasExited: false })
        {
            program.Kill(entireProcessTree: true);
        }

        program?.Dispose();
    }
}
