namespace Pontual.Messaging.Channels.Gateways.Evolution;

/// <summary>Evolution's words for states, and the codes of disconnections behind them.</summary>
internal static class EvolutionStates
{
    private const string Open = "open";
    private const string OnItsWay = "connecting";
    private const string Ended = "close";

    /// <summary>The state by the two answers that Evolution has: what it has in memory, and what it wrote into its database, which a passing loss never is.</summary>
    /// <param name="memory">connectionState; null when the instance is not loaded.</param>
    /// <param name="database">connectionStatus of fetchInstances.</param>
    /// <param name="code">Why it last ended for good; null for never. It is never taken back: it counts only while the database says close.</param>
    public static (SessionState State, string? Note) Of(string? memory, string? database, int? code) =>
        (memory, database) switch
        {
            (null, _) => (SessionState.Stopped, "the instance is not loaded: it has a row and no connection"),
            (Open, Open) => (SessionState.Connected, null),
            (Open, _) => (SessionState.Connected, $"open, and its database says {database}: the two disagree"),
            // The database says connecting only when a code is shown.
            (OnItsWay, OnItsWay) => (SessionState.NeedsPairing, null),
            (OnItsWay, Open) => (SessionState.Connecting, "it lost its connection and comes back by itself; no close is told for that"),
            (OnItsWay, _) => (SessionState.Connecting, null),
            // An end for good is written down: this one is passing, and Evolution tries again at once and without end. A code beside it is of an earlier end.
            (Ended, Open) => (SessionState.Connecting, "close, and its database says open: it is trying again by itself"),
            // Refused is told by a webhook alone: what stays is a code that nobody scanned, and a connection that is closed until it is asked for.
            (Ended, OnItsWay) => (SessionState.NeedsPairing, "it has shown its codes and waits: connect it again for another"),
            (Ended, _) => (Closed(code), code is { } known ? Words(known) : null),
            ("refused", _) => (SessionState.NeedsPairing, "it has shown all its codes: connect it again for another"),
            _ => (SessionState.Unknown, null),
        };

    /// <summary>The state that a webhook tells, without the database beside it.</summary>
    public static SessionState OfWebhook(string? state, int? code) =>
        state switch
        {
            Open => SessionState.Connected,
            OnItsWay => SessionState.Connecting,
            Ended or "closed" => Closed(code),
            "refused" => SessionState.NeedsPairing,
            _ => SessionState.Unknown,
        };

    /// <summary>What is to be said of a code of Baileys; null for nothing.</summary>
    public static string? Words(int code) =>
        code switch
        {
            401 => "the phone has unpaired it (401)",
            402 or 403 or 406 => $"the platform has probably blocked the number ({code})",
            408 => "the connection was lost, or nobody scanned the code (408)",
            411 => "the phone is not in multi-device mode (411)",
            428 => "the connection was closed (428)",
            440 => "another session has taken its place (440)",
            500 => "its credentials are broken (500)",
            503 => "WhatsApp was not available (503)",
            515 => "it had to be restarted after pairing (515)",
            _ => null,
        };

    private static SessionState Closed(int? code) =>
        code switch
        {
            401 => SessionState.LoggedOut,
            402 or 403 or 406 => SessionState.Banned,
            440 => SessionState.Conflict,
            _ => SessionState.Stopped,
        };
}
