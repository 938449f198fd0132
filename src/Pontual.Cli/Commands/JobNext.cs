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
        Option<string?>[] kinds =
        [
            Kind("--cron", "Preview this cron expression instead of a job's schedule", "EXPRESSION"),
            Kind("--every", "Preview a fixed rate, such as 90s", "PERIOD"),
            Kind("--delay", "Preview a fixed delay after the end of each run, such as 10m", "PERIOD"),
            Kind("--at", "Preview one instant", "TIME"),
        ];
        var zone = Kind("--zone", "The zone of --cron and --at (America/Sao_Paulo unless said)", "ZONE");
        var from = Kind("--from", "Start after this instant instead of now", "TIME");
        var before = Kind("--before", "The last due times before this instant instead", "TIME");
        var count = CommandActions.Count("--count", "How many due times", usual: 5, most: 500, "-n");
        return new Command("next", "Preview when a job is due, with what moves its due times").Does(
            [name, .. kinds, zone, from, before, count],
            async (session, cancellation) =>
            {
                var parsed = session.Parsed;
                var job = parsed.GetValue(name);
                var schedule = Written(job, kinds.ToDictionary(kind => kind.Name[2..], parsed.GetValue), parsed.GetValue(zone));
                if (parsed.GetValue(from) is not null && parsed.GetValue(before) is not null)
                {
                    throw CommandFailure.Usage("give one of --from and --before: they are two directions.");
                }

                var api = schedule is null
                    ? await session.ConnectOrOpenAsync(mayCreate: false, cancellation)
                    : await session.ConnectAnywhereAsync(cancellation);
                schedule ??= await OfJobAsync(api, job!, cancellation);
                var body = new JsonObject { ["schedule"] = schedule, ["count"] = parsed.GetValue(count) };
                Add(body, "job", job);
                Add(body, "from", parsed.GetValue(from));
                Add(body, "before", parsed.GetValue(before));
                Show(session.Screen, await api.PostAsync("api/v1/schedules/preview", body, cancellation));
                return ExitCode.Ok;
            }
        );
    }

    private static Option<string?> Kind(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    private static void Add(JsonObject body, string key, string? value)
    {
        if (value is not null)
        {
            body[key] = value;
        }
    }

    /// <summary>The schedule in the options; null when a job is named.</summary>
    private static JsonNode? Written(string? name, Dictionary<string, string?> kinds, string? zone)
    {
        var said = kinds.Where(kind => kind.Value is not null).ToList();
        if (said.Count + (name is null ? 0 : 1) != 1)
        {
            throw CommandFailure.Usage(
                name is not null && said.Count == 1
                    ? $"give a job's name or --{said[0].Key}, one of the two."
                    : "give a job's name, --cron EXPRESSION, --every PERIOD, --delay PERIOD or --at TIME, one of them."
            );
        }

        if (zone is not null && name is not null)
        {
            throw CommandFailure.Usage("--zone goes with --cron or --at: a job's own schedule has its zone.");
        }

        if (name is not null)
        {
            return null;
        }

        var schedule = new JsonObject { [said[0].Key] = said[0].Value };
        Add(schedule, "zone", zone);
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

        if (preview.Member("next")?.Text("en") is { } next)
        {
            screen.Line(Words.Escape($"next {next}"));
        }

        ShowTimes(screen, preview, "occurrences", ["LOCAL", "UTC", "NOTE"], one => one.Text("note"));
        if (preview.Items("left_out").Any())
        {
            screen.Line();
            ShowTimes(
                screen,
                preview,
                "left_out",
                ["LEFT OUT", "UTC", "WHY"],
                one => one.Text("name") is { } day ? $"{Words.Calendar(one)}: {day}" : Words.Calendar(one)
            );
        }

        if (preview.Text("note") is { } note)
        {
            screen.Line(Words.Escape(note));
        }
    }

    private static void ShowTimes(Screen screen, JsonElement preview, string key, string[] headers, Func<JsonElement, string?> last)
    {
        var rows = preview
            .Items(key)
            .Select(one => new[] { Words.Escape(Local(one.Text("local"))), Words.Escape(one.Text("at")), Words.Escape(last(one)) })
            .ToList();
        if (rows.Count > 0)
        {
            screen.Table(headers, rows);
        }
    }

    /// <summary>"Mon 2026-01-05 09:00:00 -03:00".</summary>
    private static string Local(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at.ToString("ddd yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)
            : text ?? "";
}
