using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>How sessions are to be checked.</summary>
public sealed record CheckWish
{
    /// <summary>Nothing is changed, here or at gateways: it only says what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary>When something counts, and how hard it is tried.</summary>
    public LivenessRules Rules { get; init; } = LivenessRules.Usual;

    /// <summary>As the script of S3 does: whoever was silent for so long is asked for a code, whatever is usual for the hour.</summary>
    /// <param name="silence">For how long.</param>
    public CheckWish Silent(TimeSpan silence) => this with { Rules = Rules with { Silence = silence, UseLearned = false } };
}

/// <summary>What a check of a tenant's sessions came to.</summary>
/// <param name="AlreadyRunning">Another one goes on: this one did nothing.</param>
/// <param name="Channels">What was found of each channel.</param>
/// <param name="Gateways">Gateways that could not be asked.</param>
public sealed record CheckReport(bool AlreadyRunning, IReadOnlyList<ChannelFinding> Channels, IReadOnlyList<GatewayFinding> Gateways)
{
    /// <summary>Another check goes on.</summary>
    public static CheckReport Busy { get; } = new(true, [], []);

    /// <summary>How many steps were tried, without error.</summary>
    public int Tried => Channels.Count(channel => channel is { Step: not null, Error: null });
}

/// <summary>What a check found of a channel, and did.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="State">How it is.</param>
/// <param name="Reason">Why; null when it is well.</param>
public sealed record ChannelFinding(string Channel, SessionState State, string? Reason)
{
    /// <summary>Whether it is suspect.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>The step that was tried, or would be; null for none.</summary>
    public CureStep? Step { get; init; }

    /// <summary>What people are asked for; null for nothing.</summary>
    public AskFor? Asked { get; init; }

    /// <summary>What the gateway said against the step; null when it took it, or there was none.</summary>
    public string? Error { get; init; }

    /// <summary>What else there is to say: why nothing is done, that it works again.</summary>
    public string? Note { get; init; }

    /// <summary>With one more thing to say.</summary>
    internal ChannelFinding Noting(string note) => this with { Note = Note is null ? note : $"{Note}; {note}" };

    /// <summary>Whether there is anything to say of it (S3-04).</summary>
    public bool IsNews => State is not SessionState.Connected || IsSuspect || Step is not null || Note is not null;
}

/// <summary>A gateway that could not be asked.</summary>
/// <param name="Gateway">Its name.</param>
/// <param name="Fault">What sort of trouble.</param>
/// <param name="Detail">The same for people, with the likely cause (S3-05).</param>
public sealed record GatewayFinding(string Gateway, GatewayFault Fault, string Detail);
