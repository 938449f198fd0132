using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pontual.Engine.Alerts;
using Pontual.Engine.Circuits;
using Pontual.Engine.Executing;
using Pontual.Engine.Hosting;
using Pontual.Engine.Output;
using Pontual.Engine.Runs;
using Pontual.Messaging;
using Pontual.Messaging.Inbox;
using Pontual.Messaging.Retention;
using Pontual.Runners.Handler;
using Pontual.Runners.Http;
using Pontual.Runners.Notices;
using Pontual.Runners.Process;
using Pontual.Runners.Sql;
using Pontual.Runners.Worker;
using Pontual.Server.Access;
using Pontual.Server.Api;
using Pontual.Server.Channels;
using Pontual.Server.Checks;
using Pontual.Server.Compat;
using Pontual.Server.Health;
using Pontual.Server.Metrics;
using Pontual.Server.Packs;
using Pontual.Server.Pages;
using Pontual.Server.Realtime;
using Pontual.Server.RunLog;
using Pontual.Server.Watches;
using Pontual.Storage;

namespace Pontual.Server.Composition;

/// <summary>Puts Pontual into an ASP.NET Core application: store, runners and API, then the node itself.</summary>
public static class PontualRegistration
{
    /// <summary>Adds store, runners, API and access. The database is opened and migrated when the host starts, before anything else here.</summary>
    public static IServiceCollection AddPontual(this IServiceCollection services, ServerConfiguration configuration)
    {
        services.AddSingleton(configuration);
        services.TryAddSingleton<IRandomBytes, SystemRandomBytes>();
        services.TryAddSingleton<ISecrets>(_ => new Secrets(Environment.GetEnvironmentVariable));
        services.AddPontualStorage(
            new StorageOptions
            {
                SqlitePath = configuration.PostgreSql is null ? Path.Combine(configuration.DataFolder, "pontual.db") : null,
                PostgreSql = configuration.PostgreSql,
                Notifications = configuration.Notifications,
                Speed = configuration.Speed,
                Origin = configuration.Origin,
            }
        );
        services.AddHostedService<DatabaseStart>();
        services.AddHostedService<ExposureCheck>();
        services.AddAttemptOutputs(options => options.DataFolder = configuration.DataFolder);
        services.AddSingleton(new CircuitOptions { Enabled = configuration.Circuits, Rates = configuration.OutboundRates });
        services.AddHttpRunner(options => options.PublicOnly = configuration.PublicOnly);
        if (configuration.PostgreSql is not null)
        {
            services.AddPostSender();
        }

        services.AddHandlerRunner();
        if (configuration.DefaultTarget is { } standIn)
        {
            services.AddSingleton(new DefaultTarget(standIn));
        }

        services.AddProcessRunner();
        services.AddWorkerTarget();
        services.AddNoticeSenders(configuration.Heartbeat);
        services.AddSingleton(configuration.Retention);
        services.AddMessaging();
        services.AddSqlRunner(options => options.OwnPostgreSql = configuration.PostgreSql);
        services.AddAccess(configuration);
        if (configuration.Otlp is { } collector)
        {
            OtlpExport.AddTo(services, collector);
        }

        AddApi(services);
        return services;
    }

    /// <summary>Adds the engine and the note of where this server listens. In an executable of our own they start after the web server.</summary>
    public static IServiceCollection AddPontualNode(this IServiceCollection services, ServerConfiguration configuration)
    {
        services.AddSingleton<Listening>();
        services.AddHostedService(provider => provider.GetRequiredService<Listening>());
        if (configuration.RunLog is not RunLogLanguage.Off)
        {
            // Before the engine: it hears the first run, and stops after the last.
            services.AddHostedService<RunLogWriter>();
        }

        if ((configuration.Roles & (NodeRoles.Api | NodeRoles.Worker)) != NodeRoles.None)
        {
            services.AddInboxReading().AddMessagingRetention();
        }

        services.AddPontualAlerts();
        return services.AddPontualEngine(options =>
        {
            options.Roles = configuration.Roles;
            options.Lease.Disk = () => DataFolder.SpaceOf(configuration.DataFolder);
            configuration.Engine?.Invoke(options);
        });
    }

    /// <summary>Maps the API, health and documentation.</summary>
    public static void MapPontual(this WebApplication app)
    {
        UseProxies(app);
        app.UseSecurityHeaders();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseDocs();
        app.UseRealtime();
        app.UseRouting();
        app.UseAuthentication();
        app.UseCallerRates();
        app.UseAuthorization();
        app.UseAntiforgeryOfSessions();
        app.UseRouteValues();
        Tagged(app, "Health").MapHealth();
        Tagged(app, "Health").MapAlertHealth();
        app.MapPartsHealth();
        Tagged(app, "Health").MapChannelsHealth();
        Tagged(app, "Health").MapCircuitsHealth();
        Tagged(app, "Compatibility").MapCircuitsHistory();
        app.MapMetrics();
        var api = app.MapGroup("/api/v1");
        Tagged(api, "Runs").MapCallback();
        var configuration = app.Services.GetRequiredService<ServerConfiguration>();
        if (!configuration.Roles.HasFlag(NodeRoles.Api))
        {
            return;
        }

        Tagged(api, "Schedules").MapSchedules();
        Tagged(api, "Jobs").MapJobs();
        Tagged(api, "Jobs").MapWhy();
        Tagged(api, "Calendars").MapCalendars();
        Tagged(api, "Jobs").MapJobActions();
        Tagged(api, "Checks").MapChecks();
        app.MapPings();
        app.MapBadges();
        Tagged(api, "Runs").MapRuns();
        Tagged(api, "Runs").MapRunActions();
        Tagged(api, "Runs").MapOutput();
        Tagged(api, "Definitions").MapDefinitions();
        Tagged(api, "Tokens").MapTokens();
        Tagged(api, "Audit").MapAudit();
        Tagged(api, "Users").MapUsers();
        Tagged(api, "Users").MapUserSecrets();
        Tagged(api, "Session").MapSession();
        Tagged(api, "Queues").MapLimits();
        Tagged(api, "Nodes").MapNodes();
        Tagged(api, "Circuits").MapCircuits();
        Tagged(api, "Workers").MapWorkers();
        Tagged(app, "Compatibility").MapSyncCron();
        Tagged(app, "Compatibility").MapJobRoutes();
        Tagged(app, "Compatibility").MapWhatsAppMonitor(configuration.RoutePrefixes);
        Tagged(api, "Alerts").MapAlerts();
        Tagged(api, "Alerts").MapAlertSettings();
        Tagged(api, "Gateways").MapGateways();
        Tagged(api, "Channels").MapChannels();
        Tagged(api, "Channels").MapSessions();
        Tagged(api, "Channels").MapChannelTrust();
        Tagged(api, "Webhooks").MapWebhooks();
        app.MapWebhooksIn();
        Tagged(api, "Events").MapEvents();
        Tagged(app, "Events").MapRealtime();
        Tagged(app, "Definitions").MapSchema();
        app.MapOpenApiDocument();
        app.MapLoginPage();
        app.MapAdminLinkPage();
    }

    /// <summary>Callers are who the proxies in front say they are; whoever else sends such headers is not believed.</summary>
    private static void UseProxies(WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<ServerConfiguration>().Proxies;
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in proxies)
        {
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
    }

    private static void AddApi(IServiceCollection services)
    {
        services.AddRouting();
        services.AddProblemDetails();
        services.AddPontualOpenApi();
        services.AddSingleton(provider => PackChecks.By(provider.GetServices<IRunner>()));
        services.AddSingleton<PackGateways>();
        services.AddSingleton<ApplyDefinitions>();
        services.AddSingleton<CheckAddresses>();
        services.AddSingleton<PingRates>();
        services.AddSingleton<SyncCron>();
        services.AddSingleton<DocumentedJobs>();
        services.AddSingleton<JobJudge>();
        services.AddSingleton<JobHealth>();
        services.AddSingleton<AlertHealth>();
        services.AddWatches();
        services.AddSingleton<Readiness>();
        services.AddSingleton<MetricFacts>();
        services.AddSingleton<MetricBook>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricBook>());
        services.AddSingleton<RealtimePace>();
        services.AddSingleton<RealtimeRoom>();
        services.AddSingleton<EventHub>();
        services.AddHostedService(provider => provider.GetRequiredService<EventHub>());
        services.Configure<JsonOptions>(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            // Numbers are numbers: the framework's own setting would also take and describe them as texts.
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.Converters.Add(new InstantConverter());
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));
        });
    }

    /// <summary>The heading that the documentation page lists routes under.</summary>
    private static RouteGroupBuilder Tagged(IEndpointRouteBuilder routes, string heading) => routes.MapGroup("").WithTags(heading);
}
