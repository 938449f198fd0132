using Npgsql;
using Pontual.Engine.Clocks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Compat;

/// <summary>An application's own session beside the stores, both by the real time: what it writes goes by the database's clock.</summary>
internal sealed class CronRig : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly OccurrencePlanner _planner;

    private CronRig(StorageRig rig, NpgsqlDataSource source)
    {
        (Rig, _source) = (rig, source);
        _planner = new OccurrencePlanner(new PlannerOptions(), new SystemRandomBytes(), new ScheduleClock(rig.Time));
    }

    public StorageRig Rig { get; }

    public static async Task<CronRig> StartAsync(string zone = "America/Sao_Paulo") =>
        await StartAsync(await StorageRig.StartAsync(Dialect.PostgreSql, registers: false), zone);

    /// <summary>Where our tables have their usual schema.</summary>
    public static async Task<CronRig> StartAsync(OwnDatabase database) =>
        await StartAsync(await StorageRig.OnAsync(new StorageOptions { PostgreSql = database.Connection }), "UTC");

    private static async Task<CronRig> StartAsync(StorageRig rig, string zone)
    {
        var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(rig.Database.Options.PostgreSql) { Timezone = zone, MaxPoolSize = 5 }
        );
        var made = new CronRig(rig, source);
        await made.CatchUpAsync();
        await rig.RegisterAsync("a");
        return made;
    }

    /// <summary>Lets the stores' time come up to the database's.</summary>
    public async Task CatchUpAsync() =>
        Rig.Time.Advance(new DateTimeOffset(await ValueAsync<DateTime>("SELECT clock_timestamp()"), TimeSpan.Zero) - Rig.Now);

    public async Task<int> DoAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ValueAsync<T>(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<List<object?[]>> RowsAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([
                .. Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? null : reader.GetValue(column)),
            ]);
        }

        return rows;
    }

    public async Task<NpgsqlConnection> OpenAsync() => await _source.OpenConnectionAsync();

    /// <summary>What a node does with what was asked for.</summary>
    public async Task<IReadOnlyList<RefusedRequest>> TakeAsync()
    {
        await CatchUpAsync();
        var now = Rig.Now;
        var refused = new List<RefusedRequest>();
        RequestsTaken taken;
        do
        {
            var terms = new RequestTerms(
                now,
                now,
                due => _planner.Decide(due, now),
                (wish, due) => OccurrencePlanner.Decide(wish, due, now)
            );
            taken = await Rig.Database.Requests.TakeAsync(terms, StorageRig.None);
            refused.AddRange(taken.Refused);
        } while (taken.More);

        return refused;
    }

    /// <summary>What a node does with what is due.</summary>
    public async Task<PlanResult> PlanAsync()
    {
        await CatchUpAsync();
        var now = Rig.Now;
        return await Rig.Database.Plans.PlanDueAsync(now, 100, due => _planner.Decide(due, now), StorageRig.None);
    }

    public Task<Job?> FindAsync(string name) => Rig.FindAsync(name);

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await Rig.DisposeAsync();
    }
}
