using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;
using Pontual.Storage.Runs;

namespace Pontual.Storage.Tests.Runs;

/// <summary>What a claim costs when very many runs wait, and when it goes on where the last one ended.</summary>
public class LongQueueTests
{
    private const int Waiting = 100_000;

    private static readonly Statement Fill = new(
        """
        INSERT INTO run (id, job_id, trigger, due_at, queue, priority, kind, not_before, claim_at)
        SELECT gen_random_uuid(), @job, 'manual', @now, 'default', 0, 'handler', @now, @now - n * interval '1 millisecond' FROM generate_series(1, @count) AS n
        """
    );

    private static readonly Statement Plan = new($"EXPLAIN (ANALYZE, TIMING OFF) {ClaimDueStore.ClaimDueRuns.For(Dialect.PostgreSql)}");

    [Fact]
    public async Task A_claim_reads_no_more_of_a_long_queue_than_it_takes()
    {
        await using var rig = await StorageRig.StartAsync(Dialect.PostgreSql);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.Allow));
        await rig.Database.Database.WriteAsync(
            session => session.ExecuteAsync(Fill, ("job", job.Id), ("now", rig.Now), ("count", Waiting)),
            StorageRig.None
        );

        var plan = await rig.Database.Database.WriteAsync(
            session =>
                session.QueryAsync(
                    Plan,
                    ClaimDueStore.OpenQueues,
                    [("default", int.MaxValue)],
                    row => row.Text(0),
                    ("node", "a"),
                    ("now", rig.Now),
                    ("ready", rig.Now),
                    ("horizon", rig.Now.AddMinutes(10)),
                    ("after_at", rig.Now.AddDays(-1)),
                    ("after_id", Guid.Empty),
                    ("kinds", (string?)null),
                    ("limit", 100),
                    ("lease", (DateTimeOffset?)null)
                ),
            StorageRig.None
        );

        var text = string.Join('\n', plan);
        text.ShouldMatch(@"LockRows .*\n(.*\n){0,3}?.*Index Scan using run_claim on run .*actual rows=100 loops=1", text);
        text.ShouldMatch(@"Tid Scan on run .*actual rows=1 loops=100", text);
        text.ShouldNotContain("Seq Scan on run");
    }

    [Theory]
    [MemberData(nameof(StorageRig.Both), MemberType = typeof(StorageRig))]
    public async Task A_run_that_comes_to_stand_before_the_place_of_the_last_claim_is_found(Dialect dialect)
    {
        await using var database = await TestKit.TestDatabase.CreateAsync(dialect);
        var now = TimeProvider.System.GetUtcNow();
        var node = new Engine.Nodes.NodeRecord("a", "host", 1, "mark", "0.1.0", ["worker"], now, now.AddHours(1));
        await database.Nodes.RegisterAsync(node, false, now, StorageRig.None);
        await database.Jobs.ApplyAsync(
            new JobChanges([new JobPut(StorageRig.Define("sync", Overlap.Allow))], []),
            _ => throw new InvalidOperationException("Nothing was owed."),
            now,
            StorageRig.None
        );
        var job = (await database.Jobs.FindAsync(JobName.Parse("sync"), StorageRig.None))!;
        await AddAsync(now);
        (await ClaimAsync()).Runs.Count.ShouldBe(1);

        // Their place in the order of claims lies before that of the first; each must be found, at once or when the answer says to look again.
        for (var step = 1; step <= 5; step++)
        {
            await AddAsync(now.AddMinutes(-step));
            var claim = await ClaimAsync();
            var waited = TimeProvider.System.GetTimestamp();
            while (claim.Runs.Count == 0)
            {
                claim.NextReady.ShouldNotBeNull();
                TimeProvider.System.GetElapsedTime(waited).ShouldBeLessThan(TimeSpan.FromSeconds(10));
                claim = await ClaimAsync();
            }

            claim.Runs.Count.ShouldBe(1);
        }

        Task<IReadOnlyList<EnqueueResult>> AddAsync(DateTimeOffset notBefore) =>
            database.Runs.EnqueueAsync(
                [new EnqueueRequest(RunId.New(notBefore, new SystemRandomBytes()), job.Id, RunTrigger.Manual, notBefore, notBefore)],
                (_, _) => new EnqueueDecision(true, false, null, []),
                now,
                StorageRig.None
            );

        Task<ClaimResult> ClaimAsync() =>
            database.Runs.ClaimAsync(
                new ClaimRequest("a", [new ClaimLane(null, 10)], null, TimeProvider.System.GetUtcNow()),
                StorageRig.None
            );
    }
}
