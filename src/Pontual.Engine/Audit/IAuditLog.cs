using Pontual.Engine.Tenants;

namespace Pontual.Engine.Audit;

/// <summary>Reads what was changed by whom. Entries are written in the transaction of the change and never altered.</summary>
public interface IAuditLog
{
    /// <summary>A tenant's entries, newest first.</summary>
    Task<IReadOnlyList<AuditEntry>> ListAsync(AuditQuery query, CancellationToken cancellation);
}

/// <summary>One change.</summary>
/// <param name="Id">Grows with each entry of the installation.</param>
/// <param name="At">When.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="By">Who, from where, and why.</param>
/// <param name="Action">What: a noun and a past verb, such as <c>job.updated</c>.</param>
/// <param name="Subject">Of what: a job's name, a run's id, a token's id.</param>
/// <param name="Before">As it was, JSON; null for what was not there.</param>
/// <param name="After">As it is since, JSON; null for what is gone.</param>
public sealed record AuditEntry(
    long Id,
    DateTimeOffset At,
    TenantName Tenant,
    Actor By,
    string Action,
    string Subject,
    string? Before,
    string? After
);

/// <summary>Which entries.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Limit">1 to 500.</param>
public sealed record AuditQuery(TenantName Tenant, int Limit)
{
    /// <summary>By this actor's subject; null for any.</summary>
    public string? Actor { get; init; }

    /// <summary>This action, or those of a noun (<c>job</c>); null for any.</summary>
    public string? Action { get; init; }

    /// <summary>Of this subject; null for any.</summary>
    public string? Subject { get; init; }

    /// <summary>From this instant on; null for all.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this instant; null for all.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The last entry of the page before; null for the first page.</summary>
    public (DateTimeOffset At, long Id)? After { get; init; }
}
