using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Cli.Configuration;
using Pontual.Cli.Connection;
using Pontual.Engine.Executing;
using Pontual.Engine.Hosting;
using Pontual.Messaging.Retention;
using Pontual.Server.Composition;
using Pontual.Server.Packs;
using Pontual.Server.RunLog;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual serve</c>: a server in the foreground, until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var options = new ServeOptions();
        return new Command("serve", "Start a server in the foreground").Does(
            options.All,
            async (session, cancellation) =>
            {
                if (session.Parsed.GetValue(options.Origin) is not null && session.Parsed.GetValue(options.Speed) is null)
                {
                    throw CommandFailure.Usage("--from is the time at which a system at a speed begins: give --speed too.");
                }

                var secrets = new Secrets(Environment.GetEnvironmentVariable);
                var told = await ServeSettings.ReadAsync(
                    session.Parsed.GetValue(options.Config),
                    options.Given(session.Parsed),
                    Environment.GetEnvironmentVariables(),
                    secrets,
                    cancellation
                );
                var configuration = Configuration(told.Settings) with
                {
                    Speed = session.Parsed.GetValue(options.Speed),
                    Origin = session.Parsed.GetValue(options.Origin),
                };
                await using var app = await ServerStart.PrepareAsync(configuration, told.Files, LogLevel.Information, cancellation);
                Tell(app, EnvironmentSettings.Ignored(Environment.GetEnvironmentVariables()));
                await ServerStart.StartAsync(app, cancellation);
                session.Screen.Note(
                    $"Pontual answers on {PontualServer.UrlOf(app)} (API and documentation: {new Uri(PontualServer.UrlOf(app), "docs")})."
                );
                if (await PontualServer.FirstAdminLinkAsync(app, cancellation) is { } link)
                {
                    session.Screen.Note($"Nobody administers it yet. The first administrator is made here, once and within a day: {link}");
                }

                session.Screen.Note($"Its data is in {configuration.DataFolder}. Stop it with Ctrl-C.");
                await app.WaitForShutdownAsync(cancellation);
                return ExitCode.Ok;
            }
        );
    }

    private static ServerConfiguration Configuration(ServerSettings settings) =>
        new()
        {
            DataFolder = DataFolder.Of(settings.Data),
            Urls = settings.Urls ?? [ServerConfiguration.DefaultUrl],
            PublicUrl = settings.PublicUrl,
            Proxies = settings.Proxies ?? [],
            PostgreSql = settings.Postgres,
            Notifications = settings.Notifications ?? true,
            AdminToken = Environment.GetEnvironmentVariable("PONTUAL_ADMIN_TOKEN") is { Length: > 0 } token ? token : null,
            Roles = RoleRule.Of(settings.Roles, Environment.GetEnvironmentVariable),
            PublicOnly = settings.PublicOnly ?? false,
            OutboundRates = settings.OutboundRates ?? ServerConfiguration.NoRates,
            Circuits = settings.Circuits ?? true,
            Heartbeat = settings.Heartbeat,
            RateLimit = settings.RateLimit is { } rate ? (rate == default ? null : rate) : ServerConfiguration.DefaultRateLimit,
            OpenMetrics = settings.OpenMetrics ?? false,
            Otlp = settings.Otlp,
            Origins = settings.Origins ?? [],
            RoutePrefixes = settings.RoutePrefixes ?? ServerConfiguration.DefaultRoutePrefixes,
            RunLog = settings.RunLog ?? RunLogLanguage.Off,
            DefaultTarget = settings.DefaultTarget,
            Retention = RetentionOf(settings),
            Engine = options => Tell(options, settings),
        };

    private static RetentionOptions RetentionOf(ServerSettings settings)
    {
        var usual = new RetentionOptions();
        return new RetentionOptions
        {
            Webhooks = settings.WebhookRetention ?? usual.Webhooks,
            FailedWebhooks = settings.FailedWebhookRetention ?? usual.FailedWebhooks,
            Messages = settings.MessageRetention ?? usual.Messages,
            Outages = settings.OutageRetention ?? usual.Outages,
            Scores = settings.TrustRetention ?? usual.Scores,
        };
    }

    private static void Tell(WebApplication app, IEnumerable<string> ignored)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ServeCommand).FullName!);
        foreach (var name in ignored)
        {
            logger.VariableIgnored(name);
        }
    }

    private static void Tell(EngineOptions options, ServerSettings settings)
    {
        options.DrainTime = settings.Drain ?? options.DrainTime;
        options.Upkeep.KeepHistory = settings.Retention ?? options.Upkeep.KeepHistory;
        options.Upkeep.KeepEvents = settings.EventRetention ?? options.Upkeep.KeepEvents;
        options.Upkeep.StuckAfter = settings.StuckAfter ?? options.Upkeep.StuckAfter;
        options.Claiming.Concurrency = settings.Concurrency ?? options.Claiming.Concurrency;
        foreach (var (queue, limit) in settings.Queues ?? new Dictionary<string, int>(StringComparer.Ordinal))
        {
            options.Claiming.Queues[queue] = limit;
        }
    }
}
