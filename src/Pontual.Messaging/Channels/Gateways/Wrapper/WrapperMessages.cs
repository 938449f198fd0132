namespace Pontual.Messaging.Channels.Gateways.Wrapper;

/// <summary>The wrapper neither sends nor looks anything up.</summary>
internal sealed class WrapperMessages : IMessageGateway
{
    private const string Why =
        "this gateway (kind 'wrapper') only lists channels and shows their codes: connect the WPPConnect-Server behind it (kind 'wppconnect') to send";

    /// <inheritdoc/>
    public Task<SendOutcome> SendAsync(SessionRef session, OutgoingMessage message, CancellationToken cancellation) =>
        Task.FromResult<SendOutcome>(new SendOutcome.RejectedPermanent(RejectionCause.Other, Why));

    /// <inheritdoc/>
    public Task<NumberCheck> CheckNumberAsync(SessionRef session, string phone, CancellationToken cancellation) =>
        Task.FromException<NumberCheck>(new GatewayException(GatewayFault.NotReady, Why));

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionMessage>> MessagesSinceAsync(
        SessionRef session,
        DateTimeOffset since,
        int most,
        CancellationToken cancellation
    ) => Task.FromException<IReadOnlyList<SessionMessage>>(new GatewayException(GatewayFault.NotReady, Why));
}
