using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Liveness;

/// <summary>What evidence makes of a session (gateways.md, 7.4 and 7.5).</summary>
public sealed class JudgementTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 14, 0, 0, TimeSpan.Zero);

    private static readonly Evidence Busy = new(new SessionFacts("sales", SessionState.Connected, "open"), Now.AddDays(-3))
    {
        WebhookAt = Now.AddMinutes(-1),
        InboundAt = Now.AddMinutes(-1),
        AckAt = Now.AddMinutes(-2),
    };

    [Fact]
    public void A_connected_session_that_is_heard_of_works() => Judge(Busy).ShouldBe(new Judgement(SessionState.Connected, null, false));

    [Fact(DisplayName = "S3-02 Silence alone is only suspicion, however long it is")]
    public void Silence_alone_is_only_suspicion()
    {
        var judged = Judge(Busy with { InboundAt = Now.AddHours(-30) });

        judged.State.ShouldBe(SessionState.Connected);
        judged.IsSuspect.ShouldBeTrue();
        judged.Reason.ShouldNotBeNull().ShouldContain("2026-03-09 08:00:00 UTC");
    }

    [Theory(DisplayName = "S3-02 Four hours without a message are suspect, unless it is usually quiet for longer from that hour on")]
    [InlineData(239, null, false)]
    [InlineData(240, null, true)]
    [InlineData(500, 600, false)]
    [InlineData(600, 600, true)]
    [InlineData(239, 60, false)]
    public void What_is_usual_counts(int silentMinutes, int? usualMinutes, bool suspect)
    {
        var evidence = Busy with
        {
            InboundAt = Now.AddMinutes(-silentMinutes),
            LearnedQuiet = usualMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
        };

        Judge(evidence).IsSuspect.ShouldBe(suspect);
    }

    [Fact(DisplayName = "S3-02 --silent-hours=N disregards what is usual, as the document's script does")]
    public void Silent_hours_disregard_what_is_usual()
    {
        var evidence = Busy with { InboundAt = Now.AddHours(-2), LearnedQuiet = TimeSpan.FromHours(12) };
        var rules = LivenessRules.Usual with { Silence = TimeSpan.FromHours(2), UseLearned = false };

        Judgement.Of(evidence, rules, Now).IsSuspect.ShouldBeTrue();
        Judge(evidence).IsSuspect.ShouldBeFalse();
    }

    [Fact]
    public void A_session_that_never_received_anything_counts_from_its_connection()
    {
        var fresh = Busy with { InboundAt = null, ReportedSince = Now.AddHours(-1) };

        Judge(fresh).IsSuspect.ShouldBeFalse();
        Judge(fresh with { ReportedSince = Now.AddHours(-5) }).IsSuspect.ShouldBeTrue();
    }

    [Fact]
    public void Silence_and_no_sign_of_life_is_a_zombie()
    {
        var silent = Busy with { InboundAt = Now.AddHours(-5) };

        Judge(silent with { Probe = new Probe(Now, false, "500") }).State.ShouldBe(SessionState.Zombie);
        Judge(silent with { Probe = new Probe(Now, true, "exists") }).State.ShouldBe(SessionState.Connected);
        Judge(silent with { Probe = new Probe(Now, null, "cannot be asked") }).State.ShouldBe(SessionState.Connected);
    }

    [Fact]
    public void A_failed_sign_of_life_without_silence_proves_nothing() =>
        Judge(Busy with { Probe = new Probe(Now, false, "500") }).State.ShouldBe(SessionState.Connected);

    [Theory]
    [InlineData(9, SessionState.Connected)]
    [InlineData(10, SessionState.Zombie)]
    public void Messages_that_are_taken_and_never_acknowledged_are_a_zombie(int minutes, SessionState expected) =>
        Judge(Busy with { UnacknowledgedSince = Now.AddMinutes(-minutes) }).State.ShouldBe(expected);

    [Fact]
    public void A_count_that_moves_without_webhooks_is_a_dead_path_and_not_a_dead_session()
    {
        var judged = Judge(Busy with { UnheardSince = Now.AddMinutes(-5), UnacknowledgedSince = Now.AddMinutes(-20) });

        judged.State.ShouldBe(SessionState.Degraded);
        judged.Reason.ShouldNotBeNull().ShouldContain("their way is dead");
    }

    [Fact]
    public void Messages_that_are_counted_and_not_told_while_other_webhooks_come_are_a_zombie() =>
        Judge(Busy with { MessagesMissingSince = Now.AddMinutes(-5) }).State.ShouldBe(SessionState.Zombie);

    [Fact]
    public void Webhooks_that_go_elsewhere_are_told_with_their_host()
    {
        var judged = Judge(Busy with { WebhookFault = "they go to other.example" });

        judged.State.ShouldBe(SessionState.Degraded);
        judged.Reason.ShouldNotBeNull().ShouldContain("other.example");
    }

    [Fact]
    public void A_restriction_is_told_while_it_lasts_and_not_after()
    {
        var restricted = Busy with { Restricted = new Restriction(RestrictionKind.Restricted, "timelock", Now.AddHours(1)) };

        Judge(restricted).State.ShouldBe(SessionState.Restricted);
        Judge(restricted with { Restricted = new Restriction(RestrictionKind.Restricted, "timelock", Now) }).IsWell.ShouldBeTrue();
        Judge(restricted with { Restricted = new Restriction(RestrictionKind.Warning, "YELLOW") }).IsWell.ShouldBeTrue();
    }

    [Fact]
    public void A_restricted_session_can_be_a_zombie_too() =>
        Judge(Busy with { Restricted = new Restriction(RestrictionKind.Restricted, "timelock"), UnacknowledgedSince = Now.AddHours(-1) })
            .State.ShouldBe(SessionState.Zombie);

    [Fact]
    public void A_blocked_number_is_banned_whatever_its_session_says() =>
        Judge(Busy with { Restricted = new Restriction(RestrictionKind.Blocked, "BANNED") }).State.ShouldBe(SessionState.Banned);

    [Fact]
    public void Every_state_but_connected_is_taken_as_it_is_said()
    {
        foreach (var state in Enum.GetValues<SessionState>().Where(state => state is not SessionState.Connected))
        {
            var said = Busy with { Reported = new SessionFacts("sales", state, "raw-word") { Code = 440 } };

            var judged = Judge(said);

            judged.State.ShouldBe(state);
            judged.Reason.ShouldNotBeNull().ShouldContain("raw-word (code 440)");
        }
    }

    [Fact]
    public void A_session_that_hangs_on_its_way_or_goes_in_circles_is_told_so()
    {
        var connecting = Busy with
        {
            Reported = new SessionFacts("sales", SessionState.Connecting, "connecting"),
            ReportedSince = Now.AddMinutes(-11),
        };

        Judge(connecting).Reason.ShouldNotBeNull().ShouldContain("stuck");
        Judge(connecting with { ChangesPerHour = 40 }).Reason.ShouldNotBeNull().ShouldContain("40 times");
    }

    private static Judgement Judge(Evidence evidence) => Judgement.Of(evidence, LivenessRules.Usual, Now);
}
