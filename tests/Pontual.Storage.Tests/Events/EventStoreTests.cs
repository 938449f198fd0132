using System.Text.Json;
using Pontual.Engine.Audit;
using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Nodes;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Events;

/// <summary>What changes something tells it in the log, in its own transaction, and readers find it there in order and without gaps.</summary>
public sealed class EventStoreTests
{
    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_run_is_told_of_from_its_wish_to_its_end(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("count"));
        var after = (await rig.LogAsync(0))[^1].Cursor;

        var run = await rig.EnqueueAsync(job);
        var leased = (await rig.ClaimAsync()).Single();
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        var retry = Settlement.Of(leased, new Outcome.Interrupted(), leased.ClaimedAt, rig.Now, 0);
        await rig.SettleAsync(retry);
        leased = (await rig.ClaimAsync()).Single();
        rig.Time.Advance(TimeSpan.FromMilliseconds(1_500));
        await rig.SettleAsync(
            Settlement.Of(leased, new Outcome.Failure(FailureKinds.Error, "no\n\"such\" 🦜", 503), leased.ClaimedAt, rig.Now, 0)
        );

        var log = await rig.LogAsync(after);
        log.Select(news => news.Kind)
            .ShouldBe([EventKind.RunQueued, EventKind.RunStarted, EventKind.RunRetrying, EventKind.RunStarted, EventKind.RunFailed]);
        log.ShouldAllBe(news => news.Subject == run.ToString() && news.Job == job.Name);
        log.Select(news => news.Cursor).ShouldBe(Enumerable.Range(1, 5).Select(number => after + number));
        log[^1].At.ShouldBe(StorageRig.At(2.5));
        var failed = JsonElement.Parse(log[^1].Data);
        failed.GetProperty("node").GetString().ShouldBe("a");
        failed.GetProperty("attempt").GetInt32().ShouldBe(1);
        failed.GetProperty("scheduled_for").GetString().ShouldBe("2026-03-09T12:00:00.000Z");
        failed.GetProperty("duration_ms").GetInt64().ShouldBe(1_500);
        failed.GetProperty("response_code").GetInt32().ShouldBe(503);
        failed.GetProperty("error").GetString().ShouldBe("no\n\"such\" 🦜");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_a_claim_takes_ahead_says_when_it_starts_and_what_is_taken_back_is_told(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("ahead"));
        await rig.EnqueueAsync(job, notBefore: StorageRig.At(0.7));
        var claim = new ClaimRequest("a", [new ClaimLane(null, 10)], null, rig.Now) { ReadyBy = StorageRig.At(0.75) };
        var leased = (await rig.Database.Runs.ClaimAsync(claim, StorageRig.None)).Runs.Single();

        await rig.SettleAsync(Settlement.Of(leased, new Outcome.NotBegun(), null, rig.Now, 0));

        var log = await rig.LogAsync(0);
        var started = log.Single(news => news.Kind == EventKind.RunStarted);
        started.At.ShouldBe(StorageRig.Start);
        JsonElement.Parse(started.Data).GetProperty("started_at").GetString().ShouldBe("2026-03-09T12:00:00.700Z");
        log[^1].Kind.ShouldBe(EventKind.RunTakenBack);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Jobs_nodes_and_limits_of_queues_are_told_of(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var name = JobName.Parse("tidy");
        await rig.PutAsync(StorageRig.Define("tidy"));
        await rig.ApplyAsync(new JobChanges([new JobPut(StorageRig.Define("tidy") with { Priority = 3 })], []));
        await rig.Database.Jobs.SetPauseAsync(
            name,
            new Pause(rig.Now, "holiday", "ana", null),
            Actor.Product,
            _ => throw new InvalidOperationException(),
            rig.Now,
            StorageRig.None
        );
        await rig.Database.Jobs.SetPauseAsync(
            name,
            null,
            Actor.Product,
            _ => throw new InvalidOperationException(),
            rig.Now,
            StorageRig.None
        );
        await rig.Database.Jobs.SetPauseAsync(
            name,
            null,
            Actor.Product,
            _ => throw new InvalidOperationException(),
            rig.Now,
            StorageRig.None
        );
        await rig.Database.Jobs.ResetAsync(name, Actor.Product, rig.Now, StorageRig.None);
        await rig.ApplyAsync(new JobChanges([], [name]));
        await rig.Database.Limits.SetQueueAsync("mail", new Limit(2, null, 0), Actor.Product, rig.Now, StorageRig.None);
        await rig.Database.Limits.SetQueueAsync("mail", new Limit(2, null, 0), Actor.Product, rig.Now, StorageRig.None);
        await rig.RegisterAsync("b", leaseSeconds: 5);
        await rig.Database.Nodes.LeaveAsync("a", rig.Now, new NodeCondition(0, 0, null, null), StorageRig.None);
        rig.Time.Advance(TimeSpan.FromSeconds(6));
        await rig.Database.Runs.SweepAsync(rig.Now, TimeSpan.FromHours(2), StorageRig.None);
        await rig.Database.Runs.SweepAsync(rig.Now, TimeSpan.FromHours(2), StorageRig.None);

        var log = await rig.LogAsync(0);

        log.Select(news => $"{news.Kind} {news.Subject}")
            .ShouldBe([
                "node.joined a",
                "job.created tidy",
                "job.updated tidy",
                "job.paused tidy",
                "job.resumed tidy",
                "job.reset tidy",
                "job.removed tidy",
                "queue.limited mail",
                "node.joined b",
                "node.left a",
                "node.lost b",
            ]);
        JsonElement.Parse(log[2].Data).GetProperty("revision").GetInt32().ShouldBe(2);
        JsonElement.Parse(log[3].Data).GetProperty("by").GetString().ShouldBe("ana");
        log.ShouldAllBe(news => news.Tenant == (news.Kind.StartsWith("job") ? TenantName.Default : null));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_is_undone_is_not_told(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var before = await rig.LogAsync(0);
        var job = StorageRig.Define("never");

        await Should.ThrowAsync<ArgumentException>(() => rig.ApplyAsync(new JobChanges([new JobPut(job), new JobPut(job)], [])));
        await rig.ApplyAsync(new JobChanges([new JobPut(job), new JobPut(StorageRig.Define("other"), ExpectedRevision: 7)], []));

        (await rig.LogAsync(0)).Count.ShouldBe(before.Count);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Many_events_of_one_change_stand_in_rows_that_a_reader_can_hold(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var names = Enumerable.Range(0, 1_100).Select(number => $"job-{number:0000}").ToList();
        await rig.ApplyAsync(new JobChanges([.. names.Select(name => new JobPut(StorageRig.Define(name)))], []));
        await rig.RelayAsync();

        var (read, after, most) = (new List<LoggedEvent>(), 1L, 0);
        while (await rig.Database.Events.ReadAsync(after, 1, StorageRig.None) is { Events.Count: > 0 } stretch)
        {
            read.AddRange(stretch.Events);
            (after, most) = (stretch.Next, Math.Max(most, stretch.Events.Count));
        }

        read.Select(news => news.Subject).Order().ShouldBe(names);
        most.ShouldBeLessThanOrEqualTo(500);
        (await rig.LogAsync(700))[0].Cursor.ShouldBe(701);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Old_stretches_go_the_last_one_stays_and_who_is_behind_is_told(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        for (var number = 0; number < 5; number++)
        {
            rig.Time.Advance(TimeSpan.FromHours(1));
            await rig.PutAsync(StorageRig.Define($"job-{number}"));
            await rig.RelayAsync();
        }

        var events = rig.Database.Events;
        await events.PruneAsync(rig.Now.AddHours(-1.5), mostEvents: 1_000, StorageRig.None);

        var bounds = await events.BoundsAsync(StorageRig.None);
        bounds.Newest.ShouldBe(6);
        bounds.Oldest.ShouldBe(4);
        (await events.ReadAsync(bounds.Oldest, 1_000, StorageRig.None))!.Events.Select(news => news.Subject).ShouldBe(["job-3", "job-4"]);
        (await events.ReadAsync(bounds.Oldest - 1, 10, StorageRig.None)).ShouldBeNull();
        (await events.ReadAsync(bounds.Newest + 1, 10, StorageRig.None)).ShouldBeNull();
        await events.PruneAsync(rig.Now.AddHours(1), mostEvents: 1_000, StorageRig.None);
        (await events.BoundsAsync(StorageRig.None)).ShouldBe(new EventBounds(5, 6));
        await rig.PutAsync(StorageRig.Define("next"));
        (await rig.LogAsync(5)).Select(news => news.Cursor).ShouldBe([6, 7]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task No_more_events_are_kept_than_is_said_whatever_their_age(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        for (var number = 0; number < 9; number++)
        {
            await rig.PutAsync(StorageRig.Define($"job-{number}"));
            await rig.RelayAsync();
        }

        await rig.Database.Events.PruneAsync(rig.Now.AddDays(-1), mostEvents: 3, StorageRig.None);

        (await rig.Database.Events.BoundsAsync(StorageRig.None)).ShouldBe(new EventBounds(7, 10));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Who_waits_for_events_is_told_after_their_commit(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var news = rig.Database.Signals.NextEvents;

        await rig.PutAsync(StorageRig.Define("told"));
        rig.Time.Advance(TimeSpan.FromMilliseconds(10));

        await news.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
    }
}

internal static class EventLog
{
    public static async Task RelayAsync(this StorageRig rig)
    {
        while (await rig.Database.Events.RelayAsync(StorageRig.None)) { }
    }

    /// <summary>All that follows a cursor.</summary>
    public static async Task<IReadOnlyList<LoggedEvent>> LogAsync(this StorageRig rig, long after)
    {
        await rig.RelayAsync();
        return (await rig.Database.Events.ReadAsync(after, 100_000, StorageRig.None))!.Events;
    }
}
