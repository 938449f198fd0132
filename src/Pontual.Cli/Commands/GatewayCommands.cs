using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual gateway …</c>: gateways of WhatsApp.</summary>
internal static class GatewayCommands
{
    private const string Path = "api/v1/gateways";
    private static readonly string[] SessionKeys = ["id", "state", "raw", "name", "phone", "note"];

    public static Command Create() =>
        CommandActions.Group(
            "gateway",
            "Connect gateways of WhatsApp, and try them",
            List(),
            Show(),
            Set(),
            Test(),
            Delete(),
            GatewaySimulate.Create()
        );

    private static Command List() =>
        new Command("list", "List gateways and whether they answer").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var gateways = await api.GetAsync(Path, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(gateways);
                }
                else if (gateways.Items().Any())
                {
                    session.Screen.Table(["GATEWAY", "KIND", "URL", "ANSWERED", "SINCE THEN"], gateways.Items().Select(Row));
                }
                else
                {
                    session.Screen.Note("No gateways yet: 'pontual gateway set main --kind evolution --url URL --secret \'${env:NAME}\''.");
                }

                return ExitCode.Ok;
            }
        );

    private static Command Show()
    {
        var name = Name();
        return new Command("show", "Show a gateway, and where its webhooks come to").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var gateway = await api.GetAsync(PathOf(session.Parsed.GetValue(name)!), cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(gateway);
                }
                else
                {
                    session.Screen.Facts(Facts(gateway));
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Set()
    {
        var name = Name();
        var kind = JobOptions.Text("--kind", "wrapper, wppconnect, evolution, waha or cloud-api", "KIND");
        var url = JobOptions.Text("--url", "Its base address; may be ${env:NAME}", "URL");
        var secret = JobOptions.Text("--secret", "The reference to its key: ${env:NAME} or ${file:PATH}", "REFERENCE");
        var account = JobOptions.Text("--account", "cloud-api: the business account (WABA)", "ID");
        var webhookSecret = JobOptions.Text("--webhook-secret", "The reference to what its webhooks are signed with", "REFERENCE");
        var leave = new Option<bool>("--no-webhooks") { Description = "Leave alone where webhooks of its sessions go" };
        return new Command("set", "Define or replace a gateway").Does(
            [name, kind, url, secret, account, webhookSecret, leave],
            async (session, cancellation) =>
            {
                var body = new JsonObject { ["name"] = session.Parsed.GetValue(name) };
                JobOptions.Set(body, "kind", session.Parsed.GetValue(kind));
                JobOptions.Set(body, "url", session.Parsed.GetValue(url));
                JobOptions.Set(body, "secret", session.Parsed.GetValue(secret));
                JobOptions.Set(body, "account", session.Parsed.GetValue(account));
                JobOptions.Set(body, "webhook-secret", session.Parsed.GetValue(webhookSecret));
                if (session.Parsed.GetValue(leave))
                {
                    body["webhooks"] = false;
                }

                var api = await session.ConnectAsync(cancellation);
                var gateway = await api.SendAsync(HttpMethod.Put, PathOf(session.Parsed.GetValue(name)!), body, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(gateway);
                }
                else
                {
                    session.Screen.Facts(Facts(gateway));
                    session.Screen.Note(
                        $"'pontual gateway test {gateway.Text("name")}' tries it; 'pontual sessions check' takes its channels over."
                    );
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Test()
    {
        var name = Name();
        return new Command("test", "Ask a gateway for its sessions, and say why it cannot be asked").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var trial = await api.PostAsync($"{PathOf(session.Parsed.GetValue(name)!)}/test", null, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(trial);
                }
                else if (trial.Flag("works"))
                {
                    session.Screen.Table(
                        ["SESSION", "STATE", "IT SAYS", "NAME", "PHONE", "NOTE"],
                        trial.Items("sessions").Select(SessionRow)
                    );
                }
                else
                {
                    session.Screen.Note($"{trial.Text("fault")}: {trial.Text("detail")}");
                }

                return trial.Flag("works") ? ExitCode.Ok : ExitCode.Failed;
            }
        );
    }

    private static Command Delete()
    {
        var name = Name();
        return new Command("delete", "Remove a gateway; its channels stay, retired, with their history").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                await api.SendAsync(HttpMethod.Delete, PathOf(session.Parsed.GetValue(name)!), null, cancellation);
                session.Screen.Note($"{session.Parsed.GetValue(name)} is removed.");
                return ExitCode.Ok;
            }
        );
    }

    private static Argument<string> Name() => new("name") { Description = "The gateway's name" };

    private static string PathOf(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    private static string[] Row(JsonElement gateway) =>
        [
            Words.Escape(gateway.Text("name")),
            Words.Escape(gateway.Text("kind")),
            Words.Escape(gateway.Text("url")),
            Words.Time(gateway.Instant("answered_at")),
            gateway.Text("fault_detail") is { } fault ? $"[red]{Words.Escape(fault)}[/]" : "",
        ];

    private static string[] SessionRow(JsonElement session) => [.. SessionKeys.Select(key => Words.Escape(session.Text(key)))];

    private static IEnumerable<(string Name, string? Value)> Facts(JsonElement gateway)
    {
        yield return ("Gateway", Words.Escape(gateway.Text("name")));
        yield return ("Kind", Words.Escape(gateway.Text("kind")));
        yield return ("URL", Words.Escape(gateway.Text("url")));
        yield return ("Secret", Words.Escape(gateway.Text("secret")));
        yield return ("Webhooks come to", Words.Escape(gateway.Text("webhook_url")));
        yield return ("Verify token", gateway.Text("verify_token") is { } token ? Words.Escape(token) : null);
        yield return ("Answered", Words.Time(gateway.Instant("answered_at")));
        yield return ("Fault", gateway.Text("fault_detail") is { } fault ? $"[red]{Words.Escape(fault)}[/]" : null);
    }
}
