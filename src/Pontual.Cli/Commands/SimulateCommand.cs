using System.CommandLine;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Engine.Calendars;
using Pontual.Engine.Jobs;
using Pontual.Server.Packs;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual simulate</c>: what would run in a stretch of time. Nothing is changed.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var from = Text("--from", "From when on: a local time of the zone, or an instant (now unless said)", "TIME");
        var to = Text("--to", "Until when (24 hours later unless said; at most 366 days)", "TIME");
        var zone = Text("--zone", "Whose clocks (America/Sao_Paulo unless said)", "ZONE");
        var svg = Text("--svg", "Also write the load as a chart to this file", "FILE");
        var jobs = Several("--job", "Only this job; may be repeated", "NAME");
        var files = Several("--file", "Definitions not applied yet, in place of kept jobs of their names; may be repeated", "FILE", "-f");
        var durations = Several("--duration", "How long runs of a job are expected to take; may be repeated", "JOB=30s");
        return new Command("simulate", "Show what would run, how much starts together, and what gets into each other's way").Does(
            [from, to, zone, jobs, files, durations, svg],
            async (session, cancellation) =>
            {
                var parsed = session.Parsed;
                var body = new JsonObject { ["bars"] = SimulateView.Room(session.Screen) };
                Add(body, "from", parsed.GetValue(from));
                Add(body, "to", parsed.GetValue(to));
                Add(body, "zone", parsed.GetValue(zone));
                if (parsed.GetValue(jobs) is { Length: > 0 } names)
                {
                    body["jobs"] = new JsonArray([.. names.Select(name => (JsonNode)name)]);
                }

                if (parsed.GetValue(durations) is { Length: > 0 } given)
                {
                    body["durations"] = DurationsOf(given);
                }

                var paths = parsed.GetValue(files) ?? [];
                if (paths.Length > 0)
                {
                    await AddFilesAsync(body, paths, cancellation);
                }

                var api = await ConnectAsync(session, hasFiles: paths.Length > 0, cancellation);
                await SimulateView.ShowAsync(session.Screen, api, body, parsed.GetValue(svg), cancellation);
                return ExitCode.Ok;
            }
        );
    }

    // Files can be looked at where there is nothing yet.
    private static Task<ApiClient> ConnectAsync(Session session, bool hasFiles, CancellationToken cancellation) =>
        hasFiles && !LocalServer.HasData(session.Data) && session.Parsed.GetValue(GlobalOptions.Postgres) is null
            ? session.ConnectAnywhereAsync(cancellation)
            : session.ConnectOrOpenAsync(mayCreate: false, cancellation);

    private static async Task AddFilesAsync(JsonObject body, string[] paths, CancellationToken cancellation)
    {
        var files = await DefinitionFiles.ReadAsync(paths, cancellation);
        var reading = PackReader.Read(files, PackChecks.None);
        body["definitions"] = new JsonArray([.. reading.Jobs.Select(job => (JsonNode)JobDocument.Write(job))]);
        body["calendars"] = new JsonArray([.. reading.Calendars.Select(calendar => (JsonNode)CalendarDocument.Write(calendar))]);
    }

    private static JsonObject DurationsOf(string[] given)
    {
        var durations = new JsonObject();
        foreach (var text in given)
        {
            var parts = text.Split('=', 2);
            if (parts.Length != 2 || !JobName.TryParse(parts[0], out _) || !Duration.TryParse(parts[1], out _))
            {
                throw CommandFailure.Usage(
                    $"--duration '{text}' is not JOB=LENGTH: write a job's name, '=' and a length such as 30s or 5m."
                );
            }

            durations[parts[0]] = parts[1];
        }

        return durations;
    }

    private static Option<string?> Text(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    private static Option<string[]> Several(string name, string description, string value, params string[] aliases) =>
        new(name, aliases)
        {
            Description = description,
            HelpName = value,
            AllowMultipleArgumentsPerToken = true,
        };

    private static void Add(JsonObject body, string key, string? value)
    {
        if (value is not null)
        {
            body[key] = value;
        }
    }
}
