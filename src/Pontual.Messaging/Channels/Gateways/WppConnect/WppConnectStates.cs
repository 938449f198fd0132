namespace Pontual.Messaging.Channels.Gateways.WppConnect;

/// <summary>WPPConnect's words for states, in ours.</summary>
internal static class WppConnectStates
{
    /// <summary>Of <c>status-session</c>.</summary>
    public static SessionState OfStatus(string? status) =>
        status?.ToUpperInvariant() switch
        {
            null or "CLOSED" => SessionState.Stopped,
            "INITIALIZING" => SessionState.Connecting,
            "QRCODE" or "PHONECODE" => SessionState.NeedsPairing,
            "CONNECTED" => SessionState.Connected,
            _ => SessionState.Unknown,
        };

    /// <summary>Of the webhook <c>status-find</c>. Unlinked by the phone is written in two ways: the library's own is misspelt.</summary>
    public static SessionState OfFind(string? status) =>
        status switch
        {
            "inChat" => SessionState.Connected,
            "isLogged" or "qrReadSuccess" => SessionState.Connecting,
            "notLogged" or "qrReadFail" or "qrReadError" => SessionState.NeedsPairing,
            "desconnectedMobile" or "disconnectedMobile" => SessionState.LoggedOut,
            "autocloseCalled" or "browserClose" or "serverClose" => SessionState.Stopped,
            "phoneNotConnected" => SessionState.Degraded,
            _ => SessionState.Unknown,
        };
}
