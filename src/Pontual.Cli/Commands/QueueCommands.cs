using System.CommandLine;
using System.Text.Json;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual queue …</c> and <c>pontual limit …</c>: how full queues are, and what limits hold runs up.</summary>
internal static class QueueCommands
{
    public static Command Create() => CommandActions.Group("queue", "See how full queues are, and limit them", List(), Limit(), Unlimit());

    public static Command CreateLimits() => CommandActions.Group("limit", "See which limits hold runs up", Limits());

    private static Command List() =>
        new Command("list", "List queues that have runs or a limit").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var queues = await api.GetAsync("api/v1/queues", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(queues);
                    return ExitCode.Ok;
                }

                var rows = queues
                    .Items()
                    .Select(queue =>
                        new[]
                        {
                            Words.Escape(queue.Text("queue")),
                            Words.Escape(queue.Text("due")),
                            Words.Escape(queue.Text("waiting")),
                            Words.Escape(queue.Text("running")),
                            Words.Time(queue.Instant("oldest_due")),
                            Words.Escape(Bound(queue)),
                        }
                    );
                session.Screen.Table(["QUEUE", "DUE", "WAITING", "RUNNING", "OLDEST DUE", "LIMIT"], rows);
                return ExitCode.Ok;
            }
        );

    private static Command Limit()
    {
        var name = Name();
        var options = new LimitOptions("");
        return new Command("limit", "Limit a queue over all nodes").Does(
            [name, .. options.All],
            async (session, cancellation) =>
            {
                var body = options.Read(session.Parsed, []) ?? throw CommandFailure.Usage("give --at-once, --rate, or both.");
                var api = await session.ConnectOrOpenAsync(mayCreate: true, cancellation);
                var limit = await api.SendAsync(HttpMethod.Put, PathOf(session.Parsed.GetValue(name)!), body, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(limit);
                }
                else
                {
                    session.Screen.Note($"Queue {session.Parsed.GetValue(name)} is limited: {Shown(limit)}.");
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Unlimit()
    {
        var name = Name();
        return new Command("unlimit", "Take a queue's limit away").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                await api.SendAsync(HttpMethod.Delete, PathOf(session.Parsed.GetValue(name)!), null, cancellation);
                session.Screen.Note($"Queue {session.Parsed.GetValue(name)} has no limit.");
                return ExitCode.Ok;
            }
        );
    }

    private static Command Limits() =>
        new Command("list", "List limits of queues and keys with their use").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var limits = await Pages.ReadAllAsync(api, "api/v1/limits?limit=500", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(limits);
                    return ExitCode.Ok;
                }

                var rows = limits
                    .Items()
                    .Select(limit =>
                        new[]
                        {
                            Words.Escape(limit.Text("scope")),
                            Words.Escape(limit.Text("name")),
                            Words.Escape(limit.Text("words")),
                            Words.Escape(limit.Text("active")),
                            Words.Escape(limit.Text("waiting")),
                            Words.Time(limit.Instant("next_at")),
                        }
                    );
                session.Screen.Table(["OF", "NAME", "LIMIT", "ACTIVE", "WAITING", "NEXT START"], rows);
                return ExitCode.Ok;
            }
        );

    private static string? Bound(JsonElement queue) =>
        queue.Member("limit") is { ValueKind: JsonValueKind.Object } limit ? Shown(limit) : null;

    private static string Shown(JsonElement limit) =>
        string.Join(", ", limit.EnumerateObject().Select(part => $"{part.Name} {part.Value}"));

    private static Argument<string> Name() => new("queue") { Description = "The queue's name" };

    private static string PathOf(string queue) => $"api/v1/queues/{Uri.EscapeDataString(queue)}/limit";
}
