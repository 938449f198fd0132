using System.Text.Json.Nodes;
using Pontual.Cli.Configuration;
using Pontual.Engine.Calendars;
using Pontual.Engine.Jobs;
using Pontual.Server.Packs;

namespace Pontual.Cli.Commands;

/// <summary>Files of definitions on their way to a server.</summary>
internal static class DefinitionFiles
{
    /// <summary>Reads files and checks what can be checked here: all that is wrong is told with file, line and column.</summary>
    /// <exception cref="CommandFailure">Something is wrong.</exception>
    public static async Task<IReadOnlyList<PackFile>> ReadAsync(IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var files = new List<PackFile>();
        var problems = new List<PackProblem>();
        foreach (var path in paths)
        {
            var (file, problem) = path == "-" ? await InputAsync(cancellation) : await PackFile.LoadAsync(path, cancellation);
            files.AddRange(file is null ? [] : [file]);
            problems.AddRange(problem is null ? [] : [problem]);
        }

        problems.AddRange(PackReader.Read(files, PackChecks.None).Problems);
        return problems.Count == 0 ? files : throw Refused([.. problems.Select(problem => problem.ToString())]);
    }

    /// <summary>What the server is sent: one file as it was written, so that it can tell lines; several as one document of all their jobs.</summary>
    public static Definitions Merge(IReadOnlyList<PackFile> files)
    {
        // A file beside it can be read here only, so it goes as a document that has it inside.
        if (files is [var only] && !only.Text.Contains("ical-file", StringComparison.Ordinal))
        {
            return new Definitions(only.Text, "application/yaml", only.Name, []);
        }

        var reading = PackReader.Read(files, PackChecks.None);
        var jobs = reading.Jobs;
        var calendars = reading.Calendars.Select(calendar => (JsonNode)CalendarDocument.Write(calendar));
        var document = new JsonObject
        {
            ["calendars"] = new JsonArray([.. calendars]),
            ["jobs"] = new JsonArray([.. jobs.Select(job => (JsonNode)JobDocument.Write(job))]),
        };
        return new Definitions(document.ToJsonString(), "application/json", "", [.. jobs.Select(job => job.Name.ToString())]);
    }

    public static CommandFailure Refused(IReadOnlyList<string> problems) =>
        new(ExitCode.Usage, $"the definitions have {ServeSettings.Count(problems)}; nothing was changed.", problems);

    private static async Task<(PackFile? File, PackProblem? Problem)> InputAsync(CancellationToken cancellation)
    {
        await using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        await input.CopyToAsync(bytes, cancellation);
        return PackFile.Decode("standard input", bytes.ToArray());
    }
}

/// <summary>A document of definitions to send.</summary>
/// <param name="Text">The document.</param>
/// <param name="Type">Its content type.</param>
/// <param name="Name">The file it is; empty when it was made of several.</param>
/// <param name="Jobs">When it was made of several: the names of its jobs, in order.</param>
internal sealed record Definitions(string Text, string Type, string Name, IReadOnlyList<string> Jobs);
