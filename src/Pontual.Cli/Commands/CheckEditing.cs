using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual check create</c> and <c>pontual check edit</c>.</summary>
internal static class CheckEditing
{
    public static Command Create()
    {
        var name = CheckCommands.NameArgument();
        var options = new Options();
        return new Command(
            "create",
            "Define a check and print the line for a crontab, such as: check create backup --every 1d --grace 1h"
        ).Does(
            [name, .. options.All],
            async (session, cancellation) =>
            {
                var check = new JsonObject { ["name"] = session.Parsed.GetValue(name) };
                options.WriteTo(check, session.Parsed);
                var api = await session.ConnectAsync(cancellation);
                var made = await api.PostAsync("api/v1/checks", check, cancellation);
                return Done(session, made, made.Text("curl") ?? "");
            }
        );
    }

    public static Command Edit()
    {
        var name = CheckCommands.NameArgument();
        var options = new Options();
        return new Command("edit", "Change a check by options; its address stays").Does(
            [name, .. options.All],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var path = CheckCommands.PathOf(session.Parsed.GetValue(name)!);
                var stored = await api.GetAsync(path, cancellation);
                var check = (JsonObject)JsonNode.Parse(stored.GetRawText())!;
                options.WriteTo(check, session.Parsed);
                var answer = await api.SendAsync(HttpMethod.Put, path, check, cancellation, ifMatch: $"\"{stored.Text("revision")}\"");
                var what = answer.Text("revision") == stored.Text("revision") ? "unchanged" : "changed";
                return Done(session, answer, $"{answer.Text("name")} is {what}.");
            }
        );
    }

    private static int Done(Session session, JsonElement check, string line)
    {
        if (session.Screen.Json)
        {
            Screen.Write(check);
        }
        else
        {
            session.Screen.Line(Words.Escape(line));
        }

        return ExitCode.Ok;
    }

    /// <summary>A check's keys as options. What a value may be is judged by the server, in one place for all ways in.</summary>
    private sealed class Options
    {
        private readonly JobScheduleOptions _schedule = new();
        private readonly Option<string?> _description = JobOptions.Text("--description", "One line for people", "TEXT");
        private readonly Option<string?> _grace = JobOptions.Text("--grace", "How late it may report, and how long it may run", "DURATION");
        private readonly Option<string[]> _tag = new("--tag") { Description = "A word to sort it by; may be repeated", HelpName = "WORD" };

        public IEnumerable<Option> All => [.. _schedule.All, _grace, _description, _tag];

        public void WriteTo(JsonObject check, ParseResult parsed)
        {
            JobOptions.Set(check, "schedule", _schedule.Write(check, parsed));
            JobOptions.Set(check, "grace", parsed.GetValue(_grace));
            JobOptions.Set(check, "description", parsed.GetValue(_description));
            if (parsed.GetValue(_tag) is { Length: > 0 } tags)
            {
                check["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]);
            }
        }
    }
}
