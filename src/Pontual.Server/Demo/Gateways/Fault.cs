namespace Pontual.Server.Demo.Gateways;

/// <summary>Something that goes wrong in the simulated world.</summary>
/// <param name="Kind">What.</param>
public sealed record Fault(FaultKind Kind)
{
    /// <summary>How long it lasts; null until it is cured or ended.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>How many requests or webhooks it hits; null for all while it lasts.</summary>
    public int? Times { get; init; }

    /// <summary>What cures a drop, a zombie or a dead webhook path.</summary>
    public Recovery Recovery { get; init; } = Recovery.Restart;
}

/// <summary>What brings a session back. What cures more includes what cures less.</summary>
public enum Recovery
{
    /// <summary>It comes back by itself when the fault's time is over.</summary>
    Itself,

    /// <summary>A restart of its connection.</summary>
    Restart,

    /// <summary>Stopping and starting it.</summary>
    StopStart,

    /// <summary>A restart of the whole gateway.</summary>
    Process,

    /// <summary>Scanning a new code with the phone.</summary>
    Pairing,
}

/// <summary>What can go wrong.</summary>
public enum FaultKind
{
    /// <summary>The connection is lost; what brings it back is the fault's recovery.</summary>
    Drop,

    /// <summary>It reports connected and is dead: nothing comes in, what is sent is accepted and never acknowledged, probes fail.</summary>
    Zombie,

    /// <summary>Its webhooks are not sent. All else works, and its counter moves.</summary>
    Deaf,

    /// <summary>Somebody else has put another address into its webhook setting.</summary>
    WebhookStolen,

    /// <summary>It has to be paired and never gets a code.</summary>
    QrLoop,

    /// <summary>Another client of the same account pushes it out, again and again (440).</summary>
    Conflict,

    /// <summary>The platform lets it begin no new chats until the fault ends (463).</summary>
    Timelock,

    /// <summary>Its quota of new chats is used up until the fault ends (475).</summary>
    Capped,

    /// <summary>The platform has blocked the number (403).</summary>
    Banned,

    /// <summary>The phone has unpaired it (401).</summary>
    LoggedOut,

    /// <summary>Acknowledgements of what was sent are held back.</summary>
    HoldAcks,

    /// <summary>Webhooks come twice.</summary>
    DuplicateWebhooks,

    /// <summary>Each two webhooks of a session change places.</summary>
    ReorderedWebhooks,

    /// <summary>The end of a connection is not told by a webhook.</summary>
    NoCloseEvent,

    /// <summary>It tells that it is connecting a hundred times a second and never is (Evolution without a network).</summary>
    ConnectStorm,

    /// <summary>The gateway breaks every connection.</summary>
    GatewayDown,

    /// <summary>The gateway restarts: gone for its time, or five seconds; then all sessions connect anew. Webhooks that waited are lost.</summary>
    GatewayRestart,

    /// <summary>The gateway asks for a licence.</summary>
    Unlicensed,

    /// <summary>Answers take 30 seconds of the clock.</summary>
    Slow,

    /// <summary>Answers are 429 with a wait of 7 seconds.</summary>
    TooMany,

    /// <summary>Answers are 200 and tell of an error in the body.</summary>
    ErrorWith200,

    /// <summary>Answers are 500 with words that prove nothing.</summary>
    ServerError,

    /// <summary>A message is sent, and the connection breaks before the answer.</summary>
    LostAnswer,

    /// <summary>Looking a number up fails. WPPConnect then answers 400 that it does not exist, and sends all the same.</summary>
    LookupFails,
}

/// <summary>The words for faults: what is written in requests to <c>/control/faults</c>.</summary>
public static class FaultKinds
{
    /// <summary>All of them.</summary>
    public static string All { get; } = string.Join(", ", Enum.GetValues<FaultKind>().Select(Word));

    /// <summary>The word: small letters, with hyphens.</summary>
    public static string Word(this FaultKind kind) =>
        kind == FaultKind.ErrorWith200 ? "error-200"
        : kind == FaultKind.TooMany ? "429"
        : string.Concat(kind.ToString().Select((letter, at) => at > 0 && char.IsUpper(letter) ? $"-{letter}" : $"{letter}"))
            .ToLowerInvariant();

    /// <returns>False when it is none of the words.</returns>
    public static bool TryParse(string? text, out FaultKind kind)
    {
        kind = Enum.GetValues<FaultKind>().FirstOrDefault(each => each.Word() == text);
        return kind.Word() == text;
    }

    /// <summary>Whether it hits requests to the gateway and not a session's life.</summary>
    internal static bool HitsRequests(this FaultKind kind) =>
        kind
            is FaultKind.GatewayDown
                or FaultKind.Unlicensed
                or FaultKind.Slow
                or FaultKind.TooMany
                or FaultKind.ErrorWith200
                or FaultKind.ServerError
                or FaultKind.LostAnswer;
}
