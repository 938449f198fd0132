namespace Pontual.Client;

/// <summary>Channels and their sessions.</summary>
public sealed class ChannelOperations
{
    private const string Path = "api/v1/channels";

    private readonly Wire _wire;

    internal ChannelOperations(Wire wire) => _wire = wire;

    /// <summary>A page of channels in the order of their names.</summary>
    /// <param name="cursor">Where the page before ended; null for the first page.</param>
    /// <param name="limit">Most of them, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListChannels")]
    public Task<Page<Channel>> ListAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<Channel>>(Call.Get(Path, ("cursor", cursor), ("limit", limit)), cancellation);

    /// <summary>A channel, how it is judged, and all the evidence.</summary>
    /// <param name="channel">Its name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowChannel")]
    public Task<Channel> GetAsync(string channel, CancellationToken cancellation = default) =>
        _wire.SendAsync<Channel>(Call.Get(Of(channel)), cancellation);

    /// <summary>Stretches in which a channel did not work, newest first.</summary>
    /// <param name="channel">Its name.</param>
    /// <param name="limit">Most of them, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListOutages")]
    public Task<Page<Outage>> OutagesAsync(string channel, int? limit = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<Outage>>(Call.Get($"{Of(channel)}/outages", ("limit", limit)), cancellation);

    /// <summary>What was tried in an outage.</summary>
    /// <param name="channel">The channel's name.</param>
    /// <param name="outage">The outage.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListAttempts")]
    public Task<Page<OutageAttempt>> AttemptsAsync(string channel, string outage, CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<OutageAttempt>>(Call.Get($"{Of(channel)}/outages/{outage}/attempts"), cancellation);

    /// <summary>A channel's latest score of trust with all that it is made of, and the scores before it.</summary>
    /// <param name="channel">Its name.</param>
    /// <param name="limit">Most scores, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowTrust")]
    public Task<ChannelTrust> TrustAsync(string channel, int? limit = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<ChannelTrust>(Call.Get($"{Of(channel)}/trust", ("limit", limit)), cancellation);

    /// <summary>What went through a channel, by day, newest first.</summary>
    /// <param name="channel">Its name.</param>
    /// <param name="from">The first day; null for as far back as it is known.</param>
    /// <param name="limit">Most days, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListChannelDays")]
    public Task<Page<ChannelDay>> DaysAsync(
        string channel,
        DateOnly? from = null,
        int? limit = null,
        CancellationToken cancellation = default
    ) => _wire.SendAsync<Page<ChannelDay>>(Call.Get($"{Of(channel)}/days", ("from", from), ("limit", limit)), cancellation);

    /// <summary>Sets what an operator says of a channel.</summary>
    /// <param name="channel">Its name.</param>
    /// <param name="settings">All of it: what is null is unset.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("PutChannelSettings")]
    public Task<Channel> SetAsync(string channel, ChannelSettings settings, CancellationToken cancellation = default) =>
        _wire.SendAsync<Channel>(Call.Put($"{Of(channel)}/settings", settings), cancellation);

    /// <summary>Sends nothing through a channel and cures nothing of it.</summary>
    /// <param name="channel">Its name.</param>
    /// <param name="pause">Why, and how long; null for no reason, until it is resumed.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("PauseChannel")]
    public Task<Channel> PauseAsync(string channel, PauseWish? pause = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Channel>(Call.Post($"{Of(channel)}/pause", pause), cancellation);

    /// <summary>Ends a pause.</summary>
    /// <param name="channel">The channel's name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ResumeChannel")]
    public Task<Channel> ResumeAsync(string channel, CancellationToken cancellation = default) =>
        _wire.SendAsync<Channel>(Call.Post($"{Of(channel)}/resume"), cancellation);

    /// <summary>Tries a step by hand.</summary>
    /// <param name="channel">The channel's name.</param>
    /// <param name="wish">Which step; null for the mildest that reconnects.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("CureChannel")]
    public Task<Cured> CureAsync(string channel, CureWish? wish = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Cured>(Call.Post($"{Of(channel)}/cure", wish), cancellation);

    /// <summary>Unpairs a session at its gateway.</summary>
    /// <param name="channel">The channel's name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("LogOutChannel")]
    public Task LogOutAsync(string channel, CancellationToken cancellation = default) =>
        _wire.SendAsync(Call.Post($"{Of(channel)}/logout"), cancellation);

    /// <summary>What the phone needs for pairing: whoever has it can take the account over.</summary>
    /// <param name="channel">The channel's name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowPairing")]
    public Task<Pairing> PairingAsync(string channel, CancellationToken cancellation = default) =>
        _wire.SendAsync<Pairing>(Call.Get($"{Of(channel)}/pairing"), cancellation);

    /// <summary>The code for pairing as a PNG image.</summary>
    /// <param name="channel">The channel's name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowQr")]
    public async Task<byte[]> QrAsync(string channel, CancellationToken cancellation = default)
    {
        using var answer = await _wire.OpenAsync(Call.Get($"{Of(channel)}/qr"), cancellation).ConfigureAwait(false);
        return await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Checks all sessions now and cures what dropped.</summary>
    /// <param name="wish">How; null for the usual way.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("CheckSessions")]
    public Task<SessionCheck> CheckAsync(SessionCheckWish? wish = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<SessionCheck>(Call.Post("api/v1/session-check", wish), cancellation);

    /// <summary>When sessions were checked last.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowSessionCheck")]
    public Task<LatestSessionCheck> LatestCheckAsync(CancellationToken cancellation = default) =>
        _wire.SendAsync<LatestSessionCheck>(Call.Get("api/v1/session-check"), cancellation);

    private static string Of(string channel) => $"{Path}/{Call.Part(channel)}";
}
