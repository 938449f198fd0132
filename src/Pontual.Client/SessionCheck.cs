namespace Pontual.Client;

/// <summary>What a check of sessions came to.</summary>
/// <param name="AlreadyRunning">Another one goes on: this one did nothing.</param>
/// <param name="DryRun">Nothing was changed.</param>
/// <param name="Checked">How many channels were looked at.</param>
/// <param name="Tried">How many steps were tried.</param>
/// <param name="Channels">What was found of each.</param>
/// <param name="Gateways">Gateways that could not be asked.</param>
public sealed record SessionCheck(
    bool AlreadyRunning,
    bool DryRun,
    int Checked,
    int Tried,
    IReadOnlyList<SessionFinding> Channels,
    IReadOnlyList<GatewayFinding> Gateways
);

/// <summary>What a check found of a channel.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="State">How it is judged.</param>
/// <param name="IsSuspect">Whether it is suspect.</param>
/// <param name="IsNews">Whether there is anything to say of it.</param>
/// <param name="Line">All of it on one line, for people.</param>
public sealed record SessionFinding(string Channel, string State, bool IsSuspect, bool IsNews, string Line)
{
    /// <summary>Why; null when it is well.</summary>
    public string? Reason { get; init; }

    /// <summary>The step that was tried, or would be; null for none.</summary>
    public string? Step { get; init; }

    /// <summary>What the gateway said against it; null for nothing.</summary>
    public string? Error { get; init; }

    /// <summary>What people are asked for; null for nothing.</summary>
    public string? Asked { get; init; }

    /// <summary>What else there is to say; null for nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>A gateway that could not be asked.</summary>
/// <param name="Gateway">Its name.</param>
/// <param name="Fault">What sort of trouble.</param>
/// <param name="Detail">The same for people, with the likely cause.</param>
public sealed record GatewayFinding(string Gateway, string Fault, string Detail);

/// <summary>When sessions were checked last.</summary>
/// <param name="StartedAt">When the last check began; null for never.</param>
/// <param name="EndedAt">When the last one that ended did so.</param>
/// <param name="IsRunning">Whether one goes on.</param>
/// <param name="Checks">How many there were.</param>
/// <param name="Channels">How many channels the last one looked at.</param>
/// <param name="Tried">How many steps it tried.</param>
public sealed record LatestSessionCheck(
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    bool IsRunning,
    long Checks,
    int Channels,
    int Tried
);

/// <summary>How sessions are to be checked.</summary>
/// <param name="DryRun">Changes nothing; null for no.</param>
/// <param name="SilentHours">From how many hours of silence on a session is suspect, whatever is usual; null to go by what is usual.</param>
public sealed record SessionCheckWish(bool? DryRun = null, int? SilentHours = null);

/// <summary>A step to try by hand.</summary>
/// <param name="Step"><c>set-webhook</c>, <c>nudge</c>, <c>restart</c> or <c>stop-start</c>; null for the mildest that reconnects.</param>
public sealed record CureWish(string? Step = null);

/// <summary>A step that was tried by hand.</summary>
/// <param name="Channel">With which channel.</param>
/// <param name="Step">Which.</param>
public sealed record Cured(string Channel, string Step);
