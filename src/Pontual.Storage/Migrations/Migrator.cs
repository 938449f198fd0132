using Microsoft.Extensions.Logging;
using Pontual.Storage.Database;
using Pontual.Storage.Nodes;

namespace Pontual.Storage.Migrations;

/// <summary>Brings a database to the schema of this program. Safe to run from several starting nodes at once: one does it, the others find it done.</summary>
public sealed class Migrator
{
    private readonly PontualDatabase _database;
    private readonly PaceStore _pace;
    private readonly TimeProvider _time;
    private readonly ILogger<Migrator> _logger;

    private readonly DatabaseClock _clock;

    internal Migrator(
        PontualDatabase database,
        PaceStore pace,
        TimeProvider time,
        ILogger<Migrator> logger,
        IReadOnlyList<Migration>? known = null
    )
    {
        (_database, _pace, _time, _logger) = (database, pace, time, logger);
        _clock = new DatabaseClock(time);
        Known = known ?? Migration.All(_database.Dialect);
    }

    private IReadOnlyList<Migration> Known { get; }

    /// <summary>The steps the database has not taken yet, with their scripts; changes nothing.</summary>
    /// <exception cref="DatabaseException">The database is newer than the program, or a step was edited after it was taken.</exception>
    public Task<IReadOnlyList<Migration>> PendingAsync(CancellationToken cancellation) =>
        _database.ReadAsync<IReadOnlyList<Migration>>(async session => Pending(await MigrationStore.AppliedAsync(session)), cancellation);

    /// <summary>Takes all pending steps, each in a transaction of its own, and goes by the database's pace from then on.</summary>
    /// <returns>The steps taken.</returns>
    /// <exception cref="DatabaseException">As <see cref="PendingAsync"/>; or a step would break nodes that still run: then none was taken; or a step failed:
    /// that step left nothing behind.</exception>
    public async Task<IReadOnlyList<Migration>> MigrateAsync(CancellationToken cancellation)
    {
        _logger.DatabaseOpened(_database.EngineVersion, _database.Place);
        var taken = new List<Migration>();
        while (await TakeNextAsync(cancellation) is { } migration)
        {
            _logger.MigrationTaken(migration.Version, migration.Name);
            taken.Add(migration);
        }

        foreach (var note in await OfferAsync(cancellation))
        {
            _logger.NameNotOffered(note);
        }

        await _pace.AgreeAsync(cancellation);

        return taken;
    }

    /// <summary>Offers the names of other schedulers in SQL where they are free, also when they have become so since.</summary>
    private Task<List<string>> OfferAsync(CancellationToken cancellation) =>
        _database.Dialect is Dialect.Sqlite
            ? Task.FromResult(new List<string>())
            : _database.WriteAsync(
                async session =>
                {
                    await MigrationStore.LockAsync(session);
                    return await MigrationStore.OfferAsync(session);
                },
                cancellation
            );

    private Task<Migration?> TakeNextAsync(CancellationToken cancellation) =>
        _database.WriteAsync(
            async session =>
            {
                await MigrationStore.LockAsync(session);
                var applied = await MigrationStore.AppliedAsync(session);
                if (Pending(applied) is not [var next, ..] pending)
                {
                    return null;
                }

                if (applied.Count > 0 && pending.Find(step => step.IsBreaking) is { } breaking)
                {
                    await RefuseBesideOthersAsync(session, breaking);
                }

                await MigrationStore.PrepareAsync(session);
                await session.ExecuteScriptAsync(next.Script);
                await MigrationStore.RecordAsync(session, next, _time.GetUtcNow());
                return next;
            },
            cancellation
        );

    /// <summary>What old programs use is about to go: none of them may be at work. A SQLite file has one process, which is this one.</summary>
    private async ValueTask RefuseBesideOthersAsync(DatabaseSession session, Migration breaking)
    {
        if (session.Dialect is Dialect.Sqlite)
        {
            return;
        }

        await _clock.ReadAsync(session);
        var living = await MigrationStore.LivingAsync(session, _time.GetUtcNow());
        if (living.Count > 0)
        {
            var nodes = string.Join(
                ", ",
                living.Select(node => $"{node.Node} (version {node.Version}, lease until {node.Until:HH:mm:ss} UTC)")
            );
            throw new DatabaseException(
                DatabaseFault.Schema,
                $"Database {_database.Place} needs migration {breaking.Version} ({breaking.Name}), which breaks nodes of older versions, and some still hold leases: {nodes}. "
                    + "Nothing was changed. Stop them ('pontual nodes' shows them), or, where they are gone already, wait until their leases are over; then start again."
            );
        }
    }

    private List<Migration> Pending(List<(int Version, string Name, string Checksum)> applied)
    {
        foreach (var (version, name, checksum) in applied)
        {
            if (version > Known.Count)
            {
                throw new DatabaseException(
                    DatabaseFault.Schema,
                    $"Database {_database.Place} has schema version {applied[^1].Version} ({applied[^1].Name}), this program knows up to {Known.Count}. "
                        + "Install the version of Pontual that wrote it, or a newer one; a schema does not go back."
                );
            }

            if (Known[version - 1].Checksum != checksum)
            {
                throw new DatabaseException(
                    DatabaseFault.Schema,
                    $"Database {_database.Place} took migration {version} ({name}) in another wording than this program's. "
                        + "One of the two was built from edited sources; use the program that made the database."
                );
            }
        }

        return [.. Known.Skip(applied.Count)];
    }
}
