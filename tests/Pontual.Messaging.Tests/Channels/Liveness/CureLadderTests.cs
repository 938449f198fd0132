using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Outages;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Liveness;

/// <summary>Which cure comes next (gateways.md, 7.6).</summary>
public sealed class CureLadderTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 14, 0, 0, TimeSpan.Zero);

    private static readonly GatewayTraits All = new()
    {
        Steps = [CureStep.SetWebhook, CureStep.Nudge, CureStep.Restart, CureStep.StopStart],
    };

    private static readonly GatewayTraits Evolution = new() { Steps = [CureStep.SetWebhook, CureStep.Restart] };
    private static readonly GatewayTraits Wrapper = new() { Steps = [CureStep.Nudge] };
    private static readonly GatewayTraits Cloud = new() { Steps = [CureStep.SetWebhook] };

    public static TheoryData<SessionState, string> FirstCures =>
        new()
        {
            { SessionState.Stopped, "Nudge" },
            { SessionState.Unknown, "Nudge" },
            { SessionState.Zombie, "Nudge" },
            { SessionState.Degraded, "SetWebhook" },
            { SessionState.NeedsPairing, "Nudge" },
            { SessionState.Conflict, "EndConflict" },
            { SessionState.LoggedOut, "Pair" },
            { SessionState.Banned, "LookIntoBan" },
            { SessionState.GatewayDown, "LookAfterGateway" },
            { SessionState.GatewayUnlicensed, "Licence" },
        };

    [Theory]
    [MemberData(nameof(FirstCures))]
    public void Each_trouble_begins_on_its_own_rung(SessionState state, string expected) =>
        Word(Next(state, All, default)).ShouldBe(expected);

    [Fact]
    public void Steps_are_climbed_one_after_the_other_each_twice_with_growing_waits_and_then_a_person_is_asked()
    {
        var (steps, waits) = Climb(SessionState.Zombie, All);

        steps.ShouldBe(["Nudge", "Nudge", "Restart", "Restart", "StopStart", "StopStart", "RestartGateway"]);
        waits.ShouldBe([30, 60, 120, 240, 480, 960]);
    }

    [Fact]
    public void A_dead_webhook_path_is_set_anew_before_anything_is_restarted()
    {
        var (steps, _) = Climb(SessionState.Degraded, Evolution);

        steps.ShouldBe(["SetWebhook", "SetWebhook", "Restart", "Restart", "RestartGateway"]);
        Climb(SessionState.Degraded, Cloud).Steps.ShouldBe(["SetWebhook", "SetWebhook", "RestartGateway"]);
    }

    [Fact(DisplayName = "S3-07 After a person was asked, the mildest step is tried only every six hours: a storm is impossible")]
    public void After_asking_the_mildest_step_is_tried_now_and_then()
    {
        var outage = Climbed(SessionState.Stopped, Evolution, out var now);
        var asked = now;

        var attempts = 0;
        for (; now < asked.AddDays(3); now += TimeSpan.FromSeconds(30))
        {
            if (Next(SessionState.Stopped, Evolution, outage.Tried, now) is Cure.Step step)
            {
                step.What.ShouldBe(CureStep.Restart);
                outage = outage.Trying(step.What, now, LivenessRules.Usual, 0.5);
                attempts++;
            }
        }

        attempts.ShouldBe(12);
    }

    [Fact]
    public void Nothing_is_restarted_while_the_platform_restricts_the_number()
    {
        var restricted = Of(SessionState.Stopped) with
        {
            Restricted = new Restriction(RestrictionKind.Restricted, "timelock", Start.AddHours(1)),
        };
        foreach (var state in Enum.GetValues<SessionState>())
        {
            var cure = CureLadder.Next(new Judgement(state, "", false), restricted, default, All, LivenessRules.Usual, Start);

            (cure is Cure.Step { What: CureStep.Restart or CureStep.StopStart or CureStep.Nudge }).ShouldBeFalse(state.ToString());
        }

        Next(SessionState.Stopped, Evolution, default, Start.AddHours(2)).ShouldBe(new Cure.Step(CureStep.Restart));
    }

    [Fact]
    public void A_session_on_its_way_is_left_alone_and_a_person_is_asked_when_it_does_not_arrive()
    {
        var evidence = Of(SessionState.Connecting) with { ReportedSince = Start };
        var judged = new Judgement(SessionState.Connecting, "", false);

        for (var minutes = 0; minutes < 10; minutes++)
        {
            Next(evidence, judged, Start.AddMinutes(minutes)).ShouldBeOfType<Cure.Wait>();
        }

        Next(evidence, judged, Start.AddMinutes(10)).ShouldBe(new Cure.Ask(AskFor.LookAtSession));
        Next(evidence with { ChangesPerHour = 20 }, judged, Start.AddMinutes(1)).ShouldBe(new Cure.Ask(AskFor.LookAtSession));

        static Cure Next(Evidence evidence, Judgement judged, DateTimeOffset now) =>
            CureLadder.Next(judged, evidence, default, All, LivenessRules.Usual, now);
    }

    [Fact(DisplayName = "S3-07 What hangs on its way since our own step is helped on by the next one, and only that")]
    public void What_hangs_since_our_own_step_is_helped_on()
    {
        var outage = NewOutage(SessionState.Stopped).Trying(CureStep.Restart, Start, LivenessRules.Usual, 0.5);
        var ours = Of(SessionState.Connecting) with { ReportedSince = Start };
        var judged = new Judgement(SessionState.Connecting, "", false);
        var hung = Start + LivenessRules.Usual.HangsAfterStep;

        Next(ours, hung.AddSeconds(-1)).ShouldBeOfType<Cure.Wait>();
        Next(ours, hung).ShouldBe(new Cure.Step(CureStep.StopStart));
        // It began by itself, after our step had ended somehow.
        Next(ours with { ReportedSince = Start.AddSeconds(31) }, hung).ShouldBeOfType<Cure.Wait>();
        // It goes in circles: a restart would only be one more.
        Next(ours with { ChangesLately = 20 }, hung).ShouldBe(new Cure.Ask(AskFor.LookAtSession));
        // While it is restricted nothing is restarted, whoever began it.
        Next(ours with { Restricted = new Restriction(RestrictionKind.Restricted, "timelock") }, hung)
            .ShouldBe(new Cure.Ask(AskFor.WaitForRestriction));
        outage = outage.Trying(CureStep.StopStart, hung, LivenessRules.Usual, 0.5);
        Next(ours, hung.AddMinutes(30)).ShouldBe(new Cure.Ask(AskFor.RestartGateway));

        Cure Next(Evidence evidence, DateTimeOffset now) => CureLadder.Next(judged, evidence, outage.Tried, All, LivenessRules.Usual, now);
    }

    [Fact(
        DisplayName = "S3-07 What falls again at once without a reason is looked into; what tells its reason, or stood for a while, is not"
    )]
    public void What_falls_again_at_once_is_looked_into()
    {
        var outage = NewOutage(SessionState.Stopped).Trying(CureStep.Restart, Start, LivenessRules.Usual, 0.5);
        var fell = Of(SessionState.Stopped) with { Told = SessionState.Stopped, ChangedAt = Start.AddSeconds(13) };
        var later = Start.AddMinutes(5);

        Next(fell, later).ShouldBe(new Cure.Ask(AskFor.LookIntoFall));
        Next(fell with { Reported = fell.Reported with { Code = 408 } }, later).ShouldBe(new Cure.Step(CureStep.Restart));
        Next(fell with { ChangedAt = Start.AddMinutes(4) }, later).ShouldBe(new Cure.Step(CureStep.Restart));
        Next(fell with { ChangedAt = Start.AddMinutes(-1) }, later).ShouldBe(new Cure.Step(CureStep.Restart));
        outage = outage.Asking(AskFor.LookIntoFall, later, LivenessRules.Usual);
        Next(fell, later.AddMinutes(29)).ShouldBeOfType<Cure.Wait>();
        Next(fell, later.AddMinutes(30)).ShouldBe(new Cure.Step(CureStep.Nudge));
        outage = outage.Trying(CureStep.Nudge, later.AddMinutes(30), LivenessRules.Usual, 0.5);
        outage.NextAttemptAt.ShouldBe(later.AddMinutes(30) + LivenessRules.Usual.AfterAsking);

        Cure Next(Evidence evidence, DateTimeOffset now) =>
            CureLadder.Next(new Judgement(SessionState.Stopped, "", false), evidence, outage.Tried, All, LivenessRules.Usual, now);
    }

    [Fact]
    public void A_code_that_nobody_scans_is_no_reason_for_another_one()
    {
        Climb(SessionState.NeedsPairing, Evolution).Steps.ShouldBe(["Pair"]);
        Climb(SessionState.NeedsPairing, Wrapper).Steps.ShouldBe(["Nudge", "Pair"]);
    }

    [Fact]
    public void Waits_differ_by_a_fifth_at_most_and_never_grow_beyond_their_bound()
    {
        CureLadder.WaitAfter(1, LivenessRules.Usual, 0).ShouldBe(TimeSpan.FromSeconds(24));
        CureLadder.WaitAfter(1, LivenessRules.Usual, 1).ShouldBe(TimeSpan.FromSeconds(36));
        CureLadder.WaitAfter(1_000, LivenessRules.Usual, 1).ShouldBe(TimeSpan.FromMinutes(36));
    }

    [Fact]
    public void Another_trouble_begins_at_its_own_rung_and_the_attempts_go_on_counting()
    {
        var outage = NewOutage(SessionState.Stopped).Trying(CureStep.Restart, Start, LivenessRules.Usual, 0.5);

        var became = outage.Became(new Judgement(SessionState.NeedsPairing, "code", false), LivenessRules.Usual);

        became.Step.ShouldBeNull();
        became.Attempts.ShouldBe(1);
        became.Reason.ShouldBe("code");
    }

    [Fact(
        DisplayName = "S3-07 A session that connects after an attempt is on its way by it, and when it falls again the next step goes on from there"
    )]
    public void Being_on_its_way_is_no_other_trouble()
    {
        var outage = NewOutage(SessionState.Stopped).Trying(CureStep.Restart, Start, LivenessRules.Usual, 0.5);

        var onItsWay = outage.Became(new Judgement(SessionState.Connecting, "connecting", false), LivenessRules.Usual);
        var fallen = onItsWay.Became(new Judgement(SessionState.Stopped, "close", false), LivenessRules.Usual);

        onItsWay.Ended(Start, GapResult.None).CuredBy.ShouldBe(CureStep.Restart);
        fallen.Tried.ShouldBe(outage.Tried);
        fallen.Trying(CureStep.Restart, Start, LivenessRules.Usual, 0.5).OfStep.ShouldBe(2);
    }

    private static (IReadOnlyList<string> Steps, IReadOnlyList<double> Waits) Climb(SessionState state, GatewayTraits traits)
    {
        var (outage, now) = (NewOutage(state), Start);
        var (steps, waits) = (new List<string>(), new List<double>());
        while (outage.Asked is null)
        {
            var cure = Next(state, traits, outage.Tried, now);
            steps.Add(Word(cure));
            switch (cure)
            {
                case Cure.Step step:
                    outage = outage.Trying(step.What, now, LivenessRules.Usual, 0.5);
                    waits.Add((outage.NextAttemptAt!.Value - now).TotalSeconds);
                    Next(state, traits, outage.Tried, now).ShouldNotBeOfType<Cure.Step>();
                    now = outage.NextAttemptAt.Value;
                    break;
                case Cure.Ask ask:
                    outage = outage.Asking(ask.What, now, LivenessRules.Usual);
                    break;
                default:
                    throw new InvalidOperationException($"{cure} at {now}");
            }
        }

        return (steps, waits);
    }

    private static Outage Climbed(SessionState state, GatewayTraits traits, out DateTimeOffset now)
    {
        var outage = NewOutage(state);
        now = Start;
        while (outage.Asked is null)
        {
            switch (Next(state, traits, outage.Tried, now))
            {
                case Cure.Step step:
                    outage = outage.Trying(step.What, now, LivenessRules.Usual, 0.5);
                    break;
                case Cure.Ask ask:
                    outage = outage.Asking(ask.What, now, LivenessRules.Usual);
                    break;
            }

            now += TimeSpan.FromSeconds(30);
        }

        return outage;
    }

    private static Cure Next(SessionState state, GatewayTraits traits, Tried tried, DateTimeOffset? now = null) =>
        CureLadder.Next(new Judgement(state, "", false), Of(state), tried, traits, LivenessRules.Usual, now ?? Start);

    private static Evidence Of(SessionState state) => new(new SessionFacts("sales", state, "raw"), Start);

    private static Outage NewOutage(SessionState state) => new(Guid.Empty, Guid.Empty, state, "", Start, Start);

    private static string Word(Cure cure) =>
        cure switch
        {
            Cure.Step step => step.What.ToString(),
            Cure.Ask ask => ask.What.ToString(),
            _ => "Wait",
        };
}
