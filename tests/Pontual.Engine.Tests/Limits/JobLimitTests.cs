using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Shouldly;

namespace Pontual.Engine.Tests.Limits;

public class JobLimitTests
{
    private static readonly JobName Name = JobName.Parse("send");

    [Theory]
    [InlineData("erp", null, "erp")]
    [InlineData("{{job}}", null, "send")]
    [InlineData("chip-{{parameters.chip}}", """{"chip": 5511}""", "chip-5511")]
    [InlineData("{{ parameters.to.number }}/{{job}}", """{"to": {"number": "+55"}}""", "+55/send")]
    [InlineData("chip-{{parameters.chip}}", """{"other": 1}""", "chip-")]
    [InlineData("chip-{{parameters.chip}}", null, "chip-")]
    [InlineData("a \\{{b}}", null, "a {{b}}")]
    public void A_key_is_made_of_the_runs_parameters(string key, string? parameters, string expected) =>
        new JobLimit(key, new Limit(1, null)).KeyOf(Name, parameters).ShouldBe(expected);

    [Fact]
    public void A_key_that_cannot_stand_in_an_index_is_cut_and_told_apart()
    {
        var limit = new JobLimit("chip-{{parameters.chip}}", new Limit(1, null));
        string KeyOf(string chip) => limit.KeyOf(Name, JsonSerializer.Serialize(new { chip }));

        var (one, other) = (KeyOf(new string('x', 5000) + "1"), KeyOf(new string('x', 5000) + "2"));

        one.Length.ShouldBeLessThanOrEqualTo(JobLimit.LongestKey);
        one.ShouldNotBe(other);
        KeyOf("a\0b").ShouldStartWith("chip-ab…");
        KeyOf("a\0b").ShouldNotBe(KeyOf("ab"));
    }

    [Fact]
    public void A_missing_parameter_is_named()
    {
        var limit = new JobLimit("{{job}}-{{parameters.chip}}-{{parameters.to}}", new Limit(1, null));

        limit.Missing("""{"chip": 1}""").ShouldBe("parameters.to");
        limit.Missing("""{"chip": 1, "to": 2}""").ShouldBeNull();
        limit.Missing(null).ShouldBe("parameters.chip");
        new JobLimit("erp", new Limit(1, null)).Missing(null).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"key": "chip-{{parameters.chip}}", "at-once": 2, "rate": "20/1m", "burst": 5}""")]
    [InlineData("""{"key": "erp", "at-once": 1}""")]
    [InlineData("""{"key": "erp", "rate": "1/1d"}""")]
    public void A_limit_is_read_and_written_as_it_was(string limit)
    {
        var json = $$$"""{"name":"send","target":{"handler":{"handler":"x"}},"limit":{{{limit}}}}""";

        var job = JobDocument.Deserialize(json);

        JsonElement.DeepEquals(JsonElement.Parse(JobDocument.Serialize(job)).GetProperty("limit"), JsonElement.Parse(limit)).ShouldBeTrue();
        JobDocument.Deserialize(JobDocument.Serialize(job)).Limit.ShouldBe(job.Limit);
    }

    [Theory]
    [InlineData("""{"at-once": 1}""", "/limit", "'key' is missing", "key: \"chip-{{parameters.chip}}\"")]
    [InlineData("""{"key": "erp"}""", "/limit", "a limit without a bound", "'at-once: 5', 'rate: 20/1m'")]
    [InlineData("""{"key": " ", "at-once": 1}""", "/limit/key", "names nothing", "visible letters")]
    [InlineData("""{"key": "{{run_id}}", "at-once": 1}""", "/limit/key", "{{run_id}} is no variable", "use job or parameters.NAME")]
    [InlineData("""{"key": "{{job", "at-once": 1}""", "/limit/key", "not closed", "end {{… with }}")]
    [InlineData("""{"key": "erp", "at-once": 0}""", "/limit/at-once", "0 is outside", "1 to 10000")]
    [InlineData("""{"key": "erp", "rate": "20"}""", "/limit/rate", "'20' is not a rate", "20/1m")]
    [InlineData("""{"key": "erp", "rate": 20}""", "/limit/rate", "20 is not a text", "20/1m")]
    [InlineData("""{"key": "erp", "at-once": 1, "burst": 2}""", "/limit/burst", "no meaning without a rate", "rate: 20/1m")]
    [InlineData("""{"key": "erp", "rate": "2/1s", "burst": 3}""", "/limit/burst", "3 is more than the 2", "1 to 2")]
    [InlineData("""{"key": "erp", "at_once": 1}""", "/limit/at_once", "not a key of this object", "at-once")]
    public void What_is_wrong_with_a_limit_is_said_with_the_fix(string limit, string path, string message, string fix)
    {
        var problems = Problems($$$"""{"name":"send","target":{"handler":{}},"limit":{{{limit}}}}""");

        var problem = problems.First(found => found.Path == path);
        problem.Message.ShouldContain(message);
        problem.Fix.ShouldContain(fix);
    }

    [Fact]
    public void A_schedule_has_no_parameters_for_a_key()
    {
        var problems = Problems(
            """
            {"name":"send","schedule":{"every":"1m"},"target":{"handler":{}},"limit":{"key":"{{parameters.chip}}","at-once":1}}
            """
        );

        problems.ShouldHaveSingleItem().Message.ShouldContain("a run that the schedule makes has none");
    }

    private static List<DocumentProblem> Problems(string job)
    {
        var problems = new List<DocumentProblem>();
        JobDocument.Read(JsonElement.Parse(job), "", problems).ShouldBeNull();
        return problems;
    }
}
