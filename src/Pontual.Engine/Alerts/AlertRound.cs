using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Alerts;

/// <summary>What is known before a round decides.</summary>
/// <param name="Open">All open alerts.</param>
/// <param name="JustResolved">Alerts that were resolved a moment ago: what they explained may need that moment too.</param>
/// <param name="Marks">What routes were last told, by alert and route.</param>
/// <param name="Silences">Those that hold now.</param>
/// <param name="Settings">By tenant; who has none is not in it.</param>
public sealed record AlertState(
    IReadOnlyList<Alert> Open,
    IReadOnlySet<AlertKey> JustResolved,
    IReadOnlyDictionary<(Guid Alert, string Route), NoticeMark> Marks,
    IReadOnlyList<Silence> Silences,
    IReadOnlyDictionary<TenantName, AlertSettings> Settings
);

/// <summary>What a round found.</summary>
/// <param name="Findings">All that is wrong now.</param>
/// <param name="Unseen">Rules that nobody could look for: their alerts stay as they are.</param>
/// <param name="At">When.</param>
public sealed record AlertLook(IReadOnlyList<Finding> Findings, IReadOnlySet<string> Unseen, DateTimeOffset At);

/// <summary>What a round changes.</summary>
/// <param name="Opened">New alerts.</param>
/// <param name="Changed">Open alerts as they are to be written anew.</param>
/// <param name="Resolved">Alerts that are over.</param>
/// <param name="Notices">Whom to tell of what.</param>
/// <param name="Dropped">Notices that nobody needs any more: what they tell was over before anybody heard of it.</param>
public sealed record AlertChanges(
    IReadOnlyList<Alert> Opened,
    IReadOnlyList<Alert> Changed,
    IReadOnlyList<Alert> Resolved,
    IReadOnlyList<Notice> Notices,
    IReadOnlyList<(Guid Alert, string Route)> Dropped
)
{
    /// <summary>Whether there is anything to write.</summary>
    public bool Any => Opened.Count + Changed.Count + Resolved.Count + Notices.Count + Dropped.Count > 0;
}

/// <summary>Decides what becomes of alerts, and who is told. Pure.</summary>
public static class AlertRound
{
    /// <summary>How long something must be gone before its alert is resolved, so that a single look cannot end it.</summary>
    public static readonly TimeSpan ResolveAfter = TimeSpan.FromSeconds(8);

    /// <summary>How long what was explained by another alert has to get well after that one.</summary>
    public static readonly TimeSpan ParentGrace = TimeSpan.FromMinutes(1);

    /// <summary>How often it is written that an alert is still found.</summary>
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(1);

    /// <summary>Decides.</summary>
    /// <param name="state">What is there.</param>
    /// <param name="look">What was found.</param>
    /// <param name="random">Where ids come from.</param>
    public static AlertChanges Decide(AlertState state, AlertLook look, IRandomBytes random)
    {
        var found = new Dictionary<AlertKey, Finding>();
        foreach (var finding in look.Findings.Select(finding => WithSettings(finding, state)).OfType<Finding>())
        {
            if (!found.TryGetValue(finding.Key, out var other) || finding.Severity > other.Severity)
            {
                found[finding.Key] = finding;
            }
        }

        var open = state.Open.Select(alert => alert.Key).ToHashSet();
        List<Alert> seen = [.. state.Open.Select(alert => Seen(alert, found, look))];
        List<Alert> resolved = [.. seen.Where(alert => IsOver(alert, look.At)).Select(alert => alert with { ResolvedAt = look.At })];
        List<Alert> staying = [.. seen.Where(alert => !IsOver(alert, look.At))];
        List<Alert> opened =
        [
            .. found.Values.Where(finding => !open.Contains(finding.Key)).Select(finding => Open(finding, look.At, random)),
        ];
        var troubled = staying.Concat(opened).Concat(resolved).Select(alert => alert.Key).Concat(state.JustResolved).ToHashSet();
        opened = opened.ConvertAll(alert => alert with { Quiet = WhyQuiet(alert, state, troubled, look.At) });
        staying = staying.ConvertAll(alert => alert with { Quiet = WhyQuiet(alert, state, troubled, look.At) });

        var telling = new Telling(state, look.At, random);
        foreach (var alert in opened.Concat(staying))
        {
            telling.Of(alert);
        }

        foreach (var alert in resolved)
        {
            telling.End(alert);
        }

        var before = state.Open.ToDictionary(alert => alert.Id);
        List<Alert> changed =
        [
            .. staying
                .Where(alert => IsNews(before[alert.Id], alert, look.At))
                .Select(alert => alert.MissingSince is null ? alert with { SeenAt = look.At } : alert),
        ];
        return new AlertChanges(opened, changed, resolved, telling.Notices(), telling.Dropped);
    }

    private static Finding? WithSettings(Finding finding, AlertState state)
    {
        var rule = SettingsOf(finding.Tenant, state).Of(finding.Rule);
        return rule.IsOff ? null : finding with { Severity = rule.Severity ?? finding.Severity };
    }

    private static AlertSettings SettingsOf(TenantName tenant, AlertState state) =>
        state.Settings.GetValueOrDefault(tenant) ?? AlertSettings.None;

    private static Alert Open(Finding finding, DateTimeOffset at, IRandomBytes random) =>
        new(RunId.New(at, random), finding.Key, finding.Severity, finding.Summary, at, at)
        {
            Facts = finding.Facts,
            Since = finding.Since,
            Parent = finding.Parent,
        };

    private static Alert Seen(Alert alert, Dictionary<AlertKey, Finding> found, AlertLook look)
    {
        if (found.TryGetValue(alert.Key, out var finding))
        {
            return alert with
            {
                Severity = finding.Severity,
                Summary = finding.Summary,
                Facts = finding.Facts,
                Parent = finding.Parent,
                MissingSince = null,
            };
        }

        return look.Unseen.Contains(alert.Key.Rule)
            ? alert with
            {
                MissingSince = null,
            }
            : alert with
            {
                MissingSince = alert.MissingSince ?? look.At,
            };
    }

    private static bool IsOver(Alert alert, DateTimeOffset at) => at - alert.MissingSince >= ResolveAfter;

    private static bool IsNews(Alert before, Alert after, DateTimeOffset at) =>
        before.Summary != after.Summary
        || before.Severity != after.Severity
        || before.Parent != after.Parent
        || before.Quiet != after.Quiet
        || before.MissingSince != after.MissingSince
        || (after.MissingSince is null && at - before.SeenAt >= RefreshEvery);

    private static string? WhyQuiet(Alert alert, AlertState state, HashSet<AlertKey> troubled, DateTimeOffset at)
    {
        if (alert.Parent is { } parent && troubled.Contains(parent))
        {
            return $"explained by {parent}";
        }

        if (alert.SnoozedUntil > at)
        {
            return $"snoozed until {alert.SnoozedUntil:u}";
        }

        return state.Silences.FirstOrDefault(silence => silence.Covers(alert.Key, at)) is { } silence
            ? $"silenced until {silence.Until:u}: {silence.Reason}"
            : null;
    }
}
