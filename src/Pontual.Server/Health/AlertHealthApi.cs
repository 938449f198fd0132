using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Alerts;
using Pontual.Server.Access;
using Pontual.Server.Api;

namespace Pontual.Server.Health;

/// <summary>What monitors ask of alerts and of the whole.</summary>
internal static class AlertHealthApi
{
    public static void MapAlertHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/alerts", Alerts).Needs(TokenScope.Read).WithName("HealthAlerts").WithSummary("What is wrong now, in one list.");
        app.MapGet("/health/score", ScoreOf)
            .Needs(TokenScope.Read)
            .WithName("HealthScore")
            .WithSummary("How well the system is from 0 to 100, and what each open alert takes from it.");
    }

    private static async Task<Ok<AlertsHealthView>> Alerts(ClaimsPrincipal caller, AlertHealth health, CancellationToken cancellation)
    {
        var condition = await health.JudgeAsync(caller.Tenant(), cancellation);
        return TypedResults.Ok(
            new AlertsHealthView(
                condition.Status,
                condition.At,
                condition.LookedAt,
                new AlertCounts(
                    condition.Open.Count,
                    condition.Open.Count(alert => alert.Severity is Severity.Critical),
                    condition.Open.Count(alert => alert.Severity is Severity.Warning),
                    condition.Open.Count(alert => alert.Severity is Severity.Info),
                    condition.Open.Count(alert => alert.Acknowledged is not null)
                ),
                [.. condition.Open.OrderByDescending(alert => alert.Severity).ThenBy(alert => alert.OpenedAt).Select(AlertView.Of)]
            )
        );
    }

    private static async Task<Ok<ScoreView>> ScoreOf(ClaimsPrincipal caller, AlertHealth health, CancellationToken cancellation)
    {
        var condition = await health.JudgeAsync(caller.Tenant(), cancellation);
        var score = Score.Of(condition);
        return TypedResults.Ok(new ScoreView(score.Points, condition.Status, condition.At, condition.LookedAt, score.Penalties));
    }
}

/// <summary>What is wrong now. <c>looked_at</c> is when somebody looked last.</summary>
internal sealed record AlertsHealthView(
    string Status,
    DateTimeOffset CheckedAt,
    DateTimeOffset? LookedAt,
    AlertCounts Summary,
    IReadOnlyList<AlertView> Alerts
);

/// <summary>How many alerts are open.</summary>
internal sealed record AlertCounts(int Total, int Critical, int Warning, int Info, int Acknowledged);

/// <summary>How well the system is: 100 less all penalties, at least 0.</summary>
internal sealed record ScoreView(
    int Score,
    string Status,
    DateTimeOffset CheckedAt,
    DateTimeOffset? LookedAt,
    IReadOnlyList<Penalty> Penalties
);
