using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual sessions check</c>: the health check of S3, by hand. Prints only what there is to say (S3-04).</summary>
internal static class SessionCheckCommand
{
    private const int MostHours = 168;

    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Change nothing, and say what would be done" };
        var verbose = new Option<bool>("--verbose") { Description = "Show every channel, also those with nothing to say" };
        var silent = new Option<int?>("--silent-hours")
        {
            Description = "From how many hours without a message on a session counts as suspect, whatever is usual for the hour",
            HelpName = "N",
        };
        silent.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var hours) && hours is >= 1 and <= MostHours))
            {
                result.AddError($"--silent-hours '{token.Value}' is not a whole number from 1 to {MostHours}.");
            }
        });
        return new Command("check", "Check all sessions now, and bring back what dropped").Does(
            [dryRun, verbose, silent],
            async (session, cancellation) =>
            {
                var body = new JsonObject { ["dry_run"] = session.Parsed.GetValue(dryRun) };
                if (session.Parsed.GetValue(silent) is { } hours)
                {
                    body["silent_hours"] = hours;
                }

                var api = await session.ConnectAsync(cancellation);
                var report = await api.PostAsync("api/v1/session-check", body, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(report);
                }
                else
                {
                    Show(session.Screen, report, session.Parsed.GetValue(verbose));
                }

                return report.Items("gateways").Any() || IsNothing(report) ? ExitCode.Failed : ExitCode.Ok;
            }
        );
    }

    private static void Show(Screen screen, JsonElement report, bool verbose)
    {
        if (report.Flag("already_running"))
        {
            screen.Note("Another check goes on: this one has nothing to do.");
            return;
        }

        foreach (var gateway in report.Items("gateways"))
        {
            screen.Note($"No channel found or invalid answer from gateway {gateway.Text("gateway")}: {gateway.Text("detail")}");
        }

        var shown = report.Items("channels").Where(channel => verbose || channel.Flag("is_news")).ToList();
        foreach (var channel in shown)
        {
            screen.Line($"{Mark(channel)} {Words.Escape($"{channel.Text("channel")}: {channel.Text("line")}")}");
        }

        if (IsNothing(report))
        {
            screen.Note("No channel found: no gateway is defined, or those that are list no session. 'pontual gateway list' shows them.");
        }
        else if (verbose)
        {
            var dry = report.Flag("dry_run") ? "; nothing was changed" : "";
            screen.Note($"{report.Number("checked")} channels checked, {report.Number("tried")} steps tried{dry}.");
        }
    }

    private static bool IsNothing(JsonElement report) =>
        !report.Flag("already_running") && !report.Items("channels").Any() && !report.Items("gateways").Any();

    private static string Mark(JsonElement channel) =>
        channel.Text("state") == "connected"
            ? channel.Flag("is_suspect")
                ? "[yellow]?[/]"
                : "[green]✓[/]"
            : "[red]✗[/]";
}
