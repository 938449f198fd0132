using System.Globalization;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Alerts;

/// <summary>Gathers whom one round tells of what. Of many at once a route is told of the worst one by one, and of the others by their number.</summary>
internal sealed class Telling(AlertState state, DateTimeOffset at, IRandomBytes random)
{
    /// <summary>Most notices of one round to one route.</summary>
    private const int MostAtOnce = 20;

    private readonly List<(AlertRoute Route, string Kind, Alert Alert)> _wishes = [];
    private readonly List<(Guid Alert, string Route)> _dropped = [];

    /// <summary>Notices that nobody needs any more.</summary>
    public IReadOnlyList<(Guid Alert, string Route)> Dropped => _dropped;

    /// <summary>Tells of an alert that is open.</summary>
    public void Of(Alert alert)
    {
        if (alert.Quiet is not null)
        {
            return;
        }

        foreach (var route in RoutesOf(alert.Key.Tenant))
        {
            var mark = state.Marks.GetValueOrDefault((alert.Id, route.Name));
            if (route.Wants(alert.Key, alert.Severity) && KindFor(alert, route, mark) is { } kind)
            {
                _wishes.Add((route, kind, alert));
            }
        }
    }

    /// <summary>Tells of an alert that is over: everybody who was told of it, also while it is quiet.</summary>
    public void End(Alert alert)
    {
        foreach (var route in RoutesOf(alert.Key.Tenant))
        {
            if (state.Marks.GetValueOrDefault((alert.Id, route.Name)) is not { } mark)
            {
                continue;
            }

            if (mark.IsHeld)
            {
                _dropped.Add((alert.Id, route.Name));
            }
            else
            {
                _wishes.Add((route, NoticeKind.Resolved, alert));
            }
        }
    }

    /// <summary>All notices of the round.</summary>
    public IReadOnlyList<Notice> Notices() =>
        [
            .. _wishes
                .GroupBy(wish => (wish.Alert.Key.Tenant, wish.Route.Name))
                .SelectMany(group => OfRoute(group.Key.Tenant, group.First().Route, [.. group])),
        ];

    private IReadOnlyList<AlertRoute> RoutesOf(TenantName tenant) => state.Settings.GetValueOrDefault(tenant)?.Routes ?? [];

    private string? KindFor(Alert alert, AlertRoute route, NoticeMark? mark)
    {
        if (mark is null)
        {
            return route.After == TimeSpan.Zero ? NoticeKind.Opened
                : alert.Acknowledged is null && at - alert.OpenedAt >= route.After ? NoticeKind.Escalated
                : null;
        }

        return alert.Severity > mark.Severity ? NoticeKind.Worse
            : alert.Acknowledged is null && !mark.IsHeld && at - mark.At >= route.Repeat ? NoticeKind.Repeated
            : null;
    }

    private IEnumerable<Notice> OfRoute(TenantName tenant, AlertRoute route, List<(AlertRoute Route, string Kind, Alert Alert)> wishes)
    {
        var ordered = wishes
            .OrderByDescending(wish => wish.Alert.Severity)
            .ThenBy(wish => wish.Alert.Key.Subject, StringComparer.Ordinal)
            .ToList();
        var alone = ordered.Count <= MostAtOnce ? ordered.Count : MostAtOnce;
        for (var i = 0; i < ordered.Count; i++)
        {
            var (_, kind, alert) = ordered[i];
            yield return New(tenant, route, kind, alert, alert.Severity) with
            {
                IsGrouped = i >= alone,
            };
        }

        if (alone < ordered.Count)
        {
            var rest = ordered.Skip(alone).ToList();
            yield return New(tenant, route, NoticeKind.More, null, rest[0].Alert.Severity) with
            {
                Text = Sum(rest),
            };
        }
    }

    private Notice New(TenantName tenant, AlertRoute route, string kind, Alert? alert, Severity severity)
    {
        var due = severity is Severity.Critical ? null : route.Quiet?.EndAt(at);
        return new Notice(RunId.New(at, random), tenant, route.Name, kind, at, due ?? at, alert);
    }

    private static string Sum(List<(AlertRoute Route, string Kind, Alert Alert)> rest)
    {
        var parts = rest.GroupBy(wish => (wish.Kind, wish.Alert.Key.Rule))
            .OrderByDescending(group => group.Count())
            .Select(group =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{group.Count()} {group.Key.Rule} {group.Key.Kind} ({string.Join(", ", group.Take(3).Select(wish => wish.Alert.Key.Subject))}{(group.Count() > 3 ? ", …" : "")})"
                )
            );
        return string.Create(CultureInfo.InvariantCulture, $"and {rest.Count} more: {string.Join("; ", parts)}");
    }
}
