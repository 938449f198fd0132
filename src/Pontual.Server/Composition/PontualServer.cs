using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Pontual.Server.Access;
using Pontual.Server.Realtime;
using Pontual.Storage.Database;

namespace Pontual.Server.Composition;

/// <summary>The server as a program: what <c>pontual serve</c> runs.</summary>
public static class PontualServer
{
    /// <summary>Longest a stop may take: the engine's drain, and a little.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);

    /// <summary>Puts a server together without starting it. It reads nothing but its configuration: no files, no environment.</summary>
    /// <param name="configuration">What it needs to know.</param>
    /// <param name="more">Adds or replaces services, after all others were added.</param>
    /// <exception cref="StartRefusedException">The configuration is wrong, or the data folder cannot be used.</exception>
    public static WebApplication Build(ServerConfiguration configuration, Action<IServiceCollection>? more = null)
    {
        ConfigurationRules.Check(configuration);
        DataFolder.Prepare(configuration.DataFolder);
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = Environments.Production }
        );
        Listen(builder.WebHost, configuration);
        Log(builder.Logging);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopTime);
        builder.Services.AddPontual(configuration);

        // What is added here starts after the web server and stops before it: a taken port starts no run, and a run that drains can still call back.
        builder.Host.ConfigureContainer<IServiceCollection>(
            (_, services) =>
            {
                services.AddPontualNode(configuration);
                more?.Invoke(services);
            }
        );
        var app = builder.Build();
        app.MapPontual();
        return app;
    }

    /// <summary>Runs a server until it is told to stop (SIGTERM, Ctrl-C or the token).</summary>
    /// <exception cref="StartRefusedException">It cannot start; the message says what to do.</exception>
    public static async Task RunAsync(WebApplication app, CancellationToken cancellation)
    {
        await StartAsync(app, cancellation);
        await app.WaitForShutdownAsync(cancellation);
    }

    /// <summary>Starts a server and returns when it answers.</summary>
    /// <exception cref="StartRefusedException">It cannot start; the message says what to do.</exception>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException problem) when (problem.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new StartRefusedException(
                $"Another program listens there already: {problem.Message} Stop it, or choose another address with --urls.",
                problem
            );
        }
        catch (Exception problem) when (problem is DatabaseException or OptionsValidationException)
        {
            throw new StartRefusedException(problem.Message, problem);
        }
        catch (Exception problem) when (problem is IOException or System.Net.Sockets.SocketException)
        {
            throw new StartRefusedException($"The server cannot listen: {problem.Message}", problem);
        }
    }

    /// <summary>Where a started server listens: the first address, its port as bound.</summary>
    public static Uri UrlOf(WebApplication app) => app.Services.GetRequiredService<Listening>().Url!;

    /// <summary>Where the first administrator of a started server is made, once and within a day; null where somebody administers it already. Secret: for whoever
    /// starts the server, not for logs that others read.</summary>
    public static async Task<Uri?> FirstAdminLinkAsync(WebApplication app, CancellationToken cancellation)
    {
        var path = await app.Services.GetRequiredService<AdminLinks>().OfferAsync(cancellation);
        var url = app.Services.GetRequiredService<ServerConfiguration>().PublicUrl ?? UrlOf(app);
        return path is null ? null : new Uri(url, path);
    }

    private static void Listen(IWebHostBuilder host, ServerConfiguration configuration) =>
        host.UseKestrelCore()
            .UseUrls([.. configuration.Urls])
            .ConfigureKestrel(options =>
            {
                options.AddServerHeader = false;
                options.Limits.MaxRequestBodySize = 1 << 20;
                options.Limits.MaxRequestHeaderCount = 64;
                options.Limits.MaxRequestHeadersTotalSize = 32 << 10;
                options.Limits.MaxRequestLineSize = 8 << 10;
                options.Limits.MaxConcurrentConnections = 1_000;
                options.Limits.MaxConcurrentUpgradedConnections = RealtimeRoom.MostSockets;
                options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
                options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
                options.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            });

    private static void Log(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // Start-up failures are told by whoever started the server, in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            options.ColorBehavior = LoggerColorBehavior.Default;
        });
    }
}
