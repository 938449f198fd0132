using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;
using Pontual.Engine.Audit;
using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Server.Composition;
using Pontual.Server.Demo;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual demo</c>: a server with example jobs and the services they call, and a line for every run.</summary>
internal static class DemoCommand
{
    private const int UsualPort = 8080;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    public static Command Create() =>
        new Command("demo", "Start a server with example jobs and show each run as it happens").Does(
            [],
            async (session, cancellation) =>
            {
                var data = DataFolder.OfDemo(session.Parsed.GetValue(GlobalOptions.Data));
                if (RunningServer.Find(data) is { } running)
                {
                    throw CommandFailure.Failed(
                        $"the demo runs already, on {running.Url} (process {running.Pid}). Stop that one first, or give another --data DIR."
                    );
                }

                var time = TimeProvider.System;
                await using var target = await DemoTarget.StartAsync(time, cancellation);
                await using var gateway = await DemoGateway.StartAsync(time, cancellation);
                var configuration = Configuration(data, session.Parsed.GetValue(GlobalOptions.Postgres));
                await using var app = await ServerStart.PrepareAsync(configuration, [DemoPack.File()], LogLevel.Critical, cancellation);
                var recap = await RecapAsync(app, time, cancellation);
                await RunAsync(session.Screen, app, recap, data, cancellation);
                return ExitCode.Ok;
            }
        );

    private static ServerConfiguration Configuration(string data, string? postgres) =>
        new()
        {
            DataFolder = data,
            PostgreSql = postgres,
            Urls = [$"http://127.0.0.1:{(IsFree(UsualPort) ? UsualPort : 0)}"],
            Engine = options => options.DrainTime = DrainTime,
        };

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<Recap> RecapAsync(WebApplication app, TimeProvider time, CancellationToken cancellation)
    {
        var services = app.Services;
        var recap = await Recap.ReadAsync(
            services.GetRequiredService<IJobStore>(),
            services.GetRequiredService<IRunViews>(),
            time.GetUtcNow(),
            cancellation
        );
        if (recap.IsFirst)
        {
            await services
                .GetRequiredService<JobEdits>()
                .PauseAsync(DemoPack.PausedJob, "nothing to send yet", new Actor("demo"), until: null, cancellation);
        }

        return recap;
    }

    private static async Task RunAsync(Screen screen, WebApplication app, Recap recap, string data, CancellationToken cancellation)
    {
        using var watching = new CancellationTokenSource();
        var greeted = new TaskCompletionSource();
        var lines = ShowAsync(screen, app.Services.GetRequiredService<RunFeed>(), greeted.Task, watching.Token);
        await ServerStart.StartAsync(app, cancellation);
        Greet(screen, PontualServer.UrlOf(app), recap, data, await PontualServer.FirstAdminLinkAsync(app, cancellation));
        greeted.SetResult();
        app.Lifetime.ApplicationStopping.Register(() =>
            screen.Line($"[grey]Stopping: no new runs; those that are active get {DrainTime.TotalSeconds:0} s.[/]")
        );
        await app.WaitForShutdownAsync(cancellation);
        await watching.CancelAsync();
        await lines;
        screen.Line($"Stopped. Jobs and history are kept in {Words.Escape(data)}; delete that folder to start afresh.");
    }

    private static void Greet(Screen screen, Uri url, Recap recap, string data, Uri? link)
    {
        var pontual = Environment.GetEnvironmentVariable("PONTUAL_COMMAND") is { Length: > 0 } typed ? typed : "pontual";
        var file = Path.Combine(data, DiscoveryFile.Name);
        screen.Line();
        screen.Line($"[bold]Pontual runs.[/] API and documentation: [bold blue]{Words.Escape(new Uri(url, "docs").ToString())}[/]");
        if (link is not null)
        {
            screen.Line($"Log in: choose a name and password once, within a day: [bold blue]{Words.Escape(link.ToString())}[/]");
        }

        if (url.Port != UsualPort)
        {
            screen.Line($"Port {UsualPort} is taken by another program, so it listens on {url.Port}.");
        }

        screen.Line(
            recap.IsFirst
                ? "The jobs are those of packs/demo.yaml; the first run is due within five seconds."
                : Words.Escape(recap.ToString())
        );
        screen.Line();
        screen.Line("From another terminal:");
        screen.Line($"  {Words.Escape(pontual)} job list");
        screen.Line($"  {Words.Escape(pontual)} run list --job import-slow");
        screen.Line(
            $"  {Words.Escape(pontual)} sessions list        [grey]# three simulated WhatsApp sessions; one drops every three minutes[/]"
        );
        screen.Line(
            $"  TOKEN=$(sed 's/.*\"token\":\"//; s/\".*//' {Words.Escape(file)})    [grey]# the local administrator's, new at each start[/]"
        );
        screen.Line($"  curl -H \"Authorization: Bearer $TOKEN\" {Words.Escape(new Uri(url, "api/v1/jobs").ToString())}");
        screen.Line();
        screen.Line("Each line below is a run. Ctrl-C stops; after a kill, start again and see what was missed.");
        screen.Line();
    }

    /// <summary>Listens from the first moment, and shows once the greeting stands.</summary>
    private static async Task ShowAsync(Screen screen, RunFeed feed, Task greeted, CancellationToken cancellation)
    {
        try
        {
            await foreach (var news in feed.ReadAsync(cancellation))
            {
                await greeted.WaitAsync(cancellation);
                if (RunLine.Of(news, screen.Width) is { } line)
                {
                    screen.Line(line);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server has stopped: there is no more news.
        }
    }
}
