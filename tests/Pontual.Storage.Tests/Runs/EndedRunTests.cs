using Pontual.Engine.Runs;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Runs;

/// <summary>Runs that no node claimed.</summary>
public class EndedRunTests
{
    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_run_that_was_done_by_hand_is_in_the_history_and_in_the_totals(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync"));
        var good = Of(rig, job.Id, 1) with { State = RunState.Succeeded, ItemsProcessed = 7, Result = """{"listed":7}""" };
        var bad = Of(rig, job.Id, 2) with { State = RunState.Failed, Reason = RunReason.Error, Error = "the gateway is gone" };

        await rig.Database.Ended.AddAsync(good, StorageRig.None);
        await rig.Database.Ended.AddAsync(bad, StorageRig.None);

        var (first, second) = (await rig.ViewAsync(good.Id), await rig.ViewAsync(bad.Id));
        (first.State, first.Trigger, first.ItemsProcessed, first.Result).ShouldBe(
            (RunState.Succeeded, RunTrigger.Manual, 7, """{"listed":7}""")
        );
        (first.StartedAt, first.Duration, first.Attempt, first.Node).ShouldBe((good.StartedAt, TimeSpan.FromSeconds(3), 1, "api"));
        (second.State, second.Error).ShouldBe((RunState.Failed, "the gateway is gone"));
        var totals = (await rig.FindAsync("sync"))!.Totals;
        (totals.Runs, totals.FailureStreak, totals.LastRunId, totals.LastStartedAt).ShouldBe((2, 1, bad.Id, bad.StartedAt));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_is_not_over_is_refused(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync"));

        await Should.ThrowAsync<ArgumentException>(() => rig.Database.Ended.AddAsync(Of(rig, job.Id, 1), StorageRig.None));
    }

    private static Run Of(StorageRig rig, long job, double seconds) =>
        new()
        {
            Id = rig.NewId(StorageRig.At(seconds)),
            JobId = job,
            Job = Engine.Jobs.JobName.Parse("sync"),
            Trigger = RunTrigger.Manual,
            DueAt = StorageRig.At(seconds),
            State = RunState.Running,
            StartedAt = StorageRig.At(seconds),
            FinishedAt = StorageRig.At(seconds + 3),
            Node = "api",
        };
}
