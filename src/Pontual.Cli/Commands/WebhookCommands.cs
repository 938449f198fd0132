using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual webhooks …</c>: what gateways told, whether it could be read, and reading it again.</summary>
internal static class WebhookCommands
{
    public static Command Create() => new("webhooks", "See what gateways told, and have it read again") { List(), Show(), Replay() };

    private static Command List()
    {
        var which = new Which(mayBeReceived: true);
        return new Command("list", "What gateways told, newest first").Does(
            which.Options,
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var filters = which.Of(session).Select(one => $"&{one.Key}={Uri.EscapeDataString(one.Value)}");
                var page = await api.GetAsync($"api/v1/webhooks?limit=100{string.Concat(filters)}", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(page);
                }
                else if (page.Items().Any())
                {
                    session.Screen.Table(["WEBHOOK", "CAME", "GATEWAY", "SESSION", "EVENT", "STATE", "WHY"], page.Items().Select(Row));
                }
                else
                {
                    session.Screen.Note("No gateway told anything of the kind.");
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Show()
    {
        var id = new Argument<string>("webhook") { Description = "The webhook's id" };
        return new Command("show", "A webhook with what came").Does(
            [id],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var detail = await api.GetAsync($"api/v1/webhooks/{Uri.EscapeDataString(session.Parsed.GetValue(id)!)}", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(detail);
                    return ExitCode.Ok;
                }

                var webhook = detail.GetProperty("webhook");
                session.Screen.Table(["WEBHOOK", "CAME", "GATEWAY", "SESSION", "EVENT", "STATE", "WHY"], [Row(webhook)]);
                foreach (var header in detail.GetProperty("headers").EnumerateObject())
                {
                    session.Screen.Line($"{Words.Escape(header.Name)}: {Words.Escape(header.Value.GetString())}");
                }

                session.Screen.Line(Words.Escape(detail.Text("payload") ?? detail.Text("payload_base64")));
                return ExitCode.Ok;
            }
        );
    }

    private static Command Replay()
    {
        var id = new Argument<string?>("webhook") { Description = "One webhook's id", Arity = ArgumentArity.ZeroOrOne };
        var which = new Which(mayBeReceived: false);
        return new Command("replay", "Have webhooks read again: what they told before is told once").Does(
            [id, .. which.Options],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var body = new JsonObject();
                foreach (var (key, value) in which.Of(session))
                {
                    body[key] = value;
                }

                if (session.Parsed.GetValue(id) is { } one)
                {
                    body["id"] = one;
                }

                var answer = await api.SendAsync(HttpMethod.Post, "api/v1/webhooks/replay", body, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(answer);
                }
                else
                {
                    session.Screen.Note($"{answer.GetProperty("replayed").GetRawText()} webhooks are read again.");
                }

                return ExitCode.Ok;
            }
        );
    }

    private static string[] Row(JsonElement webhook) =>
        [
            Words.Escape(webhook.Text("id")),
            Words.Time(webhook.Instant("received_at")),
            Words.Escape(webhook.Text("gateway")),
            Words.Escape(webhook.Text("session")),
            Words.Escape(webhook.Text("event")),
            State(webhook),
            Words.Escape(webhook.Text("error")),
        ];

    private static string State(JsonElement webhook) =>
        webhook.Text("state") switch
        {
            "failed" => "[red]failed[/]",
            "refused" => "[yellow]refused[/]",
            var other => Words.Escape(other),
        };

    /// <summary>The options that say which webhooks.</summary>
    private sealed class Which(bool mayBeReceived)
    {
        private readonly Option<string?>[] _options =
        [
            new("--state") { Description = mayBeReceived ? "received, read, failed or refused" : "failed, refused or read" },
            new("--gateway") { Description = "Of this gateway" },
            new("--session") { Description = "About this session, as the gateway calls it" },
            new("--from") { Description = "That came from this instant on: 2026-01-31T09:00:00Z" },
            new("--to") { Description = "That came before this instant" },
        ];

        public Symbol[] Options => [.. _options];

        public IEnumerable<KeyValuePair<string, string>> Of(Session session) =>
            from option in _options
            let value = session.Parsed.GetValue(option)
            where value is not null
            select KeyValuePair.Create(option.Name[2..], value);
    }
}
