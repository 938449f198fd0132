using System.Text.Json;
using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Audit;

public class AuditLogTests
{
    private static readonly Actor Ana = new("ana", "10.0.0.7", "because");

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_becomes_of_a_job_is_told_with_before_and_after(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var (first, second) = (StorageRig.Define("sync"), StorageRig.Define("sync") with { Description = "new" });
        var pause = new Pause(rig.Now, "works", "ana", null);

        await rig.ApplyAsync(new JobChanges([new JobPut(first)], []) { By = Ana });
        await rig.ApplyAsync(new JobChanges([new JobPut(first)], []) { By = Ana });
        await rig.ApplyAsync(new JobChanges([new JobPut(second)], []) { By = Ana });
        await rig.Database.Jobs.SetPauseAsync(first.Name, pause, Ana, _ => throw new InvalidOperationException(), rig.Now, StorageRig.None);
        await rig.Database.Jobs.SetPauseAsync(first.Name, null, Ana, _ => throw new InvalidOperationException(), rig.Now, StorageRig.None);
        await rig.Database.Jobs.ResetAsync(first.Name, Ana, rig.Now, StorageRig.None);
        await rig.ApplyAsync(new JobChanges([], [first.Name]) { By = Ana });

        var told = await ReadAsync(rig);
        told.Select(entry => entry.Action)
            .ShouldBe(["job.created", "job.updated", "job.paused", "job.resumed", "job.reset", "job.removed"]);
        told.ShouldAllBe(entry => entry.By == Ana && entry.Subject == "sync" && entry.At == rig.Now && entry.Tenant.IsDefault);
        (told[0].Before, told[0].After).ShouldBe((null, JobDocument.Serialize(first)));
        (told[1].Before, told[1].After).ShouldBe((JobDocument.Serialize(first), JobDocument.Serialize(second)));
        (told[2].Before, told[3].After).ShouldBe((null, null));
        JsonElement.Parse(told[2].After!).GetProperty("reason").GetString().ShouldBe("works");
        told[3].Before.ShouldBe(told[2].After);
        (told[5].Before, told[5].After).ShouldBe((JobDocument.Serialize(second), null));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_change_that_is_refused_is_not_told(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.ApplyAsync(new JobChanges([new JobPut(StorageRig.Define("sync"))], []) { By = Ana });

        var changed = await rig.ApplyAsync(
            new JobChanges([new JobPut(StorageRig.Define("sync") with { Description = "x" }, ExpectedRevision: 7)], []) { By = Ana }
        );

        changed.Single().Change.ShouldBe(JobChange.Conflict);
        (await ReadAsync(rig)).Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Whoever_asks_for_a_run_or_its_end_is_told_and_programs_are_not(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Scheduling.Schedules.Overlap.Allow));
        var byProgram = await rig.EnqueueAsync(job);

        var request = new EnqueueRequest(rig.NewId(rig.Now), job.Id, RunTrigger.Manual, rig.Now, rig.Now, """{"a": 1}""", By: Ana);
        await rig.Database.Runs.EnqueueAsync([request], (_, _) => new EnqueueDecision(true, false, null, []), rig.Now, StorageRig.None);
        await rig.Database.Runs.RequestCancelAsync(byProgram, RunReason.Requested, Ana, rig.Now, StorageRig.None);
        await rig.Database.Runs.RequestCancelAsync(byProgram, RunReason.Requested, Ana, rig.Now, StorageRig.None);
        await rig.Database.Runs.RequestCancelAsync(request.Id, RunReason.Superseded, null, rig.Now, StorageRig.None);

        var told = (await ReadAsync(rig)).Where(entry => entry.Action.StartsWith("run.", StringComparison.Ordinal)).ToList();
        told.Select(entry => (entry.Action, entry.Subject))
            .ShouldBe([("run.requested", request.Id.ToString()), ("run.cancelled", byProgram.ToString())]);
        told[0].After.ShouldBe("""{"job":"sync","parameters":{"a":1}}""");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Tokens_and_limits_are_told_without_secrets(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var token = new ApiToken("t1", "ci", TenantName.Default, TokenScope.Operate, new byte[32], rig.Now, null, null, null);

        await rig.Database.Tokens.AddAsync(token, Ana, StorageRig.None);
        await rig.Database.Tokens.RevokeAsync(TenantName.Default, "t1", Ana, rig.Now.AddSeconds(1), StorageRig.None);
        await rig.Database.Tokens.RevokeAsync(TenantName.Default, "t1", Ana, rig.Now.AddSeconds(2), StorageRig.None);
        await rig.Database.Limits.SetQueueAsync("mail", new Limit(3, null), Ana, rig.Now.AddSeconds(3), StorageRig.None);
        await rig.Database.Limits.SetQueueAsync("mail", null, Ana, rig.Now.AddSeconds(4), StorageRig.None);

        var told = await ReadAsync(rig);
        told.Select(entry => (entry.Action, entry.Subject))
            .ShouldBe([("token.created", "t1"), ("token.revoked", "t1"), ("queue-limit.set", "mail"), ("queue-limit.removed", "mail")]);
        told[0].After.ShouldBe("""{"name":"ci","scope":"operate","expires_at":null}""");
        told[3].Before.ShouldBe(told[2].After);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Entries_are_found_by_who_what_whom_and_when_page_by_page(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        for (var i = 0; i < 6; i++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(i / 2)); // two at one instant
            var by = i % 2 == 0 ? Ana : new Actor("rui");
            await rig.ApplyAsync(new JobChanges([new JobPut(StorageRig.Define($"job{i}"))], []) { By = by });
        }

        var shop = TenantName.Parse("shop");
        await rig.ApplyAsync(new JobChanges([new JobPut(StorageRig.Define("job0").In(shop))], []) { By = Ana });
        var query = new AuditQuery(TenantName.Default, 2);

        (await SubjectsAsync(query with { Limit = 9, Actor = "rui" })).ShouldBe(["job5", "job3", "job1"]);
        (await SubjectsAsync(query with { Limit = 9, Subject = "job0" })).ShouldBe(["job0"]);
        (await SubjectsAsync(query with { Limit = 9, Action = "job", From = StorageRig.At(1) })).ShouldBe(["job5", "job4", "job3", "job2"]);
        (await SubjectsAsync(query with { Limit = 9, Action = "job.created", To = StorageRig.At(1) })).ShouldBe(["job1", "job0"]);
        (await SubjectsAsync(query with { Limit = 9, Action = "jo" })).ShouldBeEmpty();
        (await SubjectsAsync(new AuditQuery(shop, 9))).ShouldBe(["job0"]);
        var pages = new List<string>();
        for (IReadOnlyList<AuditEntry> page = await rig.Database.Audit.ListAsync(query, StorageRig.None); page.Count > 0; )
        {
            pages.AddRange(page.Select(entry => entry.Subject));
            page = await rig.Database.Audit.ListAsync(query with { After = (page[^1].At, page[^1].Id) }, StorageRig.None);
        }

        pages.ShouldBe(["job5", "job4", "job3", "job2", "job1", "job0"]);

        async Task<IEnumerable<string>> SubjectsAsync(AuditQuery asked) =>
            (await rig.Database.Audit.ListAsync(asked, StorageRig.None)).Select(entry => entry.Subject);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Nobody_alters_what_was_told(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        await rig.ApplyAsync(new JobChanges([new JobPut(StorageRig.Define("sync"))], []) { By = Ana });

        foreach (var statement in new[] { "UPDATE audit SET actor = 'nobody'", "DELETE FROM audit" })
        {
            await Should.ThrowAsync<Exception>(
                rig.Database.Database.WriteAsync(session => session.ExecuteAsync(new Statement(statement)), StorageRig.None)
            );
        }

        (await ReadAsync(rig)).Single().By.ShouldBe(Ana);
    }

    /// <summary>All entries of the default tenant, oldest first.</summary>
    private static async Task<IReadOnlyList<AuditEntry>> ReadAsync(StorageRig rig) =>
        [.. (await rig.Database.Audit.ListAsync(new AuditQuery(TenantName.Default, 500), StorageRig.None)).Reverse()];
}
