using Microsoft.Extensions.Hosting;
using Pontual.Storage.Migrations;

namespace Pontual.Server.Composition;

/// <summary>Brings the database to this program's schema before anything else starts.</summary>
internal sealed class DatabaseStart(Migrator migrator) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => migrator.MigrateAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
