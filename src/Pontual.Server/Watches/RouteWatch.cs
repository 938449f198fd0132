using Pontual.Engine.Alerts;

namespace Pontual.Server.Watches;

/// <summary>Finds routes of alerts that take nothing, so that the other routes say so.</summary>
internal sealed class RouteWatch(INoticeStore notices) : IWatch
{
    private const int Tries = 3;

    public IReadOnlyList<string> Rules { get; } = [AlertRule.AlertRouteDown];

    public async Task<IReadOnlyList<Finding>> LookAsync(DateTimeOffset now, CancellationToken cancellation) =>
        [
            .. (await notices.FailingAsync(cancellation))
                .Where(route => route.Tries >= Tries)
                .Select(route => new Finding(
                    AlertRule.AlertRouteDown,
                    route.Tenant,
                    route.Route,
                    Severity.Critical,
                    $"The route {route.Route} has taken nothing since {route.Since:u}: {route.Error}. What it should have told waits, and is tried again."
                )
                {
                    Since = route.Since,
                }),
        ];
}
