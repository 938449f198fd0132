using Pontual.Engine.Alerts;
using Pontual.Engine.Tenants;
using Pontual.Server.Health;

namespace Pontual.Server.Tests.Health;

public sealed class ScoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    [Fact(DisplayName = "S5-05 without alerts the score is 100 and nothing is taken from it")]
    public void All_is_well()
    {
        var score = Of();

        Assert.Equal(100, score.Points);
        Assert.Empty(score.Penalties);
    }

    [Fact(DisplayName = "S5-05 the score is what the penalties leave, each with its reason")]
    public void Each_alert_takes_its_points()
    {
        var score = Of(Alert(AlertRule.JobStale, "a", Severity.Critical), Alert(AlertRule.DiskFull, "host"));

        Assert.Equal(100 - 25 - 10, score.Points);
        Assert.Equal([(25, "a"), (10, "host")], score.Penalties.Select(penalty => (penalty.Points, penalty.Subject)));
        Assert.Equal("a is wrong", score.Penalties[0].Reason);
    }

    [Fact]
    public void One_sort_of_trouble_takes_no_more_than_its_most()
    {
        var score = Of([.. Enumerable.Range(0, 50).Select(i => Alert(AlertRule.JobStale, $"job-{i:00}"))]);

        Assert.Equal(60, score.Points);
    }

    [Fact]
    public void What_another_alert_explains_takes_nothing_of_its_own()
    {
        var parent = Alert(AlertRule.NoScheduler, "schedulers", Severity.Critical);
        var child = Alert(AlertRule.JobStale, "a") with { Parent = parent.Key };

        Assert.Equal(40, Of(parent, child).Points);
        Assert.Equal(92, Of(child).Points);
    }

    [Fact]
    public void When_nobody_looks_nobody_knows()
    {
        var score = Score.Of(new AlertCondition(Now, [], Now.AddMinutes(-2), IsBlind: true));

        Assert.Equal(50, score.Points);
        Assert.Equal("nobody-looks", score.Penalties.Single().Rule);
    }

    [Fact]
    public void Every_rule_has_its_penalty_and_the_score_is_never_below_zero()
    {
        var score = Of([.. AlertRule.All.Select(rule => Alert(rule, "x", Severity.Critical))]);

        Assert.Equal(0, score.Points);
        Assert.Equal(AlertRule.All.Except([AlertRule.Outage]).Order(), score.Penalties.Select(penalty => penalty.Rule).Order());
    }

    private static Score Of(params Alert[] open) => Score.Of(new AlertCondition(Now, open, Now, IsBlind: false));

    private static Alert Alert(string rule, string subject, Severity severity = Severity.Warning) =>
        new(Guid.CreateVersion7(Now), new AlertKey(TenantName.Default, rule, subject), severity, $"{subject} is wrong", Now, Now);
}
