using Pontual.Engine.Alerts;

namespace Pontual.Server.Api;

/// <summary>An alert as the API shows it. <c>quiet</c> says why nobody is told of it, where nobody is; <c>since</c> is from when on it was so, where that is known.</summary>
internal sealed record AlertView(
    Guid Id,
    string State,
    string Rule,
    string Subject,
    Severity Severity,
    string Summary,
    IReadOnlyDictionary<string, string> Facts,
    DateTimeOffset? Since,
    DateTimeOffset OpenedAt,
    DateTimeOffset SeenAt,
    DateTimeOffset? ResolvedAt,
    DateTimeOffset? AcknowledgedAt,
    string? AcknowledgedBy,
    string? Comment,
    DateTimeOffset? SnoozedUntil,
    string? Quiet
)
{
    public static AlertView Of(Alert alert) =>
        new(
            alert.Id,
            alert.ResolvedAt is not null ? "resolved"
                : alert.Acknowledged is not null ? "acknowledged"
                : "open",
            alert.Key.Rule,
            alert.Key.Subject,
            alert.Severity,
            alert.Summary,
            alert.Facts,
            alert.Since,
            alert.OpenedAt,
            alert.SeenAt,
            alert.ResolvedAt,
            alert.Acknowledged?.At,
            alert.Acknowledged?.By,
            alert.Acknowledged?.Comment,
            alert.SnoozedUntil,
            alert.Quiet
        );
}

/// <summary>An alert and its notices.</summary>
internal sealed record AlertDetailView(AlertView Alert, IReadOnlyList<NoticeView> Notices);

/// <summary>What became of a notice. <c>next_at</c> is null when it is over; <c>error</c> says why it was not taken last.</summary>
internal sealed record NoticeView(
    Guid Id,
    string Route,
    string Kind,
    DateTimeOffset At,
    int Tries,
    DateTimeOffset? SentAt,
    DateTimeOffset? NextAt,
    string? Error
)
{
    public static NoticeView Of(NoticeReport report) =>
        new(report.Id, report.Route, report.Kind, report.At, report.Tries, report.SentAt, report.NextAt, report.Error);
}

/// <summary>A stretch in which nobody is told of some alerts.</summary>
internal sealed record SilenceView(
    Guid Id,
    IReadOnlyList<string> Rules,
    IReadOnlyList<string> Subjects,
    DateTimeOffset From,
    DateTimeOffset Until,
    string Reason,
    string By
)
{
    public static SilenceView Of(Silence silence) =>
        new(silence.Id, silence.Rules, silence.Subjects, silence.From, silence.Until, silence.Reason, silence.By);
}

/// <summary>What came of trying a route. <c>error</c> is null when it took the test.</summary>
internal sealed record RouteTrialView(string Route, bool Taken, string? Error);
