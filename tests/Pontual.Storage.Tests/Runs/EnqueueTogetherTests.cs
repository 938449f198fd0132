using Pontual.Engine.Jobs;
using Pontual.Engine.Planning;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Pontual.TestKit.Faults;

namespace Pontual.Storage.Tests.Runs;

/// <summary>Callers of the same moment share a transaction; each is answered as if he had been alone.</summary>
public sealed class EnqueueTogetherTests
{
    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Each_gets_his_own_answers_in_his_order_and_nobody_runs_twice(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var jobs = new[] { await rig.PutAsync(Define("one")), await rig.PutAsync(Define("two")), await rig.PutAsync(Define("three")) };
        var wishes = Enumerable
            .Range(0, 60)
            .Select(caller => Enumerable.Range(0, 1 + (caller % 4)).Select(nth => Wish(rig, jobs[(caller + nth) % 3])).ToList())
            .ToList();

        var answers = await BehindAsync(rig, jobs[0], () => [.. wishes.Select(of => EnqueueAsync(rig, of))]);

        answers.Select(answer => answer.Select(result => result.RunId!.Value)).ShouldBe(wishes.Select(of => of.Select(wish => wish.Id)));
        var taken = (await rig.ClaimAsync(1_000)).Select(leased => (leased.Run.Id, leased.Run.JobId)).ToList();
        taken.Count.ShouldBe(1 + wishes.Sum(of => of.Count));
        wishes.SelectMany(of => of).Select(wish => (wish.Id, wish.JobId)).Except(taken).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_limit_of_a_job_holds_among_them(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var job = await rig.PutAsync(StorageRig.Define("sync", Overlap.BufferOne));
        var other = await rig.PutAsync(Define("other"));
        var running = await rig.EnqueueAsync(job);
        await rig.ClaimAsync();
        var wishes = Enumerable.Range(0, 20).Select(_ => Wish(rig, job)).ToList();

        var answers = await BehindAsync(
            rig,
            other,
            () => [.. wishes.Select(wish => EnqueueAsync(rig, [wish], (request, due) => OccurrencePlanner.Decide(request, due, rig.Now)))]
        );

        answers.Count(answer => answer[0].RunId is not null).ShouldBe(1);
        answers.Count(answer => answer[0].Blocking == running).ShouldBe(19);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_bad_one_fails_alone(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var job = await rig.PutAsync(Define("sync"));
        var there = await rig.EnqueueAsync(job);
        var good = Enumerable.Range(0, 9).Select(_ => Wish(rig, job)).ToList();
        Task<IReadOnlyList<EnqueueResult>> twice = null!,
            throws = null!;

        await BehindAsync(
            rig,
            job,
            () =>
            {
                List<Task<IReadOnlyList<EnqueueResult>>> asked = [.. good[..4].Select(wish => EnqueueAsync(rig, [wish]))];
                twice = EnqueueAsync(rig, [Wish(rig, job) with { Id = there }]);
                throws = EnqueueAsync(rig, [Wish(rig, job)], (_, _) => throw new InvalidOperationException("no"));
                return [.. asked, .. good[4..].Select(wish => EnqueueAsync(rig, [wish]))];
            }
        );

        (await Should.ThrowAsync<DatabaseException>(twice)).Fault.ShouldBe(DatabaseFault.Constraint);
        (await Should.ThrowAsync<InvalidOperationException>(throws)).Message.ShouldBe("no");
        (await rig.ClaimAsync()).Count.ShouldBe(1 + 1 + good.Count);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Who_stops_waiting_harms_nobody(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var job = await rig.PutAsync(Define("sync"));
        using var stops = new CancellationTokenSource();
        var (stopped, good) = (Wish(rig, job), new[] { Wish(rig, job), Wish(rig, job) });
        Task<IReadOnlyList<EnqueueResult>> waiting = null!;

        await BehindAsync(
            rig,
            job,
            () =>
            {
                var first = EnqueueAsync(rig, [good[0]]);
                waiting = EnqueueAsync(rig, [stopped], cancellation: stops.Token);
                stops.Cancel();
                return [first, EnqueueAsync(rig, [good[1]])];
            }
        );

        await Should.ThrowAsync<OperationCanceledException>(waiting);
        var taken = (await rig.ClaimAsync()).Select(leased => leased.Run.Id).ToList();
        taken.Count.ShouldBe(3);
        taken.ShouldNotContain(stopped.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_answer_to_their_commit_leaves_each_with_his_run_once(bool happens)
    {
        await using var proxy = FaultProxy.InFrontOf(TestDatabase.Server);
        await using var rig = await StorageRig.ThroughAsync(proxy.ConnectionString);
        var job = await rig.PutAsync(Define("sync"));
        var wishes = Enumerable.Range(0, 10).Select(_ => Wish(rig, job)).ToList();
        var isFirst = 1;

        var answers = await BehindAsync(rig, job, () => [.. wishes.Select(wish => EnqueueAsync(rig, [wish], CutOnce))]);

        answers.Select(answer => answer.Single().RunId).ShouldBe(wishes.Select(wish => (Guid?)wish.Id));
        (await rig.ClaimAsync()).Count.ShouldBe(1 + wishes.Count);

        EnqueueDecision CutOnce(EnqueueRequest request, DueJob due)
        {
            if (Interlocked.Exchange(ref isFirst, 0) == 1)
            {
                _ = proxy.CutNextCommit(happens);
            }

            return new EnqueueDecision(true, false, null, []);
        }
    }

    /// <summary>Has callers wait for one whose transaction is open, so that the next one is theirs together.</summary>
    private static async Task<IReadOnlyList<EnqueueResult>[]> BehindAsync(
        StorageRig rig,
        Job job,
        Func<Task<IReadOnlyList<EnqueueResult>>[]> ask
    )
    {
        using var asked = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Task.Run(() => EnqueueAsync(rig, [Wish(rig, job)], WaitForOthers));
        await begun.Task;

        var others = ask();
        asked.Set();

        await first;
        return await Task.WhenAll(others);

        EnqueueDecision WaitForOthers(EnqueueRequest request, DueJob due)
        {
            begun.TrySetResult();
            asked.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
            return new EnqueueDecision(true, false, null, []);
        }
    }

    private static Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(
        StorageRig rig,
        IReadOnlyList<EnqueueRequest> wishes,
        Func<EnqueueRequest, DueJob, EnqueueDecision>? decide = null,
        CancellationToken cancellation = default
    ) => rig.Database.Runs.EnqueueAsync(wishes, decide ?? ((_, _) => new(true, false, null, [])), rig.Now, cancellation);

    // In memory SQLite has one caller at a time.
    private static Task<StorageRig> StartAsync(Dialect dialect) =>
        dialect is Dialect.Sqlite ? StorageRig.OnDiskAsync() : StorageRig.StartAsync(dialect);

    private static JobDefinition Define(string name) => StorageRig.Define(name, Overlap.Allow);

    private static EnqueueRequest Wish(StorageRig rig, Job job) => new(rig.NewId(rig.Now), job.Id, RunTrigger.Manual, rig.Now, rig.Now);
}
