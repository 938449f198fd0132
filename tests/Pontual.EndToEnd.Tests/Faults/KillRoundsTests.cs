using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>kill -9 at random moments under load, on SQLite. <c>./test</c> runs a short form, <c>./test faults</c> 200 rounds.</summary>
public sealed class KillRoundsTests(ITestOutputHelper output)
{
    [Fact(DisplayName = "S2-01 kill -9 under load loses no occurrence, runs none twice at once, and leaves the database whole")]
    [Trait("Category", "Faults")]
    [Trait("Campaign", "Sqlite")]
    public async Task Kills_lose_nothing()
    {
        var rounds = Environment.GetEnvironmentVariable("PONTUAL_LONG") == "1" ? 200 : 5;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PONTUAL_SEED"), out var given) ? given : 20261121;
        var folder = Directory.CreateTempSubdirectory("pontual-kill-").FullName;

        var report = await new KillRounds(seed, rounds, folder).RunAsync(jobs: 24, CancellationToken.None);

        output.WriteLine($"seed {seed}: {report}");
        Progress.Done("sqlite", seed, report);
        Assert.Empty(report.Verdicts);
        Assert.Equal(rounds, report.Kills);
        Assert.True(report.Starts > rounds, report.ToString());
        Assert.Equal("ok", await SqliteFile.IntegrityAsync(folder));
        Directory.Delete(folder, recursive: true);
    }
}
