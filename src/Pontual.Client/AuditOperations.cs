using System.Text.Json;

namespace Pontual.Client;

/// <summary>Who changed what, when, from where and why.</summary>
public sealed class AuditOperations
{
    private readonly Wire _wire;

    internal AuditOperations(Wire wire) => _wire = wire;

    /// <summary>A page of changes, newest first.</summary>
    /// <param name="actor">Who: <c>token:ID</c>, <c>user:NAME</c>, <c>local</c>, <c>admin-token</c> or <c>pontual</c>; null for all.</param>
    /// <param name="action">An action, or the noun before its dot: <c>job.updated</c>, <c>job</c>; null for all.</param>
    /// <param name="subject">What was changed: a job's name, a run's or a token's id; null for all.</param>
    /// <param name="from">Then or later; null for any time.</param>
    /// <param name="to">Before then; null for any time.</param>
    /// <param name="cursor">Where the page before ended; null for the first page.</param>
    /// <param name="limit">Most changes on it, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListAudit")]
    public Task<Page<AuditEntry>> ListAsync(
        string? actor = null,
        string? action = null,
        string? subject = null,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null,
        string? cursor = null,
        int? limit = null,
        CancellationToken cancellation = default
    ) =>
        _wire.SendAsync<Page<AuditEntry>>(
            Call.Get(
                "api/v1/audit",
                ("actor", actor),
                ("action", action),
                ("subject", subject),
                ("from", from),
                ("to", to),
                ("cursor", cursor),
                ("limit", limit)
            ),
            cancellation
        );

    /// <summary>All changes, newest first, read page by page.</summary>
    /// <param name="actor">Who; null for all.</param>
    /// <param name="action">An action, or the noun before its dot; null for all.</param>
    /// <param name="subject">What was changed; null for all.</param>
    /// <param name="from">Then or later; null for any time.</param>
    /// <param name="to">Before then; null for any time.</param>
    /// <param name="limit">Most changes of a page.</param>
    /// <param name="cancellation">Stops.</param>
    [Operation("ListAudit")]
    public IAsyncEnumerable<AuditEntry> AllAsync(
        string? actor = null,
        string? action = null,
        string? subject = null,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null,
        int? limit = null,
        CancellationToken cancellation = default
    ) => Pages.AllAsync((cursor, stop) => ListAsync(actor, action, subject, from, to, cursor, limit, stop), cancellation);
}

/// <summary>A change.</summary>
/// <param name="Id">Grows with each entry.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who, for programs.</param>
/// <param name="ActorName">As people call it.</param>
/// <param name="Address">From where; null for inside.</param>
/// <param name="Reason">Why; null when not given.</param>
/// <param name="Action">What.</param>
/// <param name="Subject">Of what.</param>
/// <param name="Before">As it was; null for what was not there.</param>
/// <param name="After">As it is since; null for what is gone.</param>
public sealed record AuditEntry(
    long Id,
    DateTimeOffset At,
    string Actor,
    string ActorName,
    string? Address,
    string? Reason,
    string Action,
    string Subject,
    JsonElement? Before,
    JsonElement? After
);
