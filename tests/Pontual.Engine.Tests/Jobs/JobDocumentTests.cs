using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Schedules;
using Shouldly;

namespace Pontual.Engine.Tests.Jobs;

public class JobDocumentTests
{
    [Fact(DisplayName = "S5-13 a job is a name and a target; everything else has a default")]
    public void A_job_is_a_name_and_a_target()
    {
        var job = Valid("""{"name":"a","target":{"http":{"url":"http://x/"}}}""");

        job.Schedule.ShouldBe(ManualSchedule.Instance);
        job.Timeout.ShouldBe(TimeSpan.FromSeconds(300));
        job.Overlap.ShouldBe(Overlap.Skip);
        job.CatchUp.ShouldBe(CatchUp.Latest);
        job.Retry.ShouldBe(RetryPolicy.None);
        job.Critical.ShouldBeFalse();
        job.Sla.ShouldBeNull();
        JobDocument.Serialize(job).ShouldBe("""{"name":"a","target":{"http":{"url":"http://x/"}}}""");
    }

    [Fact]
    public void Every_key_is_read_and_written_back_in_the_documented_order()
    {
        const string Text = """
            {"name":"all-keys","description":"Every key there is","schedule":{"every":"30s","from":"2026-01-01T00:00:10Z"},
            "target":{"process":{"argv":["true"]}},"timeout":"10m","overlap":"allow","catch-up":"all","catch-up-window":"2d",
            "retry":{"attempts":3,"backoff":"1s..2m","on":["network","5xx","429"]},"critical":true,"sla":"3m","queue":"slow","priority":-3,
            "concurrency":4,"log":"logs/all.log"}
            """;

        var job = Valid(Text);

        JobDocument.Serialize(job).ShouldBe(Text.ReplaceLineEndings(""));
        job.Slots.ShouldBe(4);
        job.Retry.On.ShouldBe(FailureKinds.Network | FailureKinds.ServerError | FailureKinds.TooManyRequests);
        JobDocument.Serialize(JobDocument.Deserialize(JobDocument.Serialize(job))).ShouldBe(JobDocument.Serialize(job));
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var problems = new List<DocumentProblem>();
        using var json = JsonDocument.Parse("""{"name":"Not A Name","timeuot":"1s","overlap":"skipp","timeout":30,"target":{}}""");

        JobDocument.Read(json.RootElement, "/jobs/2", problems).ShouldBeNull();

        problems
            .Select(problem => $"{problem.Path} {problem.Rule}")
            .ShouldBe([
                "/jobs/2/timeuot unknown-key",
                "/jobs/2/name name",
                "/jobs/2/target target",
                "/jobs/2/overlap enum",
                "/jobs/2/timeout duration",
            ]);
        problems[0].Fix.ShouldStartWith("did you mean 'timeout'?");
        problems[3].Fix.ShouldStartWith("did you mean 'skip'?");
    }

    private static JobDefinition Valid(string text)
    {
        var problems = new List<DocumentProblem>();
        using var json = JsonDocument.Parse(text);
        var job = JobDocument.Read(json.RootElement, "", problems);
        problems.ShouldBeEmpty();
        return job.ShouldNotBeNull();
    }
}
