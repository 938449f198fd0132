using System.Text.Json;

namespace Pontual.Messaging.Channels.Gateways.CloudApi;

/// <summary>An error of the Graph API, in an answer or in a webhook of a message that failed.</summary>
/// <param name="Code">Its code; what it means is decided by this alone, for texts change.</param>
/// <param name="Subcode">A closer code; 0 for none.</param>
/// <param name="Text">What it says.</param>
internal sealed record CloudApiError(long Code, long Subcode, string Text)
{
    private const long UnknownObject = 33;
    private static readonly TimeSpan PairPace = TimeSpan.FromSeconds(6);

    // Meta asks not to try again soon; a day is ours.
    private static readonly TimeSpan MarketingPause = TimeSpan.FromDays(1);

    /// <returns>Null when it is no error.</returns>
    public static CloudApiError? In(JsonElement json) => json.Get("error") is { ValueKind: JsonValueKind.Object } error ? Of(error) : null;

    /// <summary>An error itself.</summary>
    public static CloudApiError Of(JsonElement error)
    {
        var (said, details) = (error.Text("message") ?? error.Text("title") ?? "no reason", error.Text("error_data", "details"));
        var text = details is null || said.Contains(details, StringComparison.Ordinal) ? said : $"{said}: {details}";
        return new CloudApiError(error.Number("code") ?? -1, error.Number("error_subcode") ?? 0, text);
    }

    /// <summary>What sort of trouble it is for whoever asked.</summary>
    public GatewayFault Fault =>
        Cause switch
        {
            RejectionCause.ChannelStopped when Subcode is UnknownObject => GatewayFault.NotFound,
            RejectionCause.ChannelStopped => GatewayFault.Unauthorized,
            RejectionCause.ChannelPaced => GatewayFault.TooMany,
            _ => GatewayFault.Failed,
        };

    /// <summary>Why a message was not taken, or failed later.</summary>
    public RejectionCause Cause =>
        Code switch
        {
            100 when Subcode is UnknownObject => RejectionCause.ChannelStopped,
            // The token, its rights, the account, its payments, the registration of the number, its name: a person must act.
            0 or 3 or 10 or 190 or (>= 200 and <= 299) or 368 or 131005 or 131031 or 131037 or 131042 or 131045 =>
                RejectionCause.ChannelStopped,
            >= 133000 and <= 133999 => RejectionCause.ChannelStopped,
            4 or 80007 or 130429 => RejectionCause.ChannelPaced,
            // The limit for what looks like spam: waiting a moment does not end it.
            131048 => RejectionCause.ChannelRestricted,
            131056 or 131049 => RejectionCause.RecipientPaced,
            131050 => RejectionCause.OptedOut,
            131047 => RejectionCause.OutsideWindow,
            131026 => RejectionCause.NumberInvalid,
            100 or 131008 or 131009 or 131021 or 131051 or 131052 or 131053 or 131062 => RejectionCause.BadMessage,
            // Templates: wrong texts, unknown, paused, switched off.
            >= 132000 and <= 132999 => RejectionCause.BadMessage,
            131057 => RejectionCause.ChannelDown,
            _ => RejectionCause.Other,
        };

    /// <summary>What it makes of a message that was to be sent.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="said">For people.</param>
    /// <param name="wait">What the answer asks to wait; null for nothing.</param>
    public SendOutcome Outcome(int status, string said, TimeSpan? wait) =>
        Cause switch
        {
            RejectionCause.OptedOut or RejectionCause.OutsideWindow or RejectionCause.NumberInvalid or RejectionCause.BadMessage =>
                new SendOutcome.RejectedPermanent(Cause, said),
            RejectionCause.RecipientPaced => new SendOutcome.RejectedRetryable(
                Cause,
                said,
                Code is 131049 ? MarketingPause : wait ?? PairPace
            ),
            RejectionCause.ChannelStopped
            or RejectionCause.ChannelPaced
            or RejectionCause.ChannelRestricted
            or RejectionCause.ChannelDown => new SendOutcome.RejectedRetryable(Cause, said, wait),
            // Their own trouble (1, 2, 131000, 131016) may have come after the message left.
            _ when status >= 500 || Code is 1 or 2 or 131000 or 131016 => new SendOutcome.Unknown(said),
            _ => new SendOutcome.RejectedPermanent(Cause, said),
        };
}
