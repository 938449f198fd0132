using System.CommandLine;
using System.Globalization;
using Pontual.Cli.Terminal;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual gateway simulate</c>: all gateways in one process, to try Pontual without a phone, with anything let go wrong on demand.</summary>
internal static class GatewaySimulate
{
    private const int UsualPort = 8443;

    public static Command Create()
    {
        var port = CommandActions.Count("--port", "The port of this machine to listen on", usual: UsualPort, most: 65_535);
        var sessions = CommandActions.Count("--sessions", "How many sessions each gateway has", usual: 2, least: 0, most: 100);
        var seed = CommandActions.Count("--seed", "What ids and small differences in time are drawn from", usual: 1, most: int.MaxValue);
        return new Command("simulate", "Run simulated gateways to try things with: no phone, no WhatsApp").Does(
            [port, sessions, seed],
            async (session, cancellation) =>
            {
                var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{session.Parsed.GetValue(port)}");
                await using var gateways = await StartAsync(url, session.Parsed.GetValue(seed), cancellation);
                foreach (var kind in gateways.Kinds)
                {
                    for (var number = 1; number <= session.Parsed.GetValue(sessions); number++)
                    {
                        gateways.Add(
                            kind,
                            IdOf(kind, number),
                            string.Create(CultureInfo.InvariantCulture, $"55119{(int)kind}0000{number:000}")
                        );
                    }
                }

                Greet(session.Screen, gateways);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
                return ExitCode.Ok;
            }
        );
    }

    private static async Task<SimulatedGateway> StartAsync(string url, int seed, CancellationToken cancellation)
    {
        try
        {
            return await SimulatedGateway.StartAsync(
                new SimulationOptions
                {
                    Seed = seed,
                    Time = TimeProvider.System,
                    Url = url,
                },
                cancellation
            );
        }
        catch (IOException problem)
        {
            throw CommandFailure.Usage($"It cannot listen on {url}: {problem.Message} Choose another port with --port.");
        }
    }

    // The Cloud API calls numbers by numbers.
    private static string IdOf(GatewayKind kind, int number) =>
        kind is GatewayKind.CloudApi
            ? string.Create(CultureInfo.InvariantCulture, $"10000{number:000}")
            : string.Create(CultureInfo.InvariantCulture, $"session{number}");

    private static void Greet(Screen screen, SimulatedGateway gateways)
    {
        screen.Table(
            ["GATEWAY", "URL", "KEY"],
            gateways.Kinds.Select(kind =>
                new[] { kind.Word(), Words.Escape(gateways.UrlOf(kind).ToString()), Words.Escape(SimulatedGateway.KeyOf(kind)) }
            )
        );
        screen.Line();
        screen.Line("Connect one, with its key in the environment of the server:");
        screen.Line(
            $"  pontual gateway set sim --kind evolution --url {Words.Escape(gateways.UrlOf(GatewayKind.Evolution).ToString())} --secret '${{env:SIM_KEY}}'"
        );
        screen.Line("Let something go wrong:");
        screen.Line(
            $"  curl {Words.Escape(gateways.Url)}/control/faults -H 'Content-Type: application/json' -d '{{\"gateway\":\"evolution\",\"session\":\"session1\",\"fault\":\"drop\"}}'"
        );
        screen.Line("Ctrl-C stops it; nothing is kept.");
    }
}
