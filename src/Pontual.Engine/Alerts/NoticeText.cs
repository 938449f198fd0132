namespace Pontual.Engine.Alerts;

/// <summary>A notice in words: one line that says it, for every way of telling.</summary>
public static class NoticeText
{
    /// <summary>The line.</summary>
    public static string Of(Notice notice)
    {
        if (notice.Text is { } text)
        {
            return text;
        }

        if (notice.Alert is not { } alert)
        {
            return $"Pontual tries the route {notice.Route}: this is a test, nothing is wrong.";
        }

        return notice.Kind switch
        {
            NoticeKind.Resolved => $"RESOLVED {alert.Key} after {Words(alert.ResolvedAt - alert.OpenedAt)}: {alert.Summary}",
            NoticeKind.Repeated => $"STILL {Level(alert)} {alert.Key} for {Words(notice.At - alert.OpenedAt)}: {alert.Summary}",
            NoticeKind.Escalated =>
                $"{Level(alert)} {alert.Key} for {Words(notice.At - alert.OpenedAt)}, and nobody took note: {alert.Summary}",
            NoticeKind.Worse => $"NOW {Level(alert)} {alert.Key}: {alert.Summary}",
            _ => $"{Level(alert)} {alert.Key}: {alert.Summary}",
        };
    }

    /// <summary>The heading: what mail programs list.</summary>
    public static string TitleOf(Notice notice) =>
        notice.Alert is not { } alert ? $"Pontual: {(notice.Kind == NoticeKind.Test ? "test" : "more alerts")}"
        : notice.Kind == NoticeKind.Resolved ? $"Pontual: resolved {alert.Key}"
        : $"Pontual: {AlertWord(alert)} {alert.Key}";

    /// <summary>A span as people say it: <c>2 h 5 min</c>.</summary>
    public static string Words(TimeSpan? span) =>
        span is not { } time ? ""
        : time.TotalSeconds < 90 ? $"{Math.Max(0, (int)time.TotalSeconds)} s"
        : time.TotalMinutes < 90 ? $"{(int)time.TotalMinutes} min"
        : time.TotalHours < 48 ? $"{(int)time.TotalHours} h {time.Minutes} min"
        : $"{(int)time.TotalDays} days";

    private static string Level(Alert alert) => AlertWord(alert).ToUpperInvariant();

    private static string AlertWord(Alert alert) => Settings.AlertSettingsDocument.Word(alert.Severity);
}
