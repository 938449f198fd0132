using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Messaging.Channels.Checking;
using Pontual.Messaging.Channels.Liveness;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Liveness;

public sealed class LivenessRulesReaderTests
{
    [Fact]
    public void What_is_said_counts_and_the_rest_is_usual()
    {
        var (rules, problems) = Read("""{"rules": {"unacknowledged": "5m", "silence": "90s", "attempts-per-minute": 10}}""");

        problems.ShouldBeEmpty();
        rules.ShouldBe(
            LivenessRules.Usual with
            {
                Unacknowledged = TimeSpan.FromMinutes(5),
                Silence = TimeSpan.FromSeconds(90),
                AttemptsPerMinute = 10,
            }
        );
    }

    [Fact]
    public void Without_rules_all_is_usual() => Read("""{"silent-hours": 4}""").Rules.ShouldBe(LivenessRules.Usual);

    [Theory]
    [InlineData("""{"rules": {"unacknowleged": "5m"}}""", "/rules/unacknowleged", "unacknowledged")]
    [InlineData("""{"rules": {"first-wait": 30}}""", "/rules/first-wait", "30s")]
    [InlineData("""{"rules": {"silence": "30d"}}""", "/rules/silence", "7d")]
    [InlineData("""{"rules": {"attempts-per-step": 0}}""", "/rules/attempts-per-step", "1 to 1000")]
    [InlineData("""{"rules": "strict"}""", "/rules", "write an object")]
    public void What_is_wrong_is_told_with_its_fix(string args, string path, string fix)
    {
        var problem = Read(args).Problems.ShouldHaveSingleItem();

        problem.Path.ShouldBe(path);
        problem.ToString().ShouldContain(fix);
    }

    /// <summary>A rule that cannot be set is one that nobody can try in less than its hours.</summary>
    [Fact]
    public void Every_rule_can_be_set()
    {
        var settable = typeof(LivenessRules)
            .GetProperties()
            .Where(rule => rule is { CanWrite: true, Name: not nameof(LivenessRules.UseLearned) });
        foreach (var rule in settable.Where(rule => rule.PropertyType == typeof(TimeSpan) || rule.PropertyType == typeof(int)))
        {
            var key = JsonNamingPolicy.KebabCaseLower.ConvertName(rule.Name);
            var value = rule.PropertyType == typeof(int) ? "7" : "\"7m\"";

            var (rules, problems) = Read($$$"""{"rules": {"{{{key}}}": {{{value}}} } }""");

            problems.ShouldBeEmpty();
            rule.GetValue(rules).ShouldBe(rule.PropertyType == typeof(int) ? 7 : TimeSpan.FromMinutes(7));
        }
    }

    private static (LivenessRules Rules, List<DocumentProblem> Problems) Read(string args)
    {
        var problems = new List<DocumentProblem>();
        var opened = DocumentObject.Open(JsonElement.Parse(args), "", problems, "silent-hours", "rules")!;
        return (LivenessRulesReader.Read(opened, LivenessRules.Usual, problems), problems);
    }
}
