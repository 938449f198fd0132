using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;

namespace Pontual.Messaging.Channels.Outages;

/// <summary>A stretch in which a channel did not work: it has a beginning, an end, what was tried, what cured it, and what became of the messages meanwhile (S3-08).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Channel">Of which channel.</param>
/// <param name="State">What was wrong, at last.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="StartedAt">The last instant at which it is known to have worked: messages may be missing from then on.</param>
/// <param name="FoundAt">When it was found.</param>
public sealed record Outage(Guid Id, Guid Channel, SessionState State, string Reason, DateTimeOffset StartedAt, DateTimeOffset FoundAt)
{
    /// <summary>When it worked again; null as long as it does not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Attempts to cure it.</summary>
    public int Attempts { get; init; }

    /// <summary>The step of the last one; null before the first.</summary>
    public CureStep? Step { get; init; }

    /// <summary>Attempts of that step.</summary>
    public int OfStep { get; init; }

    /// <summary>When the last attempt was.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>When the next one may be.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>What people were asked for; null when they were not.</summary>
    public AskFor? Asked { get; init; }

    /// <summary>When they were asked.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>The step after which it worked again; null when that was without one (by itself, or by people who were asked), or it does not work yet.</summary>
    public CureStep? CuredBy { get; init; }

    /// <summary>What became of messages of the time meanwhile; null as long as it goes on.</summary>
    public GapResult? Gap { get; init; }

    /// <summary>Messages that were found afterwards.</summary>
    public int GapFound { get; init; }

    /// <summary>The same for people.</summary>
    public string? GapDetail { get; init; }

    /// <summary>How often the messages were looked for.</summary>
    public int GapTries { get; init; }

    /// <summary>What was tried, for the ladder.</summary>
    public Tried Tried => new(Attempts, Step, OfStep, NextAttemptAt, Asked, LastAttemptAt);

    /// <summary>It is found to be otherwise wrong than before: what was tried against the other trouble does not count against this one. That it is on its
    /// way after an attempt is no other trouble: where it leads to is still to be seen.</summary>
    /// <param name="judgement">How it is now.</param>
    /// <param name="rules">How long attempts wait at most.</param>
    public Outage Became(Judgement judgement, LivenessRules rules) =>
        judgement.State == State || (judgement.State is SessionState.Connecting && Step is not null)
            ? this with
            {
                Reason = judgement.Reason ?? Reason,
            }
            : this with
            {
                State = judgement.State,
                Reason = judgement.Reason ?? Reason,
                Step = null,
                OfStep = 0,
                Asked = null,
                AskedAt = null,
                // People were asked for something else (to look after the gateway, to wait): that this takes hours holds up no cure of what is wrong now.
                NextAttemptAt = Asked is null ? NextAttemptAt : LastAttemptAt + rules.LongestWait,
            };

    /// <summary>A step is about to be tried.</summary>
    /// <param name="step">Which.</param>
    /// <param name="now">The instant.</param>
    /// <param name="rules">How long the next one waits.</param>
    /// <param name="chance">0 to 1, at random.</param>
    public Outage Trying(CureStep step, DateTimeOffset now, LivenessRules rules, double chance) =>
        this with
        {
            Attempts = Attempts + 1,
            Step = step,
            OfStep = Step == step ? OfStep + 1 : 1,
            LastAttemptAt = now,
            NextAttemptAt = now + (CureLadder.IsAtEnd(Asked) ? rules.AfterAsking : CureLadder.WaitAfter(Attempts + 1, rules, chance)),
            // What had to be waited for is over.
            Asked = CureLadder.IsAtEnd(Asked) ? Asked : null,
            AskedAt = CureLadder.IsAtEnd(Asked) ? AskedAt : null,
        };

    /// <summary>A person is asked; once for each thing.</summary>
    public Outage Asking(AskFor what, DateTimeOffset now, LivenessRules rules) =>
        Asked == what
            ? this
            : this with
            {
                Asked = what,
                AskedAt = now,
                NextAttemptAt = what switch
                {
                    // What keeps it down may go away by itself: it is tried once more before it is tried only now and then.
                    AskFor.LookIntoFall => now + rules.LongestWait,
                    _ when CureLadder.IsAtEnd(what) && !(NextAttemptAt > now + rules.AfterAsking) => now + rules.AfterAsking,
                    _ => NextAttemptAt,
                },
            };

    /// <summary>It works again.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="gap">What is to become of the messages meanwhile.</param>
    public Outage Ended(DateTimeOffset now, GapResult gap) =>
        this with
        {
            EndedAt = now,
            // People were asked after the last step, for it had not helped: what helped is theirs, or it came back by itself.
            CuredBy = Asked is not null && !(LastAttemptAt > AskedAt) ? null : Step,
            Gap = gap,
            GapDetail = gap is GapResult.NotPossible ? "the gateway cannot list messages: ask the people who wrote meanwhile" : null,
        };

    /// <summary>It fails again so soon that it is the same trouble: with the attempts it has cost, and without an end.</summary>
    public Outage Reopened(Judgement judgement, LivenessRules rules) =>
        (this with { EndedAt = null, CuredBy = null, Gap = null, GapDetail = null }).Became(judgement, rules);
}

/// <summary>What became of the messages of an outage.</summary>
public enum GapResult
{
    /// <summary>They are still to be looked for.</summary>
    Pending,

    /// <summary>None was missed.</summary>
    None,

    /// <summary>Some were missed, and are here now.</summary>
    Found,

    /// <summary>The gateway cannot tell.</summary>
    NotPossible,

    /// <summary>The gateway did not answer.</summary>
    Failed,
}
