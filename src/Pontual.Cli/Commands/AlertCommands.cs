using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual alerts …</c>: what is wrong, who takes note of it, and what nobody is told of for a while.</summary>
internal static class AlertCommands
{
    public static Command Create()
    {
        var all = new Option<bool>("--all") { Description = "Also what was wrong and is over" };
        var alerts = new Command("alerts", "See what is wrong, since when and why").Does(
            [all],
            (session, cancellation) => ListAsync(session, all, cancellation)
        );
        alerts.Add(Show());
        alerts.Add(Acknowledge());
        alerts.Add(Snooze());
        alerts.Add(Silence());
        alerts.Add(Silences());
        alerts.Add(Settings());
        alerts.Add(Test());
        return alerts;
    }

    private static async Task<int> ListAsync(Session session, Option<bool> all, CancellationToken cancellation)
    {
        var api = await session.ConnectAsync(cancellation);
        var state = session.Parsed.GetValue(all) ? "all" : "open";
        var page = await api.GetAsync($"api/v1/alerts?state={state}&limit=500", cancellation);
        if (session.Screen.Json)
        {
            Screen.Write(page);
        }
        else if (page.Items().Any())
        {
            session.Screen.Table(["ALERT", "SEVERITY", "RULE", "SUBJECT", "SINCE", "STATE", "WHY"], page.Items().Select(Row));
        }
        else
        {
            session.Screen.Note("Nothing is wrong.");
        }

        return ExitCode.Ok;
    }

    private static Command Show()
    {
        var id = Id();
        return new Command("show", "An alert, and what became of each of its notices").Does(
            [id],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var detail = await api.GetAsync($"api/v1/alerts/{Uri.EscapeDataString(session.Parsed.GetValue(id)!)}", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(detail);
                    return ExitCode.Ok;
                }

                var alert = detail.GetProperty("alert");
                session.Screen.Line($"{Severity(alert)} {Words.Escape(alert.Text("rule"))} {Words.Escape(alert.Text("subject"))}");
                session.Screen.Line(Words.Escape(alert.Text("summary")));
                session.Screen.Table(
                    ["TOLD", "ROUTE", "DECIDED", "TAKEN", "TRIES", "NEXT TRY", "WHY NOT"],
                    detail.GetProperty("notices").EnumerateArray().Select(NoticeRow)
                );
                return ExitCode.Ok;
            }
        );
    }

    private static Command Acknowledge()
    {
        var id = Id();
        var comment = new Option<string?>("--comment") { Description = "What is done about it" };
        return new Command("ack", "Take note of an alert: it is repeated and escalated no more").Does(
            [id, comment],
            (session, cancellation) =>
                SendAsync(
                    session,
                    id,
                    "acknowledge",
                    session.Parsed.GetValue(comment) is { } text ? new JsonObject { ["comment"] = text } : [],
                    cancellation
                )
        );
    }

    private static Command Snooze()
    {
        var id = Id();
        var span = new Argument<string?>("for") { Description = "How long: 2h; nothing ends a snooze", Arity = ArgumentArity.ZeroOrOne };
        return new Command("snooze", "Tell nobody of an alert for a while").Does(
            [id, span],
            (session, cancellation) =>
            {
                var body = session.Parsed.GetValue(span) is { } text ? new JsonObject { ["for"] = text } : [];
                return SendAsync(session, id, "snooze", body, cancellation);
            }
        );
    }

    private static Command Silence()
    {
        var span = new Argument<string>("for") { Description = "How long: 1h" };
        var reason = new Argument<string>("reason") { Description = "Why: whoever wonders later reads it" };
        var subjects = new Option<string[]>("--subject") { Description = "About what, * for any text; all when left out" };
        var rules = new Option<string[]>("--rule") { Description = "Of which rules, * for any text; all when left out" };
        return new Command("silence", "Tell nobody of some alerts for a while: a maintenance window").Does(
            [span, reason, subjects, rules],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var body = new JsonObject
                {
                    ["for"] = session.Parsed.GetValue(span)!,
                    ["reason"] = session.Parsed.GetValue(reason)!,
                    ["subjects"] = Texts(session.Parsed.GetValue(subjects)),
                    ["rules"] = Texts(session.Parsed.GetValue(rules)),
                };
                var made = await api.SendAsync(HttpMethod.Post, "api/v1/silences", body, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(made);
                }
                else
                {
                    session.Screen.Note($"Silence {made.Text("id")} holds until {Words.Time(made.Instant("until"))}.");
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Silences()
    {
        var end = new Option<string?>("--end") { Description = "Ends the silence of this id" };
        return new Command("silences", "List what nobody is told of, now or to come").Does(
            [end],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                if (session.Parsed.GetValue(end) is { } id)
                {
                    await api.SendAsync(HttpMethod.Delete, $"api/v1/silences/{Uri.EscapeDataString(id)}", null, cancellation);
                    session.Screen.Note($"Silence {id} is over.");
                    return ExitCode.Ok;
                }

                var page = await api.GetAsync("api/v1/silences", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(page);
                }
                else
                {
                    session.Screen.Table(["SILENCE", "FROM", "UNTIL", "RULES", "SUBJECTS", "BY", "WHY"], page.Items().Select(SilenceRow));
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Settings()
    {
        var file = new Option<string?>("--file", "-f") { Description = "A JSON file with the new settings; - for standard input" };
        return new Command("settings", "Show whom alerts are told to, and when something counts as wrong; or replace that").Does(
            [file],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var path = session.Parsed.GetValue(file);
                if (path is null)
                {
                    Screen.Write(await api.GetAsync("api/v1/alert-settings", cancellation));
                    return ExitCode.Ok;
                }

                var text = path == "-" ? await Console.In.ReadToEndAsync(cancellation) : await File.ReadAllTextAsync(path, cancellation);
                await api.SendAsync(HttpMethod.Put, "api/v1/alert-settings", JsonNode.Parse(text), cancellation);
                session.Screen.Note("The settings of alerts are these from now on.");
                return ExitCode.Ok;
            }
        );
    }

    private static Command Test()
    {
        var route = new Argument<string>("route") { Description = "The route's name" };
        return new Command("test", "Tell a route, now and once, that this is a test").Does(
            [route],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var name = session.Parsed.GetValue(route)!;
                var trial = await api.SendAsync(
                    HttpMethod.Post,
                    $"api/v1/alert-routes/{Uri.EscapeDataString(name)}/test",
                    null,
                    cancellation
                );
                var taken = trial.GetProperty("taken").GetBoolean();
                if (session.Screen.Json)
                {
                    Screen.Write(trial);
                }
                else
                {
                    session.Screen.Note(taken ? $"{name} took the test." : $"{name} did not take the test: {trial.Text("error")}");
                }

                return taken ? ExitCode.Ok : ExitCode.Failed;
            }
        );
    }

    private static Argument<string> Id() => new("alert") { Description = "The alert's id" };

    private static async Task<int> SendAsync(
        Session session,
        Argument<string> id,
        string action,
        JsonObject body,
        CancellationToken cancellation
    )
    {
        var api = await session.ConnectAsync(cancellation);
        var alert = session.Parsed.GetValue(id)!;
        var answer = await api.SendAsync(HttpMethod.Post, $"api/v1/alerts/{Uri.EscapeDataString(alert)}/{action}", body, cancellation);
        if (session.Screen.Json)
        {
            Screen.Write(answer);
        }
        else
        {
            session.Screen.Note(
                $"{answer.Text("rule")} {answer.Text("subject")}: {answer.Text("state")}{(answer.Instant("snoozed_until") is { } until ? $", snoozed until {Words.Time(until)}" : "")}"
            );
        }

        return ExitCode.Ok;
    }

    private static JsonArray Texts(string[]? texts) => [.. (texts ?? []).Select(text => JsonValue.Create(text))];

    private static string[] Row(JsonElement alert) =>
        [
            Words.Escape(alert.Text("id")),
            Severity(alert),
            Words.Escape(alert.Text("rule")),
            Words.Escape(alert.Text("subject")),
            Words.Time(alert.Instant("since") ?? alert.Instant("opened_at")),
            Words.Escape(alert.Text("quiet") ?? alert.Text("state")),
            Words.Escape(alert.Text("summary")),
        ];

    private static string[] NoticeRow(JsonElement notice) =>
        [
            Words.Escape(notice.Text("kind")),
            Words.Escape(notice.Text("route")),
            Words.Time(notice.Instant("at")),
            Words.Time(notice.Instant("sent_at")),
            notice.GetProperty("tries").GetRawText(),
            Words.Time(notice.Instant("next_at")),
            Words.Escape(notice.Text("error")),
        ];

    private static string[] SilenceRow(JsonElement silence) =>
        [
            Words.Escape(silence.Text("id")),
            Words.Time(silence.Instant("from")),
            Words.Time(silence.Instant("until")),
            Words.Escape(Listed(silence, "rules")),
            Words.Escape(Listed(silence, "subjects")),
            Words.Escape(silence.Text("by")),
            Words.Escape(silence.Text("reason")),
        ];

    private static string Listed(JsonElement json, string key) =>
        json.GetProperty(key).GetArrayLength() == 0 ? "all" : string.Join(", ", json.GetProperty(key).EnumerateArray());

    private static string Severity(JsonElement alert) =>
        alert.Text("severity") switch
        {
            "critical" => "[red]critical[/]",
            "warning" => "[yellow]warning[/]",
            var other => Words.Escape(other),
        };
}
