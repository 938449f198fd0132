using System.Text.Json;

namespace Pontual.Client;

/// <summary>Alerts: what is and was wrong, whom it is told to, and what nobody is told of for a while.</summary>
public sealed class AlertOperations
{
    private const string Path = "api/v1/alerts";

    private readonly Wire _wire;

    internal AlertOperations(Wire wire) => _wire = wire;

    /// <summary>A page of alerts, newest first.</summary>
    /// <param name="state"><c>open</c>, <c>resolved</c> or <c>all</c>; null for open.</param>
    /// <param name="rule">Of this rule; null for all.</param>
    /// <param name="subject">About this; null for all.</param>
    /// <param name="cursor">Where the page before ended; null for the first page.</param>
    /// <param name="limit">Most alerts on it, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListAlerts")]
    public Task<Page<Alert>> ListAsync(
        string? state = null,
        string? rule = null,
        string? subject = null,
        string? cursor = null,
        int? limit = null,
        CancellationToken cancellation = default
    ) =>
        _wire.SendAsync<Page<Alert>>(
            Call.Get(Path, ("state", state), ("rule", rule), ("subject", subject), ("cursor", cursor), ("limit", limit)),
            cancellation
        );

    /// <summary>An alert and what became of its notices.</summary>
    /// <param name="alert">Its id.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowAlert")]
    public Task<AlertDetail> GetAsync(string alert, CancellationToken cancellation = default) =>
        _wire.SendAsync<AlertDetail>(Call.Get($"{Path}/{Call.Part(alert)}"), cancellation);

    /// <summary>Takes note of an open alert: it is repeated and escalated no more.</summary>
    /// <param name="alert">Its id.</param>
    /// <param name="note">What is done about it; null for nothing.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("AcknowledgeAlert")]
    public Task<Alert> AcknowledgeAsync(string alert, AlertNote? note = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Alert>(Call.Post($"{Path}/{Call.Part(alert)}/acknowledge", note), cancellation);

    /// <summary>Tells nobody of an open alert for a while.</summary>
    /// <param name="alert">Its id.</param>
    /// <param name="snooze">For how long, or until when; neither ends a snooze.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("SnoozeAlert")]
    public Task<Alert> SnoozeAsync(string alert, SnoozeWish snooze, CancellationToken cancellation = default) =>
        _wire.SendAsync<Alert>(Call.Post($"{Path}/{Call.Part(alert)}/snooze", snooze), cancellation);

    /// <summary>Whom alerts are told to, and when something counts as wrong: the document of docs/reference/alerts.md.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ReadAlertSettings")]
    public Task<JsonElement> SettingsAsync(CancellationToken cancellation = default) =>
        _wire.SendAsync<JsonElement>(Call.Get("api/v1/alert-settings"), cancellation);

    /// <summary>Replaces the settings whole.</summary>
    /// <param name="settings">The document.</param>
    /// <param name="ifMatch">The ETag the change is based on; null for whatever stands.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("PutAlertSettings")]
    public Task<JsonElement> PutSettingsAsync(JsonElement settings, string? ifMatch = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<JsonElement>(Call.Put("api/v1/alert-settings", settings) with { IfMatch = ifMatch }, cancellation);

    /// <summary>Tells a route, now and once, that this is a test.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("TestAlertRoute")]
    public Task<RouteTrial> TestAsync(string name, CancellationToken cancellation = default) =>
        _wire.SendAsync<RouteTrial>(Call.Post($"api/v1/alert-routes/{Call.Part(name)}/test"), cancellation);

    /// <summary>Stretches, now or to come, in which nobody is told of some alerts.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListSilences")]
    public Task<Page<Silence>> SilencesAsync(CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<Silence>>(Call.Get("api/v1/silences"), cancellation);

    /// <summary>Tells nobody of some alerts for a while.</summary>
    /// <param name="silence">Which, how long and why.</param>
    /// <param name="idempotencyKey">Makes the request safe to send again: the same key gets the first answer. Null for none.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("CreateSilence")]
    public Task<Silence> SilenceAsync(SilenceWish silence, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Silence>(Call.Post("api/v1/silences", silence) with { IdempotencyKey = idempotencyKey }, cancellation);

    /// <summary>Ends a silence now.</summary>
    /// <param name="silence">Its id.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("EndSilence")]
    public Task EndSilenceAsync(string silence, CancellationToken cancellation = default) =>
        _wire.SendAsync(Call.Delete($"api/v1/silences/{Call.Part(silence)}"), cancellation);
}
