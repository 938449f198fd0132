using System.CommandLine;
using System.Net;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual health</c>: whether the server and its jobs are well; 0 when they are, 1 when not.</summary>
internal static class HealthCommand
{
    public static Command Create() =>
        new Command("health", "Say whether the server and its jobs are well (exit code 0 or 1)").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var (ready, _) = await api.ProbeAsync("health/ready", cancellation);
                var (status, jobs) = await api.ProbeAsync("health/jobs", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(jobs);
                }
                else
                {
                    session.Screen.Line(
                        $"server  {(ready is HttpStatusCode.OK ? "[green]ready[/]" : "[red]not ready[/]")}  {Words.Escape(api.Server.ToString())}"
                    );
                    session.Screen.Line($"jobs    {Words.Escape(jobs.Text("status") ?? status.ToString())}");
                }

                return ready is HttpStatusCode.OK && status is HttpStatusCode.OK ? ExitCode.Ok : ExitCode.Failed;
            }
        );
}
