using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Channels.Liveness;

/// <summary>Which cure comes next (gateways.md, 7.6): the mildest first, each a few times with growing waits, then a person. None of them unpairs a session,
/// and none is tried while the platform restricts it, while another session has its place, or while it is on its way already.</summary>
public static class CureLadder
{
    /// <param name="judgement">How the session is.</param>
    /// <param name="evidence">What is known of it.</param>
    /// <param name="tried">What was done in this outage.</param>
    /// <param name="traits">What its gateway can do.</param>
    /// <param name="rules">How hard it is tried.</param>
    /// <param name="now">The instant.</param>
    public static Cure Next(
        Judgement judgement,
        Evidence evidence,
        Tried tried,
        GatewayTraits traits,
        LivenessRules rules,
        DateTimeOffset now
    ) =>
        judgement.State switch
        {
            SessionState.Connected => new Cure.Wait("it works"),
            SessionState.GatewayDown => new Cure.Ask(AskFor.LookAfterGateway),
            SessionState.GatewayUnlicensed => new Cure.Ask(AskFor.Licence),
            SessionState.Banned => new Cure.Ask(AskFor.LookIntoBan),
            SessionState.Conflict => new Cure.Ask(AskFor.EndConflict),
            SessionState.LoggedOut => new Cure.Ask(AskFor.Pair),
            // Where webhooks go can be mended in any state: nothing is restarted for it.
            SessionState.Degraded when CanSet(tried, traits, rules) => Climb([CureStep.SetWebhook], tried, rules, now),
            _ when evidence.IsRestricted(now) => new Cure.Ask(AskFor.WaitForRestriction),
            SessionState.Connecting => OnItsWay(evidence, tried, traits, rules, now),
            // Its gateway fails over it, and does not say how it is: it may live, or be on its way. What is not known is not restarted.
            SessionState.Unknown when evidence.UnaskedSince is not null => new Cure.Ask(AskFor.LookAtSession),
            SessionState.Stopped when FellAgain(evidence, tried, rules) && !IsAtEnd(tried.Asked) => new Cure.Ask(AskFor.LookIntoFall),
            SessionState.NeedsPairing => Pairing(tried, traits, rules, now),
            SessionState.Degraded => Climb(Steps(traits, CureStep.SetWebhook), tried, rules, now),
            _ => Climb(Steps(traits, CureStep.Nudge), tried, rules, now),
        };

    /// <summary>How long to wait after an attempt.</summary>
    /// <param name="attempts">Attempts in this outage so far, that one included.</param>
    /// <param name="rules">How waits grow.</param>
    /// <param name="chance">0 to 1, at random.</param>
    public static TimeSpan WaitAfter(int attempts, LivenessRules rules, double chance)
    {
        var grown = rules.FirstWait * Math.Pow(2, Math.Min(attempts - 1, 20));
        var wait = grown < rules.LongestWait ? grown : rules.LongestWait;
        return wait * (1 + (rules.Jitter * ((2 * chance) - 1)));
    }

    /// <summary>Whether people were asked because all steps were in vain. What else they are asked for ends one day, and then steps are tried as ever.</summary>
    public static bool IsAtEnd(AskFor? asked) => asked is AskFor.RestartGateway or AskFor.Pair or AskFor.LookIntoFall;

    private static bool CanSet(Tried tried, GatewayTraits traits, LivenessRules rules) =>
        traits.Steps.Contains(CureStep.SetWebhook)
        && (tried.Step is null || (tried.Step is CureStep.SetWebhook && tried.OfStep < rules.AttemptsPerStep));

    /// <summary>What connects by itself is left alone. What hangs since a step of ours is ours to help on: by the next step, for this one has not helped.</summary>
    private static Cure OnItsWay(Evidence evidence, Tried tried, GatewayTraits traits, LivenessRules rules, DateTimeOffset now)
    {
        if (Math.Max(evidence.ChangesPerHour, evidence.ChangesLately) >= rules.LoopPerHour)
        {
            return new Cure.Ask(AskFor.LookAtSession);
        }

        if (tried.IsReconnect && tried.At is { } step && evidence.ReportedSince <= step)
        {
            return now - step < rules.HangsAfterStep ? new Cure.Wait("it is on its way since the last step")
                : IsAtEnd(tried.Asked) ? Climb(Steps(traits, CureStep.Nudge), tried, rules, now)
                : Climb([.. traits.Steps.Where(one => one > tried.Step)], tried, rules, now);
        }

        return now - evidence.ReportedSince >= rules.StuckConnecting
            ? new Cure.Ask(AskFor.LookAtSession)
            : new Cure.Wait("it is on its way: a restart would only set it back");
    }

    /// <summary>It was up after our step, or on its way, and fell again by itself, and its gateway does not say why. Somebody keeps it down:
    /// another session in its place, or the platform. Restarting it again and again makes neither better.</summary>
    private static bool FellAgain(Evidence evidence, Tried tried, LivenessRules rules) =>
        tried.IsReconnect
        && evidence is { Told: SessionState.Stopped, Reported: { State: SessionState.Stopped, Code: null } }
        && evidence.ChangedAt > tried.At
        && evidence.ChangedAt < tried.At + rules.HangsAfterStep;

    /// <summary>A code that nobody scans is no reason to restart: that would only make another one. Where asking for the code looks after a connection too
    /// (S3-01), that is done, and a person is asked all the same.</summary>
    private static Cure Pairing(Tried tried, GatewayTraits traits, LivenessRules rules, DateTimeOffset now) =>
        !traits.Steps.Contains(CureStep.Nudge) || tried.Step is not null && tried.Asked is null
            ? new Cure.Ask(AskFor.Pair)
            : Climb([CureStep.Nudge], tried, rules, now, AskFor.Pair);

    private static List<CureStep> Steps(GatewayTraits traits, CureStep from) => [.. traits.Steps.Where(step => step >= from)];

    private static Cure Climb(
        IReadOnlyList<CureStep> steps,
        Tried tried,
        LivenessRules rules,
        DateTimeOffset now,
        AskFor last = AskFor.RestartGateway
    )
    {
        if (tried.NextAt > now)
        {
            return new Cure.Wait("the last attempt was a moment ago");
        }

        if (steps.Count == 0)
        {
            return new Cure.Ask(last);
        }

        // A person was asked: the mildest step now and then, for some gateways come back by themselves.
        if (IsAtEnd(tried.Asked) || tried.Step is not { } step)
        {
            return new Cure.Step(steps[0]);
        }

        if (tried.OfStep < rules.AttemptsPerStep && steps.Contains(step))
        {
            return new Cure.Step(step);
        }

        var next = steps.FirstOrDefault(one => one > step, step);
        return next > step ? new Cure.Step(next) : new Cure.Ask(last);
    }
}
