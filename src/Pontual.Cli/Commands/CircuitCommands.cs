using System.CommandLine;
using System.Text.Json;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual circuits …</c>: which hosts and services outside are not called, since when and why.</summary>
internal static class CircuitCommands
{
    public static Command Create()
    {
        var circuits = new Command("circuits", "See which hosts and services outside are not called, since when and why").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                Show(
                    session.Screen,
                    await api.GetAsync("api/v1/circuits", cancellation),
                    ["CIRCUIT", "STATE", "SINCE", "NEXT CALL", "NODE", "WHY"],
                    Row
                );
                return ExitCode.Ok;
            }
        );
        circuits.Add(History());
        circuits.Add(Reset());
        return circuits;
    }

    private static Command History()
    {
        var name = new Argument<string?>("circuit")
        {
            Description = "The circuit's name; all when left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return new Command("history", "List when circuits opened and closed, the latest first").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var of = session.Parsed.GetValue(name) is { } one ? $"&circuit_name={Uri.EscapeDataString(one)}" : "";
                var changes = await api.GetAsync($"api/v1/circuits/history?limit=500{of}", cancellation);
                Show(session.Screen, changes, ["WHEN", "CIRCUIT", "FROM", "TO", "BY", "WHY"], ChangeRow);
                return ExitCode.Ok;
            }
        );
    }

    private static Command Reset()
    {
        var name = new Argument<string>("circuit") { Description = "The circuit's name: https://api.example.com, evolution" };
        return new Command("reset", "Close a circuit by hand, and end the wait that an answer of 429 asked for").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var circuit = session.Parsed.GetValue(name)!;
                await api.SendAsync(
                    HttpMethod.Post,
                    $"api/v1/circuits/reset?circuit_name={Uri.EscapeDataString(circuit)}",
                    null,
                    cancellation
                );
                session.Screen.Note($"Circuit {circuit} is closed; all nodes follow within 2 s.");
                return ExitCode.Ok;
            }
        );
    }

    private static void Show(Screen screen, JsonElement page, string[] heads, Func<JsonElement, string[]> row)
    {
        if (screen.Json)
        {
            Screen.Write(page);
        }
        else
        {
            screen.Table(heads, page.Items().Select(row));
        }
    }

    private static string[] Row(JsonElement circuit) =>
        [
            Words.Escape(circuit.Text("name")),
            State(circuit.Text("state")),
            Words.Time(circuit.Instant("since")),
            Words.Time(circuit.Instant("held_until") ?? circuit.Instant("until")),
            Words.Escape(circuit.Text("node")),
            Words.Escape(circuit.Instant("held_until") is null ? circuit.Text("reason") : "it answered 429"),
        ];

    private static string[] ChangeRow(JsonElement change) =>
        [
            Words.Time(change.Instant("at")),
            Words.Escape(change.Text("circuit")),
            State(change.Text("before")),
            State(change.Text("after")),
            Words.Escape(change.Text("by")),
            Words.Escape(change.Text("reason")),
        ];

    private static string State(string? state) =>
        state switch
        {
            "closed" => "[green]closed[/]",
            "open" => "[red]open[/]",
            "half-open" => "[yellow]half-open[/]",
            _ => Words.Escape(state),
        };
}
