using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual check …</c>: checks on jobs that something else runs.</summary>
internal static class CheckCommands
{
    public static Command Create() =>
        CommandActions.Group(
            "check",
            "Check on jobs that something else runs: a crontab, a backup elsewhere",
            List(),
            Show(),
            CheckEditing.Create(),
            CheckEditing.Edit(),
            Pause(),
            Act("resume", "Wait for a paused check's reports again", "resumed"),
            Rotate(),
            Delete()
        );

    /// <summary>A check's name; what it may be is the server's to say.</summary>
    public static Argument<string> NameArgument() => new("name") { Description = "The check's name" };

    public static string PathOf(string name) => $"api/v1/checks/{Uri.EscapeDataString(name)}";

    private static Command List() =>
        new Command("list", "List checks and how they stand").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var checks = await Pages.ReadAllAsync(api, "api/v1/checks?limit=500", cancellation);
                if (session.Screen.Json)
                {
                    return Answer(checks);
                }

                var rows = checks.Items().Select(CheckView.Row).ToList();
                if (rows.Count == 0)
                {
                    session.Screen.Note("No checks yet: define one with 'pontual check create backup --every 1d'.");
                    return ExitCode.Ok;
                }

                session.Screen.Table(["NAME", "SCHEDULE", "STATE", "LAST PING", "TOOK", $"DUE ({Words.Escape(Words.LocalZone)})"], rows);
                return ExitCode.Ok;
            }
        );

    private static Command Show()
    {
        var name = NameArgument();
        var limit = CommandActions.Count("--pings", "How many of its latest pings", usual: 10, most: 100, "-n");
        return new Command("show", "Show one check, the line for a crontab, and its latest pings").Does(
            [name, limit],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var path = PathOf(session.Parsed.GetValue(name)!);
                var check = await api.GetAsync(path, cancellation);
                if (session.Screen.Json)
                {
                    return Answer(check);
                }

                session.Screen.Facts(CheckView.Facts(check));
                if (check.Text("curl") is { } curl)
                {
                    session.Screen.Line();
                    session.Screen.Line(Words.Escape(curl));
                }

                var pings = await api.GetAsync($"{path}/pings?limit={session.Parsed.GetValue(limit)}", cancellation);
                var rows = pings.Items().Select(CheckView.PingRow).ToList();
                if (rows.Count > 0)
                {
                    session.Screen.Line();
                    session.Screen.Table(["PING", "REPORTS", "CODE", "TOOK", "FROM", "BY"], rows);
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Pause()
    {
        var name = NameArgument();
        var reason = JobOptions.Text("--reason", "Why, for whoever looks later", "TEXT");
        var until = JobOptions.Text("--until", "When it goes on by itself, such as 2026-12-01T09:00:00Z", "TIME");
        return new Command("pause", "Wait for no reports of a check until it goes on").Does(
            [name, reason, until],
            (session, cancellation) =>
            {
                var body = new JsonObject();
                JobOptions.Set(body, "reason", session.Parsed.GetValue(reason));
                JobOptions.Set(body, "until", session.Parsed.GetValue(until));
                return ActAsync(
                    session,
                    session.Parsed.GetValue(name)!,
                    "pause",
                    body,
                    check => $"{check.Text("name")} is paused.",
                    cancellation
                );
            }
        );
    }

    private static Command Act(string verb, string description, string done)
    {
        var name = NameArgument();
        return new Command(verb, description).Does(
            [name],
            (session, cancellation) =>
                ActAsync(session, session.Parsed.GetValue(name)!, verb, null, check => $"{check.Text("name")} is {done}.", cancellation)
        );
    }

    private static Command Rotate()
    {
        var name = NameArgument();
        return new Command("rotate", "Give a check a new address and badge, and print the new line for a crontab").Does(
            [name],
            (session, cancellation) =>
                ActAsync(session, session.Parsed.GetValue(name)!, "rotate", null, check => check.Text("curl") ?? "", cancellation)
        );
    }

    private static Command Delete()
    {
        var name = NameArgument();
        return new Command("delete", "Remove a check and its pings").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var answer = await api.SendAsync(HttpMethod.Delete, PathOf(session.Parsed.GetValue(name)!), null, cancellation);
                if (session.Screen.Json)
                {
                    return Answer(answer);
                }

                session.Screen.Line(Words.Escape($"{session.Parsed.GetValue(name)} is removed."));
                return ExitCode.Ok;
            }
        );
    }

    private static async Task<int> ActAsync(
        Session session,
        string name,
        string verb,
        JsonNode? body,
        Func<JsonElement, string> line,
        CancellationToken cancellation
    )
    {
        var api = await session.ConnectAsync(cancellation);
        var check = await api.PostAsync($"{PathOf(name)}/{verb}", body, cancellation);
        if (session.Screen.Json)
        {
            return Answer(check);
        }

        session.Screen.Line(Words.Escape(line(check)));
        return ExitCode.Ok;
    }

    private static int Answer(JsonElement answer)
    {
        Screen.Write(answer);
        return ExitCode.Ok;
    }
}
