namespace Pontual.Messaging.Channels.Liveness;

/// <summary>When a session counts as dead, and how hard it is tried to bring it back. Defaults from gateways.md, 7.4 to 7.6.</summary>
public sealed record LivenessRules
{
    /// <summary>How long nothing may come in before a session is suspect, where nothing is learned yet, and the least for any hour. S3-02: 4 h.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Whether what was learned of quiet hours counts; <c>--silent-hours</c> says no.</summary>
    public bool UseLearned { get; init; } = true;

    /// <summary>How long a message that the gateway has taken may be without the platform's acknowledgement. 7.5 (a).</summary>
    public TimeSpan Unacknowledged { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long something may have happened at the gateway without a webhook of it. 7.5 (b).</summary>
    public TimeSpan Unheard { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a session may be on its way before somebody is asked to look.</summary>
    public TimeSpan StuckConnecting { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a session may hang on its way after a step of ours before the next step: what we restarted, we may restart once more.</summary>
    public TimeSpan HangsAfterStep { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long a gateway may answer that it cannot be asked now (429, a failure of its own, nothing in time), before its channels count as not reachable.
    /// One such answer is no outage: with usual checks it is the next one that tells.</summary>
    public TimeSpan Unasked { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How many changes of state in an hour are a loop.</summary>
    public int LoopPerHour { get; init; } = 20;

    /// <summary>How long after its last change a session that went in circles counts as calm.</summary>
    public TimeSpan LoopCalm { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts of one step before the next one.</summary>
    public int AttemptsPerStep { get; init; } = 2;

    /// <summary>Wait after the first attempt; it doubles with each further one.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait between attempts of the ladder.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Share by which waits differ at random, so that sessions that fell together do not rise together. ±20 %.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>How often the mildest step is tried again after all steps were in vain and a person was asked.</summary>
    public TimeSpan AfterAsking { get; init; } = TimeSpan.FromHours(6);

    /// <summary>A session that fails again so soon after an outage continues that one, with the attempts it has cost.</summary>
    public TimeSpan Relapse { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Most attempts at one gateway within a minute: no storm of reconnects.</summary>
    public int AttemptsPerMinute { get; init; } = 5;

    /// <summary>How often a session that is suspect is asked for a sign of life.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often it is looked where a session's webhooks go.</summary>
    public TimeSpan WebhookLook { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The usual ones.</summary>
    public static LivenessRules Usual { get; } = new();
}
