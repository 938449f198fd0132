using System.CommandLine;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;
using Pontual.Engine.Jobs;
using Pontual.Server.Packs;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual import crontab FILE</c>: makes jobs of the lines of a crontab (S1-11).</summary>
internal static class ImportCommand
{
    public static Command Create() => CommandActions.Group("import", "Bring jobs from other schedulers", Crontab());

    private static Command Crontab()
    {
        var file = new Argument<string>("file") { Description = "A crontab, as 'crontab -l' prints it" };
        var dryRun = ApplyCommand.DryRun();
        var home = new Option<string?>("--home")
        {
            Description = "The home folder that commands run in (yours unless said)",
            HelpName = "DIR",
        };
        var zone = new Option<string?>("--zone")
        {
            Description = "The zone of its times (America/Sao_Paulo unless said)",
            HelpName = "ZONE",
        };
        var system = new Option<bool>("--system") { Description = "A user stands before each command, as in /etc/crontab" };
        return new Command("crontab", "Make a job of each line of a crontab").Does(
            [file, dryRun, home, zone, system],
            async (session, cancellation) =>
            {
                var parsed = session.Parsed;
                var (text, problem) = await PackFile.LoadAsync(parsed.GetValue(file)!, cancellation);
                if (text is null)
                {
                    throw DefinitionFiles.Refused([problem!.ToString()]);
                }

                var options = new CrontabOptions
                {
                    Home = Path.GetFullPath(parsed.GetValue(home) ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)),
                    Zone = parsed.GetValue(zone) ?? JobDocument.DefaultZone,
                    SystemFormat = parsed.GetValue(system),
                };
                return await ImportAsync(session, CrontabImport.Read(text.Text, options), parsed.GetValue(dryRun), cancellation);
            }
        );
    }

    /// <returns>1 when a line was left out, even though the others were imported: scripts must notice.</returns>
    private static async Task<int> ImportAsync(Session session, CrontabReading reading, bool dryRun, CancellationToken cancellation)
    {
        Tell(session.Screen, reading);
        var exitCode = ExitCode.Ok;
        if (reading.Jobs.Count > 0)
        {
            var document = new JsonObject
            {
                ["jobs"] = new JsonArray([.. reading.Jobs.Select(job => (JsonNode)JobDocument.Write(job.Definition))]),
            };
            var definitions = new Definitions(
                document.ToJsonString(),
                "application/json",
                "",
                [.. reading.Jobs.Select(job => $"{job.Definition.Name} (line {job.Line})")]
            );
            exitCode = await ApplyCommand.SendAsync(session, definitions, dryRun, prune: false, cancellation);
        }
        else
        {
            session.Screen.Note("No line became a job.");
        }

        return reading.Unimportable.Count > 0 ? ExitCode.Failed : exitCode;
    }

    private static void Tell(Screen screen, CrontabReading reading)
    {
        foreach (var remark in reading.Notes)
        {
            screen.Note($"{Place(remark)}{remark.Reason}");
        }

        if (reading.Unimportable.Count > 0)
        {
            screen.Error($"{reading.Unimportable.Count} of the lines cannot be imported:", [.. reading.Unimportable.Select(Left)]);
        }
    }

    private static string Left(CrontabRemark remark) => $"{Place(remark)}{remark.Reason} ({remark.Text})";

    private static string Place(CrontabRemark remark) => remark.Line > 0 ? $"line {remark.Line}: " : "";
}
