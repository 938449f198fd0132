using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual sessions …</c>: channels, and whether their sessions live (S3-03 to S3-05, S4-06).</summary>
internal static class SessionCommands
{
    private const string Path = "api/v1/channels";

    public static Command Create() =>
        CommandActions.Group(
            "sessions",
            "See whether sessions of WhatsApp live, and bring them back",
            SessionCheckCommand.Create(),
            List(),
            Show(),
            Outages(),
            SessionTrust.Create(),
            Pause(),
            Resume(),
            Cure(),
            LogOut(),
            SessionQr.Create(),
            SessionMonitor.Create()
        );

    public static Argument<string> Name() => new("channel") { Description = "The channel's name" };

    public static string PathOf(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    private static Command List() =>
        new Command("list", "List channels, how each is, and the last signs of life").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var channels = await Pages.ReadAllAsync(api, $"{Path}?limit=500", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(channels);
                }
                else if (channels.Items().Any())
                {
                    session.Screen.Table(SessionView.Heads, channels.Items().Select(SessionView.Row));
                }
                else
                {
                    session.Screen.Note("No channels yet: connect a gateway with 'pontual gateway set', then 'pontual sessions check'.");
                }

                return ExitCode.Ok;
            }
        );

    private static Command Show()
    {
        var name = Name();
        return new Command("show", "Show a channel with all the evidence").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var channel = await api.GetAsync(PathOf(session.Parsed.GetValue(name)!), cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(channel);
                }
                else
                {
                    session.Screen.Facts(SessionView.Facts(channel));
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Outages()
    {
        var name = Name();
        return new Command("outages", "List when a channel did not work, what cured it, and what became of messages meanwhile").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var outages = await api.GetAsync($"{PathOf(session.Parsed.GetValue(name)!)}/outages?limit=100", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(outages);
                }
                else if (outages.Items().Any())
                {
                    session.Screen.Table(
                        ["FROM", "UNTIL", "STATE", "TRIED", "CURED BY", "MESSAGES", "WHY"],
                        outages.Items().Select(SessionView.OutageRow)
                    );
                }
                else
                {
                    session.Screen.Note("It has always worked.");
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Pause()
    {
        var name = Name();
        var reason = JobOptions.Text("--reason", "Why, for whoever looks later", "TEXT");
        var until = JobOptions.Text("--until", "When it goes on by itself, such as 2026-12-01T09:00:00Z", "TIME");
        return new Command("pause", "Send nothing through a channel and cure nothing of it").Does(
            [name, reason, until],
            (session, cancellation) =>
            {
                var body = new JsonObject();
                JobOptions.Set(body, "reason", session.Parsed.GetValue(reason));
                JobOptions.Set(body, "until", session.Parsed.GetValue(until));
                return ActAsync(session, name, "pause", body, channel => $"{channel.Text("name")} is paused.", cancellation);
            }
        );
    }

    private static Command Resume()
    {
        var name = Name();
        return new Command("resume", "End the pause of a channel").Does(
            [name],
            (session, cancellation) => ActAsync(session, name, "resume", null, channel => $"{channel.Text("name")} goes on.", cancellation)
        );
    }

    private static Command Cure()
    {
        var name = Name();
        var step = JobOptions.Text("--step", "set-webhook, nudge, restart or stop-start; the mildest that reconnects unless given", "STEP");
        return new Command("cure", "Try a step by hand; refused while the platform restricts the number").Does(
            [name, step],
            (session, cancellation) =>
            {
                var body = new JsonObject();
                JobOptions.Set(body, "step", session.Parsed.GetValue(step));
                return ActAsync(
                    session,
                    name,
                    "cure",
                    body,
                    cured =>
                        $"{cured.Text("step")} was tried with {cured.Text("channel")}; 'pontual sessions check' sees whether it helped.",
                    cancellation
                );
            }
        );
    }

    private static Command LogOut()
    {
        var name = Name();
        return new Command("logout", "Unpair a session at its gateway: it has to be paired anew with the phone").Does(
            [name],
            (session, cancellation) => ActAsync(session, name, "logout", null, _ => "It is unpaired.", cancellation)
        );
    }

    private static async Task<int> ActAsync(
        Session session,
        Argument<string> name,
        string verb,
        JsonNode? body,
        Func<JsonElement, string> line,
        CancellationToken cancellation
    )
    {
        var api = await session.ConnectAsync(cancellation);
        var answer = await api.PostAsync($"{PathOf(session.Parsed.GetValue(name)!)}/{verb}", body, cancellation);
        if (session.Screen.Json)
        {
            Screen.Write(answer);
        }
        else
        {
            session.Screen.Line(Words.Escape(line(answer)));
        }

        return ExitCode.Ok;
    }
}
