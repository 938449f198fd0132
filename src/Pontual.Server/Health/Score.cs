using Pontual.Engine.Alerts;

namespace Pontual.Server.Health;

/// <summary>How well the system is from 0 to 100: what is left of 100 after a penalty for each open alert. Pure; docs/reference/health.md has the table.</summary>
/// <remarks>What another alert explains costs nothing of its own, and of one rule there is a most, so that one cause does not count many times.</remarks>
internal sealed record Score(int Points, IReadOnlyList<Penalty> Penalties)
{
    private const int MostOfRule = 40;
    private const int Blindness = 50;

    private static readonly Dictionary<string, (int Critical, int Warning)> Weights = new(StringComparer.Ordinal)
    {
        [AlertRule.JobStale] = (25, 8),
        [AlertRule.JobStuck] = (25, 8),
        [AlertRule.JobFailing] = (20, 6),
        [AlertRule.JobSlow] = (5, 2),
        [AlertRule.QueueWaiting] = (15, 5),
        [AlertRule.NodeLost] = (20, 10),
        [AlertRule.NoScheduler] = (60, 60),
        [AlertRule.ClockOff] = (10, 3),
        [AlertRule.DatabaseSlow] = (15, 8),
        [AlertRule.DiskFull] = (30, 10),
        [AlertRule.AlertRouteDown] = (15, 10),
        [AlertRule.WatchFailed] = (20, 15),
        [AlertRule.Outage] = (0, 0),
        [AlertRule.TargetDown] = (15, 8),
        [AlertRule.CircuitOpen] = (15, 8),
        [AlertRule.RateLimited] = (5, 2),
        [AlertRule.CheckLate] = (15, 6),
        [AlertRule.CheckFailing] = (15, 6),
        [AlertRule.GatewayDown] = (40, 20),
        [AlertRule.ChannelDown] = (30, 10),
        [AlertRule.ChannelUnpaired] = (30, 10),
        [AlertRule.ChannelConflict] = (20, 8),
        [AlertRule.ChannelRestricted] = (15, 6),
        [AlertRule.ChannelBanned] = (30, 10),
        [AlertRule.MessagesMissed] = (6, 2),
    };

    /// <summary>What a condition comes to.</summary>
    public static Score Of(AlertCondition condition)
    {
        var explained = condition.Open.Select(alert => alert.Key).ToHashSet();
        var penalties = new List<Penalty>();
        foreach (
            var ofRule in condition
                .Open.Where(alert => !(alert.Parent is { } parent && explained.Contains(parent)))
                .GroupBy(alert => alert.Key.Rule)
        )
        {
            var left = ofRule.Key == AlertRule.NoScheduler ? Weights[ofRule.Key].Critical : MostOfRule;
            foreach (
                var alert in ofRule.OrderByDescending(alert => alert.Severity).ThenBy(alert => alert.Key.Subject, StringComparer.Ordinal)
            )
            {
                var points = Math.Min(left, WeightOf(alert));
                left -= points;
                penalties.Add(new Penalty(points, alert.Key.Rule, alert.Key.Subject, alert.Summary));
            }
        }

        if (condition.IsBlind)
        {
            penalties.Add(
                new Penalty(Blindness, "nobody-looks", "watch", $"Nobody has looked for what is wrong since {condition.LookedAt:u}.")
            );
        }

        penalties.RemoveAll(penalty => penalty.Points == 0);
        return new Score(
            Math.Max(0, 100 - penalties.Sum(penalty => penalty.Points)),
            [.. penalties.OrderByDescending(penalty => penalty.Points)]
        );
    }

    private static int WeightOf(Alert alert) =>
        alert.Severity is Severity.Info || !Weights.TryGetValue(alert.Key.Rule, out var weight) ? 0
        : alert.Severity is Severity.Critical ? weight.Critical
        : weight.Warning;
}

/// <summary>What one alert takes from the score, and why.</summary>
internal sealed record Penalty(int Points, string Rule, string Subject, string Reason);
