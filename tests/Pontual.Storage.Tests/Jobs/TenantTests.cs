using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Jobs;

/// <summary>X-01: several systems in one database; what one is called is another one's name too.</summary>
public class TenantTests
{
    private static readonly TenantName Chat = TenantName.Parse("chat");
    private static readonly EverySchedule EachMinute = new(TimeSpan.FromMinutes(1));

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory(DisplayName = "X-01 job names are namespaced per tenant")]
    [MemberData(nameof(Both))]
    public async Task Jobs_of_one_name_in_two_tenants_are_two_jobs(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var own = await rig.PutAsync(StorageRig.Define("sync", schedule: EachMinute));
        var other = await rig.PutAsync(StorageRig.Define("sync", schedule: EachMinute).In(Chat));

        await rig.ApplyAsync(new JobChanges([], [own.Name]));

        other.Id.ShouldNotBe(own.Id);
        (await rig.Database.Jobs.FindAsync(own.Name, StorageRig.None)).ShouldBeNull();
        (await rig.Database.Jobs.FindAsync(other.Name, StorageRig.None))!.Name.ShouldBe(other.Name);
        (await rig.Database.Jobs.ListAsync(Chat, null, 10, StorageRig.None)).ShouldHaveSingleItem().Id.ShouldBe(other.Id);
        (await rig.Database.Jobs.ListAsync(TenantName.Default, null, 10, StorageRig.None)).ShouldBeEmpty();
        (await rig.Database.Jobs.ListAsync(null, null, 10, StorageRig.None)).ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Runs_are_listed_for_whose_job_they_are(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var own = await rig.PutAsync(StorageRig.Define("sync"));
        var other = await rig.PutAsync(StorageRig.Define("sync").In(Chat));
        var run = await rig.EnqueueAsync(other);
        await rig.SettleAsync((await rig.ClaimAsync()).ShouldHaveSingleItem(), RunState.Succeeded);
        var waiting = await rig.EnqueueAsync(other);

        var chats = await rig.Database.Views.ListAsync(new RunQuery { Tenant = Chat }, StorageRig.None);
        var named = await rig.Database.Views.ListAsync(new RunQuery(other.Name), StorageRig.None);

        chats.Select(found => found.Id).ShouldBe([waiting, run]);
        named.Select(found => (found.Id, found.Job)).ShouldBe([(waiting, other.Name), (run, other.Name)]);
        (await rig.Database.Views.ListAsync(new RunQuery(), StorageRig.None)).ShouldBeEmpty();
        (await rig.Database.Views.ListAsync(new RunQuery(own.Name), StorageRig.None)).ShouldBeEmpty();
        (await rig.Database.Views.TenantOfAsync(run, StorageRig.None)).ShouldBe(Chat);
        (await rig.Database.Views.TenantOfAsync(rig.NewId(rig.Now), StorageRig.None)).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_change_is_of_one_tenant(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var both = new JobChanges([new(StorageRig.Define("a")), new(StorageRig.Define("b").In(Chat))], []);

        await Should.ThrowAsync<ArgumentException>(() => rig.ApplyAsync(both));

        (await rig.Database.Jobs.ListAsync(null, null, 10, StorageRig.None)).ShouldBeEmpty();
    }
}
