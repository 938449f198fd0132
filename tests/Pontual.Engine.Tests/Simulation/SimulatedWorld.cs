using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Engine.Nodes;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Pontual.TestKit.Checking;

namespace Pontual.Engine.Tests.Simulation;

/// <summary>What a simulation is made of; the seed decides everything else.</summary>
/// <param name="Seed">Replays the whole world.</param>
/// <param name="Jobs">How many schedules.</param>
/// <param name="Length">How long, in simulated time.</param>
/// <param name="FaultEvery">Mean time between faults; null for none.</param>
internal sealed record SimulationPlan(int Seed, int Jobs, TimeSpan Length, TimeSpan? FaultEvery)
{
    /// <summary>Mean time between what a person does to jobs (pause, resume, edit), mostly within seconds of their due times; null for nobody.</summary>
    public TimeSpan? EditEvery { get; init; }

    /// <summary>The first simulated instant.</summary>
    public DateTimeOffset Beginning { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
}

/// <summary>The real engine on a manual clock over SQLite in memory, with crashes, freezes, set clocks and a failing store, checked every thirty days.</summary>
internal sealed class SimulatedWorld : IAsyncDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(30);

    // Faults rest before each check, so that what was hit has come to its end.
    private static readonly TimeSpan Calm = TimeSpan.FromHours(30);

    private readonly SimulationPlan _plan;
    private readonly TestDatabase _database;
    private readonly StoreWeather _weather;
    private readonly FaultMaker _faults;
    private readonly SimulatedPerson _person;
    private readonly HistoryAuditor _auditor;
    private readonly SimulatedLimits _limits;
    private readonly List<SimulatedNode> _nodes = [];
    private int _started;

    private SimulatedWorld(SimulationPlan plan, ManualTime time, TestDatabase database)
    {
        _plan = plan;
        _database = database;
        Random = new Random(plan.Seed);
        Time = time;
        Target = new SimulatedTarget(Time, plan.Beginning, Random);
        _weather = new StoreWeather(Random);
        Plans = new FailingPlans(database.Plans, _weather);
        Nodes = new FailingNodes(database.Nodes, _weather);
        Runs = new FailingRuns(database.Runs, _weather);
        _faults = new FaultMaker(this, _weather, plan.FaultEvery);
        _limits = new SimulatedLimits(plan.Jobs, Random);
        _auditor = new HistoryAuditor(database, Target, _limits);
        _person = new SimulatedPerson(this, database, _auditor);
    }

    public SimulationPlan Plan => _plan;

    public Random Random { get; }

    public ManualTime Time { get; }

    public SimulatedTarget Target { get; }

    public IPlanStore Plans { get; }

    public INodeStore Nodes { get; }

    public IRunStore Runs { get; }

    public IReadOnlyList<SimulatedNode> Processes => _nodes;

    public static async Task<SimulationReport> RunAsync(SimulationPlan plan)
    {
        var time = new ManualTime(plan.Beginning);
        await using var database = await TestDatabase.CreateAsync(Dialect.Sqlite, time);
        await using var world = new SimulatedWorld(plan, time, database);
        await world.DefineAsync();
        return await world.LiveAsync();
    }

    public SimulatedNode StartNode()
    {
        var node = new SimulatedNode(this, ++_started);
        _nodes.Add(node);
        return node;
    }

    public void KillNode(SimulatedNode node)
    {
        node.Kill();
        _nodes.Remove(node);
        node.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _nodes.ForEach(node => node.Dispose());
        return ValueTask.CompletedTask;
    }

    private async Task DefineAsync()
    {
        var puts = new List<JobPut>();
        for (var i = 0; i < _plan.Jobs; i++)
        {
            puts.Add(new JobPut(Random.Next(20) == 0 ? DrawDelay($"sim-{i}") : Draw($"sim-{i}")));
        }

        await _limits.SetQueuesAsync(_database, _plan.Beginning);
        await _database.Jobs.ApplyAsync(
            new JobChanges(puts, []),
            _ => throw new InvalidOperationException("New jobs owe nothing."),
            _plan.Beginning,
            CancellationToken.None
        );
    }

    private JobDefinition Draw(string name)
    {
        var oracle = OracleSchedule.Draw(Random);
        var terms = OracleTerms.Draw(name, _plan.Beginning, Random);
        var cron = oracle.Cron;
        if (oracle.Kind is OracleKind.Daily && Random.Next(4) == 0)
        {
            // Which time H stands for is Scheduling's to prove; here it must be one and the same for years.
            cron = "H H * * *";
            var first = CronExpression.Parse(cron, new ParseOptions { Seed = name }).NextLocal(_plan.Beginning.DateTime)!.Value;
            oracle = oracle with { Hour = first.Hour, Minute = first.Minute };
        }

        var schedule = new Dictionary<string, object> { ["cron"] = cron, ["zone"] = oracle.ZoneId };
        terms.WriteTo(schedule);
        var definition = _limits.Draw(Define(name, schedule));
        _auditor.Expect(definition, oracle, terms, _plan.Beginning);
        return definition;
    }

    private JobDefinition DrawDelay(string name)
    {
        var delay = TimeSpan.FromMinutes(Random.Next(10, 360));
        var definition = Define(name, new() { ["delay"] = Duration.Format(delay) });
        _auditor.ExpectDelay(definition, delay, _plan.Beginning);
        return definition;
    }

    private JobDefinition Define(string name, Dictionary<string, object> schedule) =>
        JobDocument.Deserialize(
            JsonSerializer.Serialize(
                new
                {
                    name,
                    schedule,
                    target = new { simulated = new { } },
                }
            )
        ) with
        {
            Overlap = Random.Next(10) switch
            {
                < 5 => Overlap.Skip,
                5 => Overlap.BufferOne,
                6 => Overlap.BufferAll,
                7 => Overlap.CancelRunning,
                _ => Overlap.Allow,
            },
            CatchUp = Random.Next(4) switch
            {
                0 => CatchUp.None,
                1 => CatchUp.All,
                _ => CatchUp.Latest,
            },
            Retry = RetryPolicy.None with { MaxAttempts = 1 + Random.Next(4) },
        };

    private async Task<SimulationReport> LiveAsync()
    {
        StartNode();
        for (var at = TimeSpan.Zero; at < _plan.Length && _auditor.Verdicts.Count == 0; )
        {
            at += at + Window > _plan.Length ? _plan.Length - at : Window;
            var end = at.Ticks;
            Live(end - Calm.Ticks, faults: true);
            _faults.Mend();
            _person.ResumeAll();
            Live(end, faults: false);
            await _auditor.AuditAsync(Time.GetUtcNow() - TimeSpan.FromHours(24), _faults.Made);
        }

        return new SimulationReport(
            _plan,
            _auditor.Occurrences,
            _auditor.Starts,
            _auditor.Links,
            _faults.Made.Count,
            _weather.Failures,
            _auditor.Limited,
            _auditor.Full,
            _auditor.Skips,
            _auditor.Verdicts
        );
    }

    private void Live(long until, bool faults)
    {
        while (true)
        {
            var next = Math.Min(_nodes.Count == 0 ? long.MaxValue : _nodes.Min(node => node.Next), Target.NextEnd ?? long.MaxValue);
            next = Math.Min(next, faults ? _faults.Next : long.MaxValue);
            next = Math.Min(next, faults ? _person.Next : long.MaxValue);
            next = Math.Min(next, Time.NextTimer is { } timer ? Time.GetTimestamp() + timer.Ticks : long.MaxValue);
            if (next >= until)
            {
                Time.Advance(TimeSpan.FromTicks(Math.Max(0, until - Time.GetTimestamp())));
                return;
            }

            Time.Advance(TimeSpan.FromTicks(Math.Max(0, next - Time.GetTimestamp())));
            Target.EndDue();
            if (faults)
            {
                _faults.MakeDue();
                _person.ActDue();
            }

            foreach (var node in _nodes.Where(node => !node.Frozen).ToList())
            {
                node.LookAtOutcomes();
                node.Step();
            }
        }
    }
}

/// <summary>What a simulation came to.</summary>
internal sealed record SimulationReport(
    SimulationPlan Plan,
    long Occurrences,
    long Starts,
    long Links,
    int Faults,
    long StoreFailures,
    long Limited,
    long Full,
    IReadOnlyDictionary<string, long> Skips,
    IReadOnlyList<Verdict> Verdicts
)
{
    public override string ToString() =>
        $"seed {Plan.Seed}: {Plan.Jobs} schedules for {Plan.Length.TotalDays:0} days, {Occurrences} occurrences, {Starts} starts, {Links} links of delays, {Faults} faults, "
        + $"{StoreFailures} failed store calls, {Limited} starts under limits ({Full} took the last place), skipped {string.Join(", ", Skips.Select(skip => $"{skip.Key} {skip.Value}"))}; {Verdicts.Count} verdicts"
        + string.Concat(Verdicts.Take(12).Select(verdict => $"\n  {verdict.Kind} {verdict.Job}: {verdict.Evidence}"));
}
