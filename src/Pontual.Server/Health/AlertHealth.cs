using Pontual.Engine.Alerts;
using Pontual.Engine.Tenants;

namespace Pontual.Server.Health;

/// <summary>How the system is, by its open alerts.</summary>
internal sealed class AlertHealth(IAlertStore alerts, TimeProvider time)
{
    private const int MostAlerts = 500;

    /// <summary>After so long without a look nobody knows how the system is.</summary>
    private static readonly TimeSpan Blind = TimeSpan.FromMinutes(1);

    /// <summary>How it is for a tenant.</summary>
    public async Task<AlertCondition> JudgeAsync(TenantName tenant, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var open = await alerts.ListAsync(new AlertQuery(tenant, MostAlerts) { IsOpen = true }, cancellation);
        var looked = await alerts.LastLookAsync(cancellation);
        return new AlertCondition(now, open, looked, IsBlind: looked is { } at && now - at > Blind);
    }
}

/// <summary>The open alerts at an instant.</summary>
/// <param name="At">When.</param>
/// <param name="Open">What is wrong.</param>
/// <param name="LookedAt">When somebody looked last; null before the first look.</param>
/// <param name="IsBlind">Nobody has looked for a while: the alerts may be of yesterday.</param>
internal sealed record AlertCondition(DateTimeOffset At, IReadOnlyList<Alert> Open, DateTimeOffset? LookedAt, bool IsBlind)
{
    /// <summary><c>critical</c> with an alert that is, or when nobody looks; <c>degraded</c> with a warning; else <c>ok</c>.</summary>
    public string Status =>
        IsBlind || Open.Any(alert => alert.Severity is Severity.Critical) ? "critical"
        : Open.Any(alert => alert.Severity is Severity.Warning) ? "degraded"
        : "ok";
}
