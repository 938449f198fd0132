using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual audit</c>: who changed what.</summary>
internal static class AuditCommand
{
    private static readonly (Option<string?> Option, string Key)[] Filters =
    [
        (new("--actor") { Description = "Changes by this one: token:ID, user:NAME, local, pontual", HelpName = "WHO" }, "actor"),
        (
            new("--action") { Description = "This action, or all of a noun: job.paused, job, run, token, calendar", HelpName = "ACTION" },
            "action"
        ),
        (new("--subject") { Description = "Changes of this: a job's name, a run's or a token's id", HelpName = "NAME" }, "subject"),
        (new("--from") { Description = "From this instant on, such as 2026-01-31T09:00:00Z", HelpName = "TIME" }, "from"),
        (new("--to") { Description = "Before this instant", HelpName = "TIME" }, "to"),
    ];

    public static Command Create()
    {
        var limit = new Option<int>("--limit")
        {
            Description = "Most entries",
            HelpName = "N",
            DefaultValueFactory = _ => 50,
        };
        return new Command("audit", "Show who changed what, when, from where and why, newest first").Does(
            [.. Filters.Select(filter => filter.Option), limit],
            async (session, cancellation) =>
            {
                var most = session.Parsed.GetValue(limit);
                var query = Filters
                    .Select(filter => (filter.Key, Value: session.Parsed.GetValue(filter.Option)))
                    .Where(filter => filter.Value is not null)
                    .Select(filter => $"&{filter.Key}={Uri.EscapeDataString(filter.Value!)}");
                var page = Math.Clamp(most, 1, 500).ToString(CultureInfo.InvariantCulture);
                var api = await session.ConnectAsync(cancellation);
                var entries = await Pages.ReadAllAsync(api, $"api/v1/audit?limit={page}{string.Concat(query)}", cancellation, most);
                if (session.Screen.Json)
                {
                    Screen.Write(entries);
                    return ExitCode.Ok;
                }

                session.Screen.Table(["WHEN", "WHO", "FROM", "WHAT", "OF", "WHY"], entries.Items().Select(Row));
                return ExitCode.Ok;
            }
        );
    }

    private static string? Who(JsonElement entry) =>
        entry.Text("actor_name") is { } name && name != entry.Text("actor") ? $"{name} ({entry.Text("actor")})" : entry.Text("actor");

    private static string[] Row(JsonElement entry) =>
        [
            Words.Time(entry.Instant("at")),
            Words.Escape(Who(entry)),
            Words.Escape(entry.Text("address")),
            Words.Escape(entry.Text("action")),
            Words.Escape(entry.Text("subject")),
            Words.Escape(entry.Text("reason")),
        ];
}
