using System.CommandLine;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual apply</c>: makes the jobs what files say.</summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var files = new Option<string[]>("--file", "-f")
        {
            Description = "A file of definitions, or - for standard input; may be repeated",
            HelpName = "FILE",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var dryRun = DryRun();
        var prune = new Option<bool>("--prune") { Description = "Also remove jobs that no file names" };
        return new Command("apply", "Make the jobs what files say, all of it or nothing, and show what changes").Does(
            [files, dryRun, prune],
            async (session, cancellation) =>
            {
                var read = await DefinitionFiles.ReadAsync(session.Parsed.GetValue(files)!, cancellation);
                return await SendAsync(
                    session,
                    DefinitionFiles.Merge(read),
                    session.Parsed.GetValue(dryRun),
                    session.Parsed.GetValue(prune),
                    cancellation
                );
            }
        );
    }

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Show what would change; change nothing" };

    /// <summary>Sends definitions and shows what changed.</summary>
    public static async Task<int> SendAsync(
        Session session,
        Definitions definitions,
        bool dryRun,
        bool prune,
        CancellationToken cancellation
    )
    {
        var api = await session.ConnectOrOpenAsync(mayCreate: !dryRun, cancellation);
        var query = $"dry_run={(dryRun ? 1 : 0)}&prune={(prune ? 1 : 0)}";
        var answer = await api.ApplyAsync($"api/v1/apply?{query}", definitions, cancellation);
        if (session.Screen.Json)
        {
            Screen.Write(answer);
            return ExitCode.Ok;
        }

        foreach (var line in (answer.Text("text") ?? "").TrimEnd().Split('\n'))
        {
            session.Screen.Line(Coloured(line));
        }

        session.Screen.Line(
            answer.Flag("applied") ? "[green]Applied.[/]"
            : dryRun ? "Dry run: nothing was changed."
            : "Nothing to change."
        );
        return ExitCode.Ok;
    }

    private static string Coloured(string line)
    {
        var colour = line.TrimStart() switch
        {
            ['+', ..] => "green",
            ['-', ..] => "red",
            ['~', ..] => "yellow",
            _ => null,
        };
        return colour is null ? Words.Escape(line) : $"[{colour}]{Words.Escape(line)}[/]";
    }
}

/// <summary><c>pontual export</c>: writes all jobs as YAML.</summary>
internal static class ExportCommand
{
    public static Command Create() =>
        new Command("export", "Write all jobs as YAML, as 'apply' reads it").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(await Pages.ReadAllAsync(api, "api/v1/jobs?limit=500", cancellation));
                }
                else
                {
                    Screen.Raw(await api.DownloadAsync("api/v1/export", cancellation));
                }

                return ExitCode.Ok;
            }
        );
}
