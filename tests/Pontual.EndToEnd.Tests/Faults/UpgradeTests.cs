using System.Diagnostics;
using Pontual.EndToEnd.Tests.Running;
using Pontual.TestKit;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>Two nodes of the version before are replaced, one after the other and under load, by this one, which takes the schema with it.</summary>
/// <remarks>The version before is that of the commit before the newest migration was added: the last one with another schema.</remarks>
public sealed class UpgradeTests(ITestOutputHelper output)
{
    [EarlierVersionFact(DisplayName = "A rolling upgrade from the version before, under load: nothing lost, nothing twice")]
    [Trait("Category", "Faults")]
    [Trait("Campaign", "Upgrade")]
    public async Task An_upgrade_under_load_loses_nothing()
    {
        using var before = await EarlierVersion.BuildAsync();
        await using var server = await PostgresServer.CreateAsync();
        var plan = new CampaignPlan
        {
            Name = "upgrade",
            PostgreSql = server.Connection,
            Nodes = 2,
            Launch = _ => Launcher.Usual with { Program = before.Program },
        };

        var report = await Campaign.RunAsync(plan, ReplaceAsync);

        output.WriteLine($"from {before.Commit[..9]}: {report}");
        Assert.Empty(report.Verdicts);
        Assert.Equal(2, report.Count("replace"));
        Assert.True(report.Starts > 50, report.ToString());
    }

    private static async Task ReplaceAsync(Campaign campaign)
    {
        await campaign.RestAsync(8);
        foreach (var node in campaign.Nodes)
        {
            var (old, from) = (node.Witness, campaign.Time.GetUtcNow());
            Assert.Equal(0, await node.StopAsync());
            campaign.Fault($"replace {old}", from, campaign.Time.GetUtcNow(), node);
            node.Launcher = node.Launcher with { Program = Launcher.Usual.Program };
            await node.StartAsync();
            await campaign.RestAsync(8);
        }
    }
}

/// <summary>The program as it was before the newest migration, built from the history in a work tree of its own.</summary>
internal sealed class EarlierVersion : IDisposable
{
    private const string Migrations = "src/Pontual.Storage/Migrations";
    private readonly string _tree = Path.Combine(Directory.CreateTempSubdirectory("pontual-before-").FullName, "tree");

    private EarlierVersion(string commit) => Commit = commit;

    public string Commit { get; }

    public string Program => Path.Combine(_tree, "artifacts", "bin", "Pontual.Cli", "release", "pontual.dll");

    /// <summary>The commit before the newest migration; null when the history does not reach that far.</summary>
    public static string? Find()
    {
        var newest = Directory.GetFiles(Path.Combine(Repository.Root, Migrations), "0*.postgresql.sql").Max(StringComparer.Ordinal)!;
        var (code, added) = Run(
            Repository.Root,
            "git",
            "log",
            "--diff-filter=A",
            "--format=%H",
            "--",
            $"{Migrations}/{Path.GetFileName(newest)}"
        );
        var (found, parent) = Run(
            Repository.Root,
            "git",
            "rev-parse",
            "--verify",
            "--quiet",
            $"{added.Split('\n').Last(line => line.Length > 0 || code != 0)}^"
        );
        return code == 0 && found == 0 ? parent : null;
    }

    public static async Task<EarlierVersion> BuildAsync()
    {
        var version = new EarlierVersion(Find()!);
        Done(Run(Repository.Root, "git", "worktree", "add", "--detach", version._tree, version.Commit));
        Done(
            await Task.Run(() =>
                Run(
                    version._tree,
                    "dotnet",
                    "build",
                    "src/Pontual.Cli",
                    "-c",
                    "Release",
                    "-p:RunAnalyzers=false",
                    "-v",
                    "quiet",
                    "--nologo"
                )
            )
        );
        return version;
    }

    public void Dispose()
    {
        _ = Run(Repository.Root, "git", "worktree", "remove", "--force", _tree);
        Directory.Delete(Path.GetDirectoryName(_tree)!, recursive: true);
    }

    private static void Done((int Code, string Said) answer) => Assert.True(answer.Code == 0, answer.Said);

    private static (int Code, string Said) Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}

/// <summary>A test that takes a minute to build what it needs, and needs the repository's history.</summary>
internal sealed class EarlierVersionFactAttribute : FactAttribute
{
    public EarlierVersionFactAttribute() =>
        Skip =
            !CampaignPlan.Long ? "It builds an earlier version first: ./test faults upgrade."
            : EarlierVersion.Find() is null ? "The history of this repository does not reach back to the version before."
            : null;
}
