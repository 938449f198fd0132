using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Pontual.TestKit.Faults;

namespace Pontual.Storage.Tests.Runs;

/// <summary>The connection breaks between a COMMIT and its answer: nothing is done twice, and nothing that happened is reported as failed.</summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private readonly FaultProxy _proxy = FaultProxy.InFrontOf(TestDatabase.Server);
    private StorageRig _rig = null!;
    private Job _job = null!;

    public static TheoryData<bool> BothWays => new(true, false);

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_wish_makes_one_run_and_is_told_of_it(bool happens)
    {
        var cut = _proxy.CutNextCommit(happens);

        var id = await _rig.EnqueueAsync(_job);

        await cut.WaitAsync(TimeSpan.FromSeconds(5));
        (await _rig.ClaimAsync()).Select(leased => leased.Run.Id).ShouldBe([id]);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_claim_can_be_asked_what_it_took(bool happens)
    {
        var id = await _rig.EnqueueAsync(_job);
        var at = _rig.Now;

        _ = _proxy.CutNextCommit(happens);
        var lost = await Should.ThrowAsync<DatabaseException>(() => _rig.ClaimAsync());
        var taken = await _rig.Database.Runs.FindClaimedAsync("a", at, StorageRig.None);

        lost.Fault.ShouldBe(DatabaseFault.Unanswered);
        taken.Select(leased => leased.Run.Id).ShouldBe(happens ? [id] : []);
        (await _rig.ClaimAsync()).Select(leased => leased.Run.Id).ShouldBe(happens ? [] : [id]);
    }

    [Theory]
    [InlineData(RunState.Succeeded, true)]
    [InlineData(RunState.Succeeded, false)]
    [InlineData(RunState.Pending, true)]
    [InlineData(RunState.Pending, false)]
    public async Task A_settlement_that_is_written_again_counts_once_and_is_not_refused(RunState state, bool happens)
    {
        var id = await _rig.EnqueueAsync(_job);
        var leased = (await _rig.ClaimAsync()).Single();
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        var settlement = _rig.Settlement(leased, state) with { NotBefore = state is RunState.Pending ? _rig.Now : null };

        _ = _proxy.CutNextCommit(happens);
        (await Should.ThrowAsync<DatabaseException>(() => _rig.SettleAsync(settlement))).Fault.ShouldBe(DatabaseFault.Unanswered);
        var again = await _rig.SettleAsync(settlement);
        var fenced = await _rig.SettleAsync(settlement with { At = settlement.At.AddSeconds(1) });

        again.ShouldBe([true]);
        fenced.ShouldBe([false]);
        (await _rig.ViewAsync(id)).State.ShouldBe(state);
        (await _rig.FindAsync("sync"))!.Totals.Runs.ShouldBe(state is RunState.Succeeded ? 1 : 0);
        (await _rig.Database.Views.FindAsync(id, StorageRig.None))!.Attempts.Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task An_edit_with_a_revision_is_made_once_and_answered_as_made(bool happens)
    {
        var edit = new JobChanges([new JobPut(_job.Definition with { Priority = 5 }, ExpectedRevision: 1)], []);

        _ = _proxy.CutNextCommit(happens);
        var changed = await _rig.ApplyAsync(edit);

        changed.ShouldBe([new JobChanged(_job.Name, JobChange.Updated, 2)]);
        var stored = (await _rig.FindAsync("sync"))!;
        (stored.Revision, stored.Definition.Priority).ShouldBe((2, 5));
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_removal_a_pause_and_a_cancellation_are_answered_as_done(bool happens)
    {
        var waiting = await _rig.EnqueueAsync(_job);

        _ = _proxy.CutNextCommit(happens);
        var cancelled = await _rig.Database.Runs.RequestCancelAsync(waiting, RunReason.Requested, null, _rig.Now, StorageRig.None);
        _ = _proxy.CutNextCommit(happens);
        var paused = await _rig.Database.Jobs.SetPauseAsync(
            _job.Name,
            new Pause(_rig.Now, "why", null, null),
            Actor.Product,
            _ => throw new InvalidOperationException("Nothing was owed."),
            _rig.Now,
            StorageRig.None
        );
        var reason = (await _rig.FindAsync("sync"))!.Paused!.Reason;
        _ = _proxy.CutNextCommit(happens);
        var removed = await _rig.ApplyAsync(new JobChanges([], [_job.Name]));

        (cancelled, paused, reason).ShouldBe((CancelResult.Cancelled, true, "why"));
        removed.Single().Change.ShouldBe(JobChange.Removed);
        (await _rig.FindAsync("sync")).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_node_enters_once_under_its_id(bool happens)
    {
        _ = _proxy.CutNextCommit(happens);
        await _rig.RegisterAsync("b");

        (await _rig.Database.Nodes.ListAsync(StorageRig.None)).Select(node => node.Id).Order().ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_commit_that_arrives_late_cannot_change_what_was_found_out()
    {
        var id = _rig.NewId(_rig.Now);
        var request = new EnqueueRequest(id, _job.Id, RunTrigger.Manual, _rig.Now, _rig.Now);

        // The server got everything but the COMMIT, keeps the rows, and hears nothing of the broken connection.
        var isFirst = true;
        var results = await _rig.Database.Runs.EnqueueAsync(
            [request],
            (_, _) =>
            {
                if (isFirst)
                {
                    _ = _proxy.CutNextCommit(happens: false, keepsServer: true);
                    isFirst = false;
                }

                return new EnqueueDecision(true, false, null, []);
            },
            _rig.Now,
            StorageRig.None
        );

        results.Single().RunId.ShouldBe(id);
        (await _rig.ClaimAsync()).Select(leased => leased.Run.Id).ShouldBe([id]);
    }

    public async Task InitializeAsync()
    {
        _rig = await StorageRig.ThroughAsync(_proxy.ConnectionString);
        _job = await _rig.PutAsync(StorageRig.Define("sync", Scheduling.Schedules.Overlap.Allow));
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _proxy.DisposeAsync();
    }
}
