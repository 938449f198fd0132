using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Engine.Nodes;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Storage.Tests;

/// <summary>Short words for what the conformance tests do over and over. Time starts at <see cref="Start"/>; one node "a" is registered.</summary>
internal sealed class StorageRig : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
    private static readonly JsonElement NoSettings = JsonDocument.Parse("""{"handler": "noop"}""").RootElement;
    private readonly SeededBytes _random = new();

    private StorageRig(TestDatabase database, ManualTime time) => (Database, Time) = (database, time);

    public TestDatabase Database { get; }

    public ManualTime Time { get; }

    public static CancellationToken None => CancellationToken.None;

    public static TheoryData<Dialect> Both => new(Dialect.Sqlite, Dialect.PostgreSql);

    public static async Task<StorageRig> StartAsync(Dialect dialect, bool registers = true)
    {
        var time = new ManualTime(Start);
        return await StartAsync(await TestDatabase.CreateAsync(dialect, time), time, registers);
    }

    public static async Task<StorageRig> OnDiskAsync()
    {
        var time = new ManualTime(Start);
        return await StartAsync(await TestDatabase.OnDiskAsync(time), time, registers: true);
    }

    /// <summary>On a place of the caller's, without a node.</summary>
    public static async Task<StorageRig> OnAsync(StorageOptions options)
    {
        var time = new ManualTime(Start);
        return await StartAsync(await TestDatabase.OpenAsync(options, time), time, registers: false);
    }

    /// <summary>On the tests' PostgreSQL, reached through a proxy or a pooler.</summary>
    public static async Task<StorageRig> ThroughAsync(string connectionString)
    {
        var time = new ManualTime(Start);
        return await StartAsync(await TestDatabase.ThroughAsync(connectionString, time), time, registers: true);
    }

    public DateTimeOffset Now => Time.GetUtcNow();

    public static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    public Guid NewId(DateTimeOffset due) => RunId.New(due, _random);

    public static JobDefinition Define(string name, Overlap overlap = Overlap.Skip, Schedule? schedule = null) =>
        new()
        {
            Name = JobName.Parse(name),
            Schedule = schedule ?? ManualSchedule.Instance,
            ScheduleDocument = schedule is EverySchedule every ? Json($$"""{"every": "{{every.Period.TotalSeconds}}s"}""") : null,
            Target = new Target("handler", NoSettings),
            Overlap = overlap,
        };

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    public async Task<Job> PutAsync(JobDefinition definition)
    {
        await ApplyAsync(new JobChanges([new JobPut(definition)], []));
        return (await Database.Jobs.FindAsync(definition.Name, None))!;
    }

    public Task<IReadOnlyList<JobChanged>> ApplyAsync(JobChanges changes, Func<DueJob, JobPlan>? decide = null) =>
        Database.Jobs.ApplyAsync(changes, decide ?? (_ => throw new InvalidOperationException("Nothing was owed.")), Now, None);

    public Task<Job?> FindAsync(string name) => Database.Jobs.FindAsync(JobName.Parse(name), None);

    public async Task<Guid> EnqueueAsync(
        Job job,
        DateTimeOffset? notBefore = null,
        bool held = false,
        bool overlap = false,
        int? priority = null,
        string? parameters = null
    )
    {
        var at = notBefore ?? Now;
        var request = new EnqueueRequest(NewId(at), job.Id, RunTrigger.Manual, at, at, parameters, overlap, priority);
        var result = await Database.Runs.EnqueueAsync([request], (_, _) => new EnqueueDecision(true, held, null, []), Now, None);
        return result.Single().RunId!.Value;
    }

    public async Task<List<LeasedRun>> ClaimAsync(int limit = 100, string? queue = null, string node = "a") =>
        [.. (await ClaimResultAsync(limit, queue, node)).Runs];

    public Task<ClaimResult> ClaimResultAsync(int limit = 100, string? queue = null, string node = "a") =>
        Database.Runs.ClaimAsync(new ClaimRequest(node, [new ClaimLane(queue, limit)], null, Now), None);

    public Task<IReadOnlyList<bool>> SettleAsync(params Settlement[] settlements) => Database.Runs.SettleAsync(settlements, None);

    public async Task<bool> SettleAsync(LeasedRun leased, RunState state, Func<Settlement, Settlement>? change = null)
    {
        var settlement = Settlement(leased, state);
        return (await SettleAsync(change is null ? settlement : change(settlement))).Single();
    }

    public Settlement Settlement(LeasedRun leased, RunState state) =>
        new()
        {
            RunId = leased.Run.Id,
            JobId = leased.Run.JobId,
            LeaseToken = leased.LeaseToken,
            State = state,
            At = Now,
            AttemptStartedAt = leased.ClaimedAt,
            LimitKey = leased.Run.LimitKey,
        };

    public async Task<Run> ViewAsync(Guid id) => (await Database.Views.FindAsync(id, None))!.Run;

    public Task RegisterAsync(string node, double leaseSeconds = 1_000_000) =>
        Database.Nodes.RegisterAsync(
            new NodeRecord(node, "host", 1, "mark", "0.1.0", ["worker"], Now, Now.AddSeconds(leaseSeconds)),
            false,
            Now,
            None
        );

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    private static async Task<StorageRig> StartAsync(TestDatabase database, ManualTime time, bool registers)
    {
        var rig = new StorageRig(database, time);
        if (registers)
        {
            await rig.RegisterAsync("a");
        }

        return rig;
    }

    private sealed class SeededBytes : IRandomBytes
    {
        private readonly Random _random = new(20260309);

        public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
    }
}
