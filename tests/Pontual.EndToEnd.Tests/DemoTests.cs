using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests;

public sealed class DemoTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly Folder _folder = new();

    [Fact]
    public async Task The_demo_shows_its_first_run_and_after_a_kill_says_what_was_missed()
    {
        await using (var first = PontualProcess.Start(_folder.Path, ["demo"]))
        {
            await Wait.ForTextAsync(first, "Pontual runs. API and documentation: http://127.0.0.1:", Patience);
            await Wait.ForTextAsync(first, "hello                succeeded", Patience);
            await first.KillAsync();
        }

        await using var second = PontualProcess.Start(_folder.Path, ["demo"]);
        await Wait.ForTextAsync(second, "in the history", Patience);
        Assert.Contains("Back after", second.Written, StringComparison.Ordinal);
        second.Stop();
        var exitCode = await second.EndAsync(Patience);

        Assert.True(exitCode == 0, second.Written);
        Assert.Contains("Jobs and history are kept in", second.Written, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
