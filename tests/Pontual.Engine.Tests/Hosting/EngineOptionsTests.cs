using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pontual.Engine.Hosting;
using Shouldly;

namespace Pontual.Engine.Tests.Hosting;

public class EngineOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Problems(_ => { }).ShouldBeEmpty();

    [Theory]
    [InlineData("Roles")]
    [InlineData("DrainTime")]
    [InlineData("SafetyPoll")]
    [InlineData("Host")]
    [InlineData("Planner:MissedAfter")]
    [InlineData("Planner:BatchSize")]
    [InlineData("Claiming:Concurrency")]
    [InlineData("Claiming:BatchSize")]
    [InlineData("Claiming:Queues:reports")]
    [InlineData("Lease:Duration")]
    [InlineData("Lease:RenewEvery")]
    [InlineData("Lease:StopAfter")]
    [InlineData("Upkeep:StuckAfter")]
    [InlineData("Upkeep:KeepHistory")]
    public void A_wrong_setting_is_named_with_what_is_allowed(string setting)
    {
        var problems = Problems(options => Break(options, setting));

        problems.ShouldContain(problem => problem.StartsWith($"Pontual:{setting}", StringComparison.Ordinal) && problem.Contains(": use "));
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once() =>
        Problems(options =>
        {
            Break(options, "DrainTime");
            Break(options, "Claiming:Concurrency");
        })
            .Count.ShouldBe(2);

    private static void Break(EngineOptions options, string setting)
    {
        _ = setting switch
        {
            "Roles" => (object)(options.Roles = NodeRoles.None),
            "DrainTime" => options.DrainTime = TimeSpan.FromHours(1),
            "SafetyPoll" => options.SafetyPoll = TimeSpan.Zero,
            "Host" => options.Host = "",
            "Planner:MissedAfter" => options.Planner.MissedAfter = TimeSpan.Zero,
            "Planner:BatchSize" => options.Planner.BatchSize = 0,
            "Claiming:Concurrency" => options.Claiming.Concurrency = 0,
            "Claiming:BatchSize" => options.Claiming.BatchSize = -1,
            "Claiming:Queues:reports" => options.Claiming.Queues["reports"] = -1,
            "Lease:Duration" => options.Lease.Duration = TimeSpan.FromSeconds(1),
            "Lease:RenewEvery" => options.Lease.RenewEvery = TimeSpan.FromSeconds(9),
            "Lease:StopAfter" => options.Lease.StopAfter = TimeSpan.FromSeconds(10),
            "Upkeep:StuckAfter" => options.Upkeep.StuckAfter = TimeSpan.Zero,
            "Upkeep:KeepHistory" => options.Upkeep.KeepHistory = TimeSpan.Zero,
            _ => throw new ArgumentOutOfRangeException(nameof(setting), setting, "Not a setting."),
        };
    }

    private static List<string> Problems(Action<EngineOptions> configure)
    {
        using var services = new ServiceCollection().AddPontualEngine(configure).BuildServiceProvider();
        try
        {
            _ = services.GetRequiredService<IOptions<EngineOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException problem)
        {
            return [.. problem.Failures];
        }
    }
}
