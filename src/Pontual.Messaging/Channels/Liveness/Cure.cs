using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Channels.Liveness;

/// <summary>What is to be done for a session that does not work. Closed.</summary>
public abstract record Cure
{
    private Cure() { }

    /// <summary>Nothing now.</summary>
    /// <param name="Why">For people.</param>
    public sealed record Wait(string Why) : Cure;

    /// <summary>A step at the gateway, now.</summary>
    /// <param name="What">Which.</param>
    public sealed record Step(CureStep What) : Cure;

    /// <summary>Nothing at the gateway: a person must act.</summary>
    /// <param name="What">What is asked of them.</param>
    public sealed record Ask(AskFor What) : Cure;
}

/// <summary>What people are asked for.</summary>
public enum AskFor
{
    /// <summary>To restart the process of the gateway: all steps were in vain.</summary>
    RestartGateway,

    /// <summary>To pair the session anew with the phone.</summary>
    Pair,

    /// <summary>To end the other session of the account.</summary>
    EndConflict,

    /// <summary>To wait, and to send nothing to strangers: a restart makes a restriction worse.</summary>
    WaitForRestriction,

    /// <summary>To look into a number that the platform has probably blocked.</summary>
    LookIntoBan,

    /// <summary>To look after the gateway: it cannot be reached.</summary>
    LookAfterGateway,

    /// <summary>To activate the gateway's licence.</summary>
    Licence,

    /// <summary>To look at a session that goes in circles, or hangs on its way.</summary>
    LookAtSession,

    /// <summary>To find out why a session comes up and falls again at once: another session in its place, or a number that is blocked.</summary>
    LookIntoFall,
}

/// <summary>What was already done in an outage.</summary>
/// <param name="Attempts">Attempts in all.</param>
/// <param name="Step">The step of the last one; null before the first.</param>
/// <param name="OfStep">Attempts of that step.</param>
/// <param name="NextAt">Before this instant none follows; null for any time.</param>
/// <param name="Asked">What people were asked for; null when they were not.</param>
/// <param name="At">When the last attempt was; null before the first.</param>
public readonly record struct Tried(
    int Attempts,
    CureStep? Step,
    int OfStep,
    DateTimeOffset? NextAt,
    AskFor? Asked,
    DateTimeOffset? At = null
)
{
    /// <summary>Whether the last step was one that lets the session connect anew.</summary>
    public bool IsReconnect => Step is not null and not CureStep.SetWebhook;
}
