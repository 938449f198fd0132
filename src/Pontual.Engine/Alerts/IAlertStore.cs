using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Alerts;

/// <summary>Keeps alerts. All may be called concurrently, from many nodes.</summary>
public interface IAlertStore
{
    /// <summary>Takes the turn to look, when it is free: one node in so many seconds, whoever comes first.</summary>
    /// <param name="node">Who asks, for people.</param>
    /// <param name="every">How long after the last turn the next one may be taken; three times that when the last one was never ended.</param>
    /// <param name="now">The instant of the wish.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The turn; null when another node has it or had it just now.</returns>
    Task<long?> TakeTurnAsync(string node, TimeSpan every, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>When a look was ended last; null before the first.</summary>
    Task<DateTimeOffset?> LastLookAsync(CancellationToken cancellation);

    /// <summary>Takes the turn to say outside that somebody watches: one node in so much time.</summary>
    Task<bool> TakeBeatAsync(TimeSpan every, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The last stretch of more than half a minute in which no node looked, and what became of the due times in it so far; null when there never was one.</summary>
    Task<OutageReport?> LastOutageAsync(CancellationToken cancellation);

    /// <summary>Decides and writes, in one transaction, what a look came to, and ends the turn.</summary>
    /// <returns>What was decided; null when the turn was another node's meanwhile, and nothing was written.</returns>
    Task<AlertChanges?> DecideAsync(long turn, Func<AlertState, AlertChanges> decide, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Alerts of a tenant, newest first.</summary>
    Task<IReadOnlyList<Alert>> ListAsync(AlertQuery query, CancellationToken cancellation);

    /// <summary>One alert with what became of its notices; null when there is none of that id.</summary>
    Task<AlertDetail?> FindAsync(TenantName tenant, Guid id, CancellationToken cancellation);

    /// <summary>Notes that somebody took note of an open alert.</summary>
    /// <returns>The alert as it is now; null when there is no open one of that id.</returns>
    Task<Alert?> AcknowledgeAsync(
        TenantName tenant,
        Guid id,
        string? comment,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    );

    /// <summary>Keeps an open alert quiet until an instant, or, with null, no longer.</summary>
    /// <returns>The alert as it is now; null when there is no open one of that id.</returns>
    Task<Alert?> SnoozeAsync(
        TenantName tenant,
        Guid id,
        DateTimeOffset? until,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    );

    /// <summary>Silences of a tenant that hold now or later.</summary>
    Task<IReadOnlyList<Silence>> SilencesAsync(TenantName tenant, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Adds a silence.</summary>
    Task AddSilenceAsync(Silence silence, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Ends a silence.</summary>
    /// <returns>False when there is none of that id.</returns>
    Task<bool> EndSilenceAsync(TenantName tenant, Guid id, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Forgets resolved alerts and what became of their notices.</summary>
    Task PruneAsync(DateTimeOffset before, CancellationToken cancellation);
}

/// <summary>Keeps whom alerts are told to.</summary>
public interface IAlertSettingsStore
{
    /// <summary>A tenant's settings and their revision: 0 when it never made any.</summary>
    Task<(AlertSettings Settings, int Revision)> ReadAsync(TenantName tenant, CancellationToken cancellation);

    /// <summary>Replaces them.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="settings">The new ones, whole.</param>
    /// <param name="expected">The revision that must still stand; null for any.</param>
    /// <param name="by">Who, for the audit log.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellation">Stops waiting; the change may still happen.</param>
    /// <returns>The new revision; null when another one stands.</returns>
    Task<int?> WriteAsync(
        TenantName tenant,
        AlertSettings settings,
        int? expected,
        Actor by,
        DateTimeOffset now,
        CancellationToken cancellation
    );
}

/// <summary>Keeps what is to be told until it was.</summary>
public interface INoticeStore
{
    /// <summary>Takes notices to deliver. Who takes one and is lost gives it back by the time it was held.</summary>
    /// <param name="now">The instant of the wish.</param>
    /// <param name="hold">For how long they are held.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>In the order of decisions; of one alert and route one at a time.</returns>
    Task<IReadOnlyList<Notice>> TakeAsync(DateTimeOffset now, TimeSpan hold, int limit, CancellationToken cancellation);

    /// <summary>Notes that a notice was taken.</summary>
    Task SentAsync(Notice notice, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Notes why it was not, and when it is tried again; null for never.</summary>
    Task FailedAsync(Notice notice, string error, DateTimeOffset? again, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Routes whose notices fail now: since when, how often, and why last.</summary>
    Task<IReadOnlyList<FailingRoute>> FailingAsync(CancellationToken cancellation);
}

/// <summary>Which alerts.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Limit">1 to 500.</param>
public sealed record AlertQuery(TenantName Tenant, int Limit)
{
    /// <summary>Only open ones, or only resolved ones; null for all.</summary>
    public bool? IsOpen { get; init; }

    /// <summary>Of this rule only; null for all.</summary>
    public string? Rule { get; init; }

    /// <summary>About this subject only; null for all.</summary>
    public string? Subject { get; init; }

    /// <summary>The last one of the page before; null for the first page.</summary>
    public Guid? After { get; init; }
}

/// <summary>An alert and its notices, first to last.</summary>
public sealed record AlertDetail(Alert Alert, IReadOnlyList<NoticeReport> Notices);

/// <summary>What became of a notice.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Route">Whom it was for.</param>
/// <param name="Kind">A word of <see cref="NoticeKind"/>.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Tries">Deliveries begun.</param>
/// <param name="SentAt">When it was taken; null while it was not.</param>
/// <param name="NextAt">When it is tried next; null when it is over.</param>
/// <param name="Error">Why it was not taken last, or why it is not delivered by itself; null for neither.</param>
public sealed record NoticeReport(
    Guid Id,
    string Route,
    string Kind,
    DateTimeOffset At,
    int Tries,
    DateTimeOffset? SentAt,
    DateTimeOffset? NextAt,
    string? Error
);

/// <summary>A route that takes nothing now.</summary>
public sealed record FailingRoute(TenantName Tenant, string Route, DateTimeOffset Since, int Tries, int Waiting, string Error);

/// <summary>A stretch in which nothing ran.</summary>
/// <param name="From">The last look before it.</param>
/// <param name="To">The first look after it.</param>
/// <param name="CaughtUp">Due times in it that were made up for, or are being.</param>
/// <param name="Skipped">Due times in it that the jobs' catch-up policies left out.</param>
public sealed record OutageReport(DateTimeOffset From, DateTimeOffset To, long CaughtUp, long Skipped)
{
    /// <summary>Due times in it that are accounted for.</summary>
    public long Missed => CaughtUp + Skipped;
}
