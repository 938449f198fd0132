using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual nodes</c>: the processes of the system, and how each does.</summary>
internal static class NodesCommand
{
    private const long OffMs = 1_000;

    public static Command Create() =>
        new Command("nodes", "List the nodes seen in the last day: roles, versions, clocks and what each runs").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var nodes = await api.GetAsync("api/v1/nodes", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(nodes);
                    return ExitCode.Ok;
                }

                var (_, health) = await api.ProbeAsync("health", cancellation);
                if (health.Member("schedule") is { } schedule)
                {
                    session.Screen.Note(
                        $"TEST MODE: due times go {schedule.Number("speed")} times as fast as real time; "
                            + $"by the schedules it is {Words.Time(schedule.Instant("now"))}."
                    );
                }

                session.Screen.Table(
                    ["NODE", "STATE", "ROLES", "VERSION", "STARTED", "LAST SEEN", "CLOCK", "ACTIVE", "REFUSED"],
                    nodes.Items().Select(Row)
                );
                return ExitCode.Ok;
            }
        );

    private static string[] Row(JsonElement node) =>
        [
            Words.Escape(node.Text("id")),
            State(node.Text("state")),
            Words.Escape(string.Join(',', node.Items("roles").Select(role => role.ToString()))),
            Words.Escape(node.Text("version")?.Split('+')[0]),
            Words.Time(node.Instant("started_at")),
            Words.Time(node.Instant("seen_at")),
            Clock(node.Number("clock_offset_ms")),
            Words.Escape(node.Number("active_attempts")?.ToString(CultureInfo.InvariantCulture)),
            node.Number("refused_writes") is > 0 and var refused ? $"[yellow]{refused}[/]" : "0",
        ];

    private static string State(string? state) =>
        state switch
        {
            "alive" => "[green]alive[/]",
            "lost" => "[red]lost[/]",
            "draining" => "[yellow]draining[/]",
            _ => Words.Escape(state),
        };

    private static string Clock(double? offset) =>
        offset is not { } off ? ""
        : Math.Abs(off) > OffMs ? $"[red]{off:+0;-0} ms[/]"
        : $"{off:+0;-0;0} ms";
}
