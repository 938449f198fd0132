using Pontual.Engine.Audit;
using Pontual.Engine.Checks;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;
using Pontual.Storage.Tests.Events;

namespace Pontual.Storage.Tests.Checks;

public class CheckStoreTests
{
    private static readonly Actor By = new("user:ana");

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_check_is_created_changed_and_removed_and_the_audit_log_tells_of_it(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var checks = rig.Database.Checks;

        (await PutAsync(rig, "backup", "1h", expected: 0)).ShouldBe(JobChange.Created);
        (await PutAsync(rig, "backup", "1h", expected: 0)).ShouldBe(JobChange.Conflict);
        (await PutAsync(rig, "backup", "1h")).ShouldBe(JobChange.Unchanged);
        (await PutAsync(rig, "backup", "2h", expected: 7)).ShouldBe(JobChange.Conflict);
        (await PutAsync(rig, "nothing", "2h", expected: 1)).ShouldBe(JobChange.Conflict);
        var first = (await checks.FindAsync(JobName.Parse("backup"), StorageRig.None))!;
        rig.Time.Advance(TimeSpan.FromMinutes(30));
        (await PutAsync(rig, "backup", "2h", expected: 1, keys: new CheckKeys("other", "others"))).ShouldBe(JobChange.Updated);
        var second = (await checks.FindAsync(JobName.Parse("backup"), StorageRig.None))!;
        (await checks.RemoveAsync(first.Name, By, rig.Now, StorageRig.None)).ShouldBeTrue();
        (await checks.RemoveAsync(first.Name, By, rig.Now, StorageRig.None)).ShouldBeFalse();

        (first.Revision, first.PingKey, first.Progress.DueAt).ShouldBe((1, "p-backup", StorageRig.Start.AddHours(1)));
        (second.Revision, second.PingKey, second.Progress.DueAt).ShouldBe((2, "p-backup", StorageRig.Start.AddHours(2.5)));
        (await checks.FindAsync(first.Name, StorageRig.None)).ShouldBeNull();
        var told = await rig.Database.Audit.ListAsync(new AuditQuery(TenantName.Default, 50), StorageRig.None);
        told.Select(entry => entry.Action)
            .Where(action => action.StartsWith("check.", StringComparison.Ordinal))
            .ShouldBe(["check.removed", "check.updated", "check.created"]);
        told.ShouldAllBe(entry => !$"{entry.Before}{entry.After}".Contains("p-backup", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_ping_is_kept_with_what_it_makes_of_its_check(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await PutAsync(rig, "backup", "1h");
        var run = Guid.Parse("01900000-0000-7000-8000-000000000001");
        var pings = rig.Database.Pings;

        await pings.PingAsync("p-backup", new Ping(PingKind.Start, rig.Now) { Run = run }, StorageRig.None);
        await pings.PingAsync("p-backup", new Ping(PingKind.Start, rig.Now.AddSeconds(5)), StorageRig.None);
        var failed = new Ping(PingKind.Failure, rig.Now.AddSeconds(10))
        {
            Run = run,
            Code = 3,
            Method = "POST",
            Address = "10.0.0.1",
            Agent = "curl/8",
            Body = "no space"u8.ToArray(),
            BodySize = 500_000,
        };
        var check = (await pings.PingAsync("p-backup", failed, StorageRig.None))!;

        (await pings.PingAsync("p-nothing", failed, StorageRig.None)).ShouldBeNull();
        (await pings.IsKnownAsync("p-backup", StorageRig.None), await pings.IsKnownAsync("b-backup", StorageRig.None)).ShouldBe(
            (true, false)
        );
        check.ShouldBe((await rig.Database.Checks.FindAsync(check.Name, StorageRig.None))! with { Definition = check.Definition });
        check.StateAt(rig.Now.AddSeconds(11)).ShouldBe(CheckState.Failing);
        check.Progress.ShouldBe(
            new CheckProgress(rig.Now.AddHours(1).AddSeconds(10), rig.Now.AddSeconds(5).AddHours(1))
            {
                Pings = 3,
                LastPingAt = failed.At,
                LastEndAt = failed.At,
                LastCode = 3,
                LastDuration = TimeSpan.FromSeconds(10),
                StartedAt = rig.Now.AddSeconds(5),
                Failures = 1,
                FailingSince = failed.At,
            }
        );
        var latest = (await pings.ListAsync(check.Name, 10, StorageRig.None))[0];
        (latest with { Body = default }).ShouldBe(failed with { Body = default, Duration = TimeSpan.FromSeconds(10) });
        var body = (await pings.BodyAsync(check.Name, StorageRig.None))!;
        (body.At, body.Size).ShouldBe((failed.At, 500_000));
        body.Bytes.ToArray().ShouldBe("no space"u8.ToArray());
        (await pings.FindByBadgeAsync("b-backup", StorageRig.None))!.Id.ShouldBe(check.Id);
        (await pings.FindByBadgeAsync("p-backup", StorageRig.None)).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Of_many_pings_the_latest_hundred_are_kept_and_none_is_lost_that_come_at_once(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await PutAsync(rig, "busy", "1h");

        await Task.WhenAll(
            Enumerable
                .Range(0, 230)
                .Select(number =>
                    rig.Database.Pings.PingAsync(
                        "p-busy",
                        new Ping(PingKind.Failure, rig.Now.AddSeconds(number)) { Code = number % 256 },
                        StorageRig.None
                    )
                )
        );

        var check = (await rig.Database.Checks.FindAsync(JobName.Parse("busy"), StorageRig.None))!;
        (check.Progress.Pings, check.Progress.Failures).ShouldBe((230, 230));
        (await rig.Database.Pings.ListAsync(check.Name, 500, StorageRig.None)).Count.ShouldBe(IPingStore.Kept);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Who_is_down_or_failing_is_found_and_who_is_paused_is_not(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await PutAsync(rig, "late", "1h");
        await PutAsync(rig, "failing", "1d");
        await PutAsync(rig, "fine", "1d");
        await PutAsync(rig, "quiet", "1h");
        await PutAsync(rig, "quiet-failure", "1d");
        await rig.Database.Pings.PingAsync("p-failing", new Ping(PingKind.Failure, rig.Now), StorageRig.None);
        await rig.Database.Pings.PingAsync("p-quiet-failure", new Ping(PingKind.Failure, rig.Now), StorageRig.None);
        foreach (var name in new[] { "quiet", "quiet-failure" })
        {
            var pause = new Pause(rig.Now, "why", "ana", rig.Now.AddHours(5));
            await rig.Database.Checks.SetPauseAsync(JobName.Parse(name), pause, By, rig.Now, StorageRig.None);
        }

        (await FoundAsync(rig, 1)).ShouldBe(["failing"]);
        (await FoundAsync(rig, 2.1)).ShouldBe(["failing", "late"]);
        (await FoundAsync(rig, 7.1)).ShouldBe(["failing", "late", "quiet", "quiet-failure"]);

        await rig.Database.Checks.SetPauseAsync(JobName.Parse("quiet"), null, By, rig.Now.AddHours(7), StorageRig.None);
        await rig.Database.Pings.PingAsync("p-late", new Ping(PingKind.Success, rig.Now.AddHours(7)), StorageRig.None);
        (await FoundAsync(rig, 7.1)).ShouldBe(["failing", "quiet-failure"]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Tenants_have_checks_of_their_own_and_new_keys_end_the_old(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var theirs = JobName.Parse("backup").In(TenantName.Parse("shop"));
        await PutAsync(rig, "backup", "1h");
        var put = new CheckPut(Definition("backup", "1h").In(theirs.Tenant), new CheckKeys("p-theirs", "b-theirs"));
        await rig.Database.Checks.PutAsync(put, By, rig.Now, StorageRig.None);

        await rig.Database.Checks.RotateAsync(theirs, new CheckKeys("p-new", "b-new"), By, rig.Now, StorageRig.None);

        (await rig.Database.Checks.ListAsync(theirs.Tenant, null, 10, StorageRig.None)).Select(check => check.PingKey).ShouldBe(["p-new"]);
        (await rig.Database.Checks.ListAsync(TenantName.Default, null, 10, StorageRig.None)).Count.ShouldBe(1);
        (await rig.Database.Pings.PingAsync("p-theirs", new Ping(PingKind.Success, rig.Now), StorageRig.None)).ShouldBeNull();
        (await rig.Database.Pings.PingAsync("p-new", new Ping(PingKind.Success, rig.Now), StorageRig.None))!.Name.ShouldBe(theirs);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_becomes_of_a_check_is_told_in_the_event_log_to_whose_it_is(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var name = JobName.Parse("backup").In(TenantName.Parse("shop"));
        var put = new CheckPut(Definition("backup", "1h").In(name.Tenant), new CheckKeys("p", "b"));
        await rig.Database.Checks.PutAsync(put, By, rig.Now, StorageRig.None);
        await rig.Database.Pings.PingAsync("p", new Ping(PingKind.Start, rig.Now), StorageRig.None);
        await rig.Database.Pings.PingAsync("p", new Ping(PingKind.Failure, rig.Now.AddSeconds(3)) { Code = 9 }, StorageRig.None);
        await rig.Database.Checks.SetPauseAsync(name, new Pause(rig.Now, "moving", "ana", null), By, rig.Now, StorageRig.None);
        await rig.Database.Checks.RemoveAsync(name, By, rig.Now, StorageRig.None);

        var told = (await rig.LogAsync(0)).Where(one => one.Kind.StartsWith("check.", StringComparison.Ordinal)).ToList();
        told.Select(one => one.Kind).ShouldBe(["check.created", "check.started", "check.failed", "check.paused", "check.removed"]);
        told.ShouldAllBe(one => one.Subject == "backup" && one.Tenant == name.Tenant);
        told[2].Data.ShouldContain("\"response_code\":9");
        told[2].Data.ShouldContain("\"duration_ms\":3000");
        told[3].Data.ShouldContain("moving");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_start_that_arrives_after_its_own_end_begins_nothing(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await PutAsync(rig, "backup", "1h");
        var run = Guid.Parse("01900000-0000-7000-8000-000000000001");

        await rig.Database.Pings.PingAsync("p-backup", new Ping(PingKind.Success, rig.Now) { Run = run }, StorageRig.None);
        await rig.Database.Pings.PingAsync("p-backup", new Ping(PingKind.Start, rig.Now.AddSeconds(1)) { Run = run }, StorageRig.None);

        var check = (await rig.Database.Checks.FindAsync(JobName.Parse("backup"), StorageRig.None))!;
        check.StateAt(rig.Now.AddSeconds(2)).ShouldBe(CheckState.Up);
        (check.Progress.Pings, check.Progress.StartedAt).ShouldBe((2, null));
        (await rig.Database.Pings.ListAsync(check.Name, 10, StorageRig.None)).Count.ShouldBe(2);
    }

    private static async Task<string[]> FoundAsync(StorageRig rig, double hours) =>
        [.. (await rig.Database.Checks.TroubledAsync(rig.Now.AddHours(hours), StorageRig.None)).Select(check => check.Name.Text)];

    private static Task<JobChange> PutAsync(StorageRig rig, string name, string every, int? expected = null, CheckKeys? keys = null) =>
        rig.Database.Checks.PutAsync(
            new CheckPut(Definition(name, every), keys ?? new CheckKeys($"p-{name}", $"b-{name}"), expected),
            By,
            rig.Now,
            StorageRig.None
        );

    private static CheckDefinition Definition(string name, string every) =>
        CheckDocument.Deserialize($$$"""{"name":"{{{name}}}","schedule":{"every":"{{{every}}}"},"grace":"1h"}""");
}
