using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual job next</c>: when a job, or a schedule not yet used, will be due.</summary>
internal static class JobNext
{
    public static Command Create()
    {
        var name = CommandActions.JobNameArgument();
        name.Arity = ArgumentArity.ZeroOrOne;
        var cron = new Option<string?>("--cron")
        {
            Description = "Preview this cron expression instead of a job's schedule",
            HelpName = "EXPRESSION",
        };
        var zone = new Option<string?>("--zone") { Description = "The zone of --cron (America/Sao_Paulo unless said)", HelpName = "ZONE" };
        var from = new Option<string?>("--from") { Description = "Start after this instant instead of now", HelpName = "TIME" };
        var count = CommandActions.Count("--count", "How many due times", usual: 5, most: 500, "-n");
        return new Command("next", "Preview when a job is due, with what changes of the clock do to it").Does(
            [name, cron, zone, from, count],
            async (session, cancellation) =>
            {
                var parsed = session.Parsed;
                var schedule = Written(parsed.GetValue(name), parsed.GetValue(cron), parsed.GetValue(zone));
                var api = schedule is null
                    ? await session.ConnectOrOpenAsync(mayCreate: false, cancellation)
                    : await session.ConnectAnywhereAsync(cancellation);
                schedule ??= await OfJobAsync(api, parsed.GetValue(name)!, cancellation);
                var body = new JsonObject { ["schedule"] = schedule, ["count"] = parsed.GetValue(count) };
                if (parsed.GetValue(from) is { } start)
                {
                    body["from"] = start;
                }

                Show(session.Screen, await api.PostAsync("api/v1/schedules/preview", body, cancellation));
                return ExitCode.Ok;
            }
        );
    }

    /// <summary>The schedule in the options; null when a job is named.</summary>
    private static JsonNode? Written(string? name, string? cron, string? zone)
    {
        if ((name is null) == (cron is null))
        {
            throw CommandFailure.Usage("give a job's name or --cron EXPRESSION, one of the two.");
        }

        if (zone is not null && cron is null)
        {
            throw CommandFailure.Usage("--zone goes with --cron: a job's own schedule has its zone.");
        }

        if (cron is null)
        {
            return null;
        }

        var schedule = new JsonObject { ["cron"] = cron };
        if (zone is not null)
        {
            schedule["zone"] = zone;
        }

        return schedule;
    }

    private static async Task<JsonNode> OfJobAsync(ApiClient api, string name, CancellationToken cancellation)
    {
        var job = await api.GetAsync($"api/v1/jobs/{name}", cancellation);
        return job.Member("schedule") is { } schedule
            ? JsonNode.Parse(schedule.GetRawText())!
            : throw CommandFailure.Failed($"{name} has no schedule: it runs when somebody asks ('pontual job run {name}').");
    }

    private static void Show(Screen screen, JsonElement preview)
    {
        if (screen.Json)
        {
            Screen.Write(preview);
            return;
        }

        if (preview.Member("description")?.Text("en") is { } words)
        {
            screen.Line($"[bold]{Words.Escape(words)}[/]");
        }

        var rows = preview
            .Items("occurrences")
            .Select(occurrence =>
                new[]
                {
                    Words.Escape(Local(occurrence.Text("local"))),
                    Words.Escape(occurrence.Text("at")),
                    Words.Escape(occurrence.Text("note")),
                }
            )
            .ToList();
        if (rows.Count > 0)
        {
            screen.Table(["LOCAL", "UTC", "NOTE"], rows);
        }

        if (preview.Text("note") is { } note)
        {
            screen.Line(Words.Escape(note));
        }
    }

    /// <summary>"Mon 2026-01-05 09:00:00 -03:00".</summary>
    private static string Local(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at.ToString("ddd yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)
            : text ?? "";
}
