using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Server.Packs;

namespace Pontual.Cli.Configuration;

/// <summary>What a server is told, from all sources: in rising order its packs, its file, the environment, the command line.</summary>
/// <param name="Settings">What the sources together say.</param>
/// <param name="Files">Files with jobs to apply at start, in order.</param>
internal sealed record ServeSettings(ServerSettings Settings, IReadOnlyList<PackFile> Files)
{
    /// <summary>The file that is read when it is in the working folder and none is named.</summary>
    public const string UsualFile = "pontual.yaml";

    /// <summary>Reads all sources and reports all that is wrong in them at once.</summary>
    /// <param name="configFile">The file that was named; null for the usual one.</param>
    /// <param name="options">What the command line says, under the keys of the <c>server:</c> section.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <param name="secrets">Resolves references to secrets.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="CommandFailure">Something is wrong.</exception>
    public static async Task<ServeSettings> ReadAsync(
        string? configFile,
        JsonObject options,
        IDictionary environment,
        ISecrets secrets,
        CancellationToken cancellation
    )
    {
        var problems = new List<string>();
        var main = await LoadAsync(
            configFile is not null || File.Exists(UsualFile) ? [configFile ?? UsualFile] : [],
            problems,
            cancellation
        );
        var checks = new PackChecks(secrets: secrets);
        var reading = PackReader.Read(main, checks);
        problems.AddRange(reading.Problems.Select(problem => problem.ToString()));
        var settings = FromOptions(options, secrets, problems)
            .Over(EnvironmentSettings.Read(environment, secrets, problems))
            .Over(reading.Server);

        var packs = await LoadAsync(settings.Packs ?? [], problems, cancellation);
        var packed = PackReader.Read(packs, checks);
        problems.AddRange(packed.Problems.Select(problem => problem.ToString()));
        if (problems.Count > 0)
        {
            throw new CommandFailure(ExitCode.Usage, $"the configuration has {Count(problems)}; nothing was started.", problems);
        }

        return new ServeSettings(settings.Over(packed.Server), [.. reading.Jobs.Count > 0 ? main : [], .. packs]);
    }

    /// <summary>"one mistake", "3 mistakes".</summary>
    public static string Count(IReadOnlyCollection<string> problems) => problems.Count == 1 ? "one mistake" : $"{problems.Count} mistakes";

    private static ServerSettings FromOptions(JsonObject options, ISecrets secrets, List<string> problems)
    {
        var found = new List<DocumentProblem>();
        var settings = ServerSettings.Read(JsonSerializer.SerializeToElement(options), "", found, secrets);
        problems.AddRange(
            found.Select(problem => $"--{problem.Path.Split('/').ElementAtOrDefault(1)}: {problem.Message}. Fix: {problem.Fix}.")
        );
        return settings;
    }

    private static async Task<IReadOnlyList<PackFile>> LoadAsync(
        IReadOnlyList<string> paths,
        List<string> problems,
        CancellationToken cancellation
    )
    {
        var files = new List<PackFile>();
        foreach (var path in paths)
        {
            var (file, problem) = await PackFile.LoadAsync(path, cancellation);
            files.AddRange(file is null ? [] : [file]);
            problems.AddRange(problem is null ? [] : [problem.ToString()]);
        }

        return files;
    }
}
