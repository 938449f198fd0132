using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Engine.Tests.Runs;

public class SettlementTests
{
    private static readonly DateTimeOffset Begun = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Begun.AddSeconds(30);

    public static TheoryData<string, Outcome, int, RunState, string?> Table =>
        new()
        {
            { "success", new Outcome.Success(200, "{}", 3), 1, RunState.Succeeded, null },
            { "success on the last attempt", new Outcome.Success(), 3, RunState.Succeeded, null },
            { "network, attempts left", Failed(FailureKinds.Network), 1, RunState.Pending, RunReason.Error },
            { "network, last attempt", Failed(FailureKinds.Network), 3, RunState.Failed, RunReason.Error },
            { "past the last attempt (the limit was lowered)", Failed(FailureKinds.Network), 9, RunState.Failed, RunReason.Error },
            { "timeout, attempts left", Failed(FailureKinds.Timeout), 2, RunState.Pending, RunReason.Timeout },
            { "timeout, last attempt", Failed(FailureKinds.Timeout), 3, RunState.Failed, RunReason.Timeout },
            { "5xx, attempts left", Failed(FailureKinds.ServerError), 1, RunState.Pending, RunReason.Error },
            { "429, attempts left", Failed(FailureKinds.TooManyRequests), 1, RunState.Pending, RunReason.Error },
            { "exit code, attempts left", Failed(FailureKinds.Exit), 1, RunState.Pending, RunReason.Error },
            { "exception, attempts left", Failed(FailureKinds.Error), 1, RunState.Pending, RunReason.Error },
            { "4xx is not retried", Failed(FailureKinds.ClientError), 1, RunState.Failed, RunReason.Error },
            { "a target that cannot run is not retried", Failed(FailureKinds.Target), 1, RunState.Failed, RunReason.Target },
            { "lease lost, attempts left", Failed(FailureKinds.LeaseLost), 1, RunState.Pending, RunReason.LeaseLost },
            { "lease lost each time: given up", Failed(FailureKinds.LeaseLost), 3, RunState.Failed, RunReason.LeaseLost },
            { "cancelled by wish", new Outcome.Cancelled(RunReason.Requested), 1, RunState.Cancelled, RunReason.Requested },
            { "cancelled for a newer one", new Outcome.Cancelled(RunReason.Superseded), 3, RunState.Cancelled, RunReason.Superseded },
            { "the node stopped", new Outcome.Interrupted(), 1, RunState.Pending, RunReason.Interrupted },
            { "the node stopped on the last attempt", new Outcome.Interrupted(), 3, RunState.Pending, RunReason.Interrupted },
        };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void Each_outcome_leads_to_one_state(string story, Outcome outcome, int attempt, RunState state, string? reason)
    {
        var leased = SomeJob.Leased(Job(attempts: 3), Begun, attempt);

        var settlement = Settlement.Of(leased, outcome, Begun, Now, random: 0.5);

        settlement.State.ShouldBe(state, story);
        settlement.Reason.ShouldBe(reason, story);
        settlement.LeaseToken.ShouldBe(leased.LeaseToken);
        settlement.IsFinal.ShouldBe(state is not RunState.Pending);
        (settlement.NotBefore is not null).ShouldBe(state is RunState.Pending, story);
        settlement.GivesAttemptBack.ShouldBe(outcome is Outcome.Interrupted, story);
    }

    [Fact]
    public void A_deferred_attempt_cannot_be_settled()
    {
        var leased = SomeJob.Leased(Job(attempts: 1), Begun);

        Should.Throw<ArgumentException>(() => Settlement.Of(leased, new Outcome.Deferred(), Begun, Now, 0));
    }

    [Fact]
    public void A_success_keeps_what_the_target_said()
    {
        var settlement = Settlement.Of(SomeJob.Leased(Job(attempts: 1), Begun), new Outcome.Success(207, """{"n":4}""", 4), Begun, Now, 0);

        (settlement.ResponseCode, settlement.Result, settlement.ItemsProcessed).ShouldBe((207, """{"n":4}""", 4L));
        (settlement.AttemptStartedAt, settlement.At).ShouldBe((Begun, Now));
    }

    [Theory]
    [InlineData(1, 0.0, 5.0)]
    [InlineData(1, 0.5, 7.5)]
    [InlineData(2, 0.0, 5.0)]
    [InlineData(2, 1.0, 20.0)]
    [InlineData(9, 1.0, 300.0)]
    public void A_retry_waits_between_the_first_delay_and_a_bound_that_doubles(int attempt, double random, double seconds)
    {
        var settlement = Settlement.Of(SomeJob.Leased(Job(attempts: 20), Begun, attempt), Failed(FailureKinds.Network), Begun, Now, random);

        settlement.NotBefore.ShouldBe(Now.AddSeconds(seconds));
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(1, 7.5)]
    public void A_wait_that_the_target_asked_for_counts_where_it_is_longer(double asked, double waited)
    {
        var failure = Failed(FailureKinds.TooManyRequests) with { RetryAfter = TimeSpan.FromSeconds(asked) };

        var settlement = Settlement.Of(SomeJob.Leased(Job(attempts: 3), Begun), failure, Begun, Now, random: 0.5);

        settlement.NotBefore.ShouldBe(Now.AddSeconds(waited));
    }

    [Theory(DisplayName = "S5-11 429 is retried after the time the service names, also where the job has no retries, a few times")]
    [InlineData(1, 30, RunState.Pending)]
    [InlineData(4, 30, RunState.Pending)]
    [InlineData(5, 30, RunState.Failed)]
    [InlineData(1, null, RunState.Failed)]
    public void A_busy_target_is_asked_again_when_it_says(int attempt, int? asked, RunState state)
    {
        var failure = Failed(FailureKinds.TooManyRequests) with { RetryAfter = asked is { } wait ? TimeSpan.FromSeconds(wait) : null };

        var settlement = Settlement.Of(SomeJob.Leased(Job(attempts: 1), Begun, attempt), failure, Begun, Now, random: 0);

        settlement.State.ShouldBe(state);
        settlement.NotBefore.ShouldBe(state is RunState.Pending ? Now.AddSeconds(30) : null);
    }

    [Fact]
    public void A_job_that_leaves_429_out_of_its_retries_is_not_retried_for_it()
    {
        var job = Job(attempts: 1) with { Retry = RetryPolicy.None with { On = FailureKinds.Network } };
        var failure = Failed(FailureKinds.TooManyRequests) with { RetryAfter = TimeSpan.FromSeconds(30) };

        Settlement.Of(SomeJob.Leased(job, Begun), failure, Begun, Now, 0).State.ShouldBe(RunState.Failed);
    }

    [Theory]
    [InlineData(CatchUp.Latest, 3, true)]
    [InlineData(CatchUp.Latest, 1, false)]
    [InlineData(CatchUp.All, 3, false)]
    [InlineData(CatchUp.None, 3, false)]
    public void Only_under_catch_up_latest_does_a_success_end_older_runs_that_wait_for_a_retry(
        CatchUp catchUp,
        int attempts,
        bool supersedes
    )
    {
        var leased = SomeJob.Leased(Job(attempts) with { CatchUp = catchUp }, Begun);

        Settlement.Of(leased, new Outcome.Success(), Begun, Now, 0).SupersedesOlder.ShouldBe(supersedes);
    }

    private static Outcome.Failure Failed(FailureKinds kind) => new(kind, "it did not work");

    private static JobDefinition Job(int attempts) =>
        SomeJob.Definition(change: job =>
            job with
            {
                Retry = new RetryPolicy(attempts, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), FailureKinds.Transient),
            }
        );
}
