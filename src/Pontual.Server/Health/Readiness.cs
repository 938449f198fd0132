using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;
using Pontual.Storage.Database;

namespace Pontual.Server.Health;

/// <summary>Whether this node can serve: its database answers, and it is not stopping. That the schema is right was checked at start.</summary>
internal sealed class Readiness(
    PontualDatabase database,
    IJobStore jobs,
    IHostApplicationLifetime host,
    TimeProvider time,
    ILogger<Readiness> logger
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The database this server works on.</summary>
    public DatabaseView Database =>
        database.Dialect is Dialect.Sqlite
            ? new DatabaseView("sqlite", database.EngineVersion, Number(database.EngineVersion))
            : new DatabaseView("postgresql", database.EngineVersion, null);

    /// <summary>How its connections are used; null on SQLite.</summary>
    public PoolStatus? Connections => database.Pool;

    /// <returns>Null when it can; else the reason, in words that give nothing away.</returns>
    public async Task<string?> WhyNotAsync(CancellationToken cancellation)
    {
        if (host.ApplicationStopping.IsCancellationRequested)
        {
            return "This node is stopping.";
        }

        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await jobs.ListAsync(tenant: null, after: null, 1, either.Token).WaitAsync(Patience, time, cancellation);
            return null;
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            logger.NotReady(problem);
            return "The database does not answer.";
        }
    }

    /// <summary>"SQLite 3.40.1 (system)" → "3.40.1".</summary>
    private static string Number(string version) => version.Split(' ') is [_, var number, ..] ? number : version;
}
