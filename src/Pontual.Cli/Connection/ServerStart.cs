using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pontual.Cli.Commands;
using Pontual.Engine.Audit;
using Pontual.Server.Composition;
using Pontual.Server.Packs;
using Pontual.Storage.Database;
using Pontual.Storage.Migrations;

namespace Pontual.Cli.Connection;

/// <summary>Puts a server together and brings its database and jobs up to date, before it plans or answers anything.</summary>
internal static class ServerStart
{
    /// <summary>Builds a server, migrates its database and applies its files of jobs.</summary>
    /// <param name="configuration">What the server is told.</param>
    /// <param name="packs">Files of jobs to apply; all or none of them.</param>
    /// <param name="logs">The least level that is logged.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="CommandFailure">It cannot start, or a file is wrong.</exception>
    public static async Task<WebApplication> PrepareAsync(
        ServerConfiguration configuration,
        IReadOnlyList<PackFile> packs,
        LogLevel logs,
        CancellationToken cancellation
    )
    {
        var app = await ExplainedAsync(() =>
            Task.FromResult(
                PontualServer.Build(configuration, services => services.Configure<LoggerFilterOptions>(filter => filter.MinLevel = logs))
            )
        );
        try
        {
            await ExplainedAsync(() => app.Services.GetRequiredService<Migrator>().MigrateAsync(cancellation));
            await ApplyAsync(app, packs, cancellation);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server that was prepared.</summary>
    /// <exception cref="CommandFailure">It cannot start.</exception>
    public static Task StartAsync(WebApplication app, CancellationToken cancellation) =>
        ExplainedAsync(async () =>
        {
            await PontualServer.StartAsync(app, cancellation);
            return true;
        });

    private static async Task ApplyAsync(WebApplication app, IReadOnlyList<PackFile> packs, CancellationToken cancellation)
    {
        if (packs.Count == 0)
        {
            return;
        }

        var apply = app.Services.GetRequiredService<ApplyDefinitions>();
        var by = Actor.Product with { Reason = $"started with {string.Join(", ", packs.Select(pack => pack.Name))}" };
        switch (await apply.ApplyAsync(new ApplyRequest(packs) { By = by }, cancellation))
        {
            case ApplyResult.Refused refused:
                throw DefinitionFiles.Refused([.. refused.Problems.Select(problem => problem.ToString())]);
            case ApplyResult.Conflict:
                throw CommandFailure.Failed("another program changed the same jobs at the same time; nothing was started. Start again.");
        }
    }

    private static async Task<T> ExplainedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (StartRefusedException refused)
        {
            var lines = refused.Message.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
            throw new CommandFailure(ExitCode.Usage, lines[0], lines[1..]);
        }
        catch (DatabaseException failure)
        {
            var exitCode = failure.Fault switch
            {
                DatabaseFault.Unavailable => ExitCode.Unreachable,
                DatabaseFault.Refused => ExitCode.Usage,
                _ => ExitCode.Failed,
            };
            throw new CommandFailure(exitCode, failure.Message);
        }
    }
}
