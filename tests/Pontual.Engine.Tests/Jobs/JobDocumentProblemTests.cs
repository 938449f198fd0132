using System.Text.Json;
using Pontual.Engine.Jobs;
using Shouldly;

namespace Pontual.Engine.Tests.Jobs;

public class JobDocumentProblemTests
{
    /// <summary>A part of a job, and the problem it must give: path, rule, and a piece of what is said.</summary>
    [Theory]
    [InlineData("'schedule':{'cron':'60 * * * *'}", "/schedule/cron", "cron", "column 1")]
    [InlineData("'schedule':{'cron':'* * *'}", "/schedule/cron", "cron", "column")]
    [InlineData("'schedule':{'cron':''}", "/schedule/cron", "cron", "column 1")]
    [InlineData("'schedule':{'cron':'0 0 30 2 *'}", "/schedule/cron", "never", "never fire")]
    [InlineData("'schedule':{'cron':5}", "/schedule/cron", "type", "quotes")]
    [InlineData(
        "'schedule':{'cron':'* * * * *','zone':'America/Sao_Paolo'}",
        "/schedule/zone",
        "zone",
        "did you mean 'America/Sao_Paulo'?"
    )]
    [InlineData("'schedule':{'cron':'* * * * *','zone':3}", "/schedule/zone", "type", "not a text")]
    [InlineData("'schedule':{'cron':'* * * * *','dst':{'gap':'never'}}", "/schedule/dst/gap", "enum", "run-at-end, run-shifted, skip")]
    [InlineData("'schedule':{'cron':'* * * * *','dst':{'overlaps':'both'}}", "/schedule/dst/overlaps", "unknown-key", "'overlap'")]
    [InlineData("'schedule':{'cron':'* * * * *','dst':true}", "/schedule/dst", "type", "not an object")]
    [InlineData("'schedule':{'cron':'* * * * *','every':'5m'}", "/schedule", "schedule", "cron and every")]
    [InlineData("'schedule':{'cron':'* * * * *','from':'2026-01-01T00:00Z'}", "/schedule/from", "conflict", "leave it out")]
    [InlineData("'schedule':{}", "/schedule", "schedule", "none of")]
    [InlineData("'schedule':'* * * * *'", "/schedule", "type", "{ cron:")]
    [InlineData("'schedule':[]", "/schedule", "type", "a list")]
    [InlineData("'schedule':{'after':['other']}", "/schedule/after", "not-available", "not available yet")]
    [InlineData("'schedule':{'every':30}", "/schedule/every", "duration", "30s")]
    [InlineData("'schedule':{'every':'100ms'}", "/schedule/every", "range", "from 1s to 366d")]
    [InlineData("'schedule':{'every':'5m','zone':'UTC'}", "/schedule/zone", "conflict", "elapsed")]
    [InlineData("'schedule':{'every':'5m','dst':{}}", "/schedule/dst", "conflict", "leave it out")]
    [InlineData("'schedule':{'every':'5m','from':'noon'}", "/schedule/from", "instant", "2026-12-01T09:00")]
    [InlineData("'schedule':{'at':'tomorrow'}", "/schedule/at", "instant", "2026-12-01T09:00")]
    [InlineData("'schedule':{'at':'2026-02-30T09:00'}", "/schedule/at", "instant", "not a date")]
    [InlineData("'schedule':{'at':'0001-01-01T00:00+14:00'}", "/schedule/at", "instant", "not a date")]
    [InlineData("'schedule':{'at':'2026-12-01T09:00Z','zone':'UTC'}", "/schedule/zone", "conflict", "offset")]
    [InlineData("'schedule':{'cron':'*/60 * * * *'}", "/schedule/cron", "cron", "write '0 * * * *'")]
    [InlineData("'schedule':{'cron':'@every 5x'}", "/schedule/cron", "cron", "@every 1h30m")]
    [InlineData("'schedule':{'cron':'H * * * *','dialect':'crontab'}", "/schedule/cron", "cron", "column 1")]
    [InlineData("'schedule':{'cron':'0 0 * * 1','dialect':'quartz'}", "/schedule/cron", "cron", "Quartz")]
    [InlineData("'schedule':{'cron':'* * * * *','dialect':'vixie'}", "/schedule/dialect", "enum", "pontual, crontab, quartz")]
    [InlineData("'schedule':{'every':'5m','dialect':'quartz'}", "/schedule/dialect", "conflict", "only 'cron'")]
    [InlineData("'schedule':{'cron':'@reboot','dst':{'gap':'skip'}}", "/schedule/dst", "conflict", "leave it out")]
    [InlineData("'schedule':{'cron':'@reboot','jitter':'5s'}", "/schedule/jitter", "conflict", "start of the system")]
    [InlineData("'schedule':{'cron':'@reboot','shift':'next-business-day'}", "/schedule/shift", "conflict", "only the days of a cron")]
    [InlineData("'schedule':{'delay':'30s','every':'30s'}", "/schedule", "schedule", "every and delay")]
    [InlineData("'schedule':{'delay':'500ms'}", "/schedule/delay", "range", "from 1s to 366d")]
    [InlineData("'schedule':{'delay':'30s','jitter':'5s'}", "/schedule/jitter", "conflict", "end of the run before")]
    [InlineData("'schedule':{'every':'30s','from':'last-start','jitter':'5s'}", "/schedule/jitter", "conflict", "start of the run before")]
    [InlineData("'schedule':{'every':'30s','from':'first-start'}", "/schedule/from", "instant", "'first-start'")]
    [InlineData("'schedule':{'delay':'30s','from':'2026-01-01T00:00Z'}", "/schedule/from", "conflict", "'start'")]
    [InlineData("'schedule':{'delay':'30s','zone':'UTC'}", "/schedule/zone", "conflict", "elapsed")]
    [InlineData("'schedule':{'every':'5m','start':'2026-01-01T00:00Z','zone':'UTC'}", "/schedule/zone", "conflict", "elapsed")]
    [InlineData("'schedule':{'every':'5m','shift':'next-business-day'}", "/schedule/shift", "conflict", "only the days of a cron")]
    [InlineData(
        "'schedule':{'cron':'0 9 * * *','shift':'next-day'}",
        "/schedule/shift",
        "enum",
        "next-business-day, previous-business-day"
    )]
    [InlineData("'schedule':{'cron':'0 9 * * *','start':'soon'}", "/schedule/start", "instant", "a date, 2026-12-01")]
    [InlineData("'schedule':{'cron':'0 9 * * *','end':'2026-02-30'}", "/schedule/end", "instant", "not a date")]
    [InlineData("'schedule':{'cron':'0 9 * * *','start':'2026-02-02','end':'2026-02-01'}", "/schedule/end", "conflict", "before the start")]
    [InlineData("'schedule':{'at':'2026-02-02T09:00','start':'2026-02-01'}", "/schedule/start", "conflict", "'at' says when")]
    [InlineData("'schedule':{'at':'2026-02-02T09:00','end':'2026-02-03'}", "/schedule/end", "conflict", "'at' says when")]
    [InlineData("'schedule':{'every':'5m','jitter':'25h'}", "/schedule/jitter", "range", "1s to 1d")]
    [InlineData("'schedule':{'every':'5m','jitter':'1500ms'}", "/schedule/jitter", "range", "whole seconds")]
    [InlineData("'schedule':{'every':'5m','jitter':120}", "/schedule/jitter", "duration", "120s")]
    [InlineData("'schedule':{'every':'5m','only':[]}", "/schedule/only", "length", "leave 'only' out")]
    [InlineData("'schedule':{'every':'5m','except':['br',5]}", "/schedule/except/1", "calendar", "name calendars")]
    [InlineData("'schedule':{'every':'5m','except':['feriados do ano']}", "/schedule/except/0", "calendar", "name calendars")]
    [InlineData("'timeout':'0s'", "/timeout", "range", "1s to 7d")]
    [InlineData("'timeout':'8d'", "/timeout", "range", "1s to 7d")]
    [InlineData("'timeout':300", "/timeout", "duration", "300s")]
    [InlineData("'timeout':1e400", "/timeout", "number", "out of range")]
    [InlineData("'timeout':{}", "/timeout", "duration", "an object")]
    [InlineData("'overlap':'Skip'", "/overlap", "enum", "did you mean 'skip'?")]
    [InlineData("'overlap':7", "/overlap", "enum", "buffer-one")]
    [InlineData("'catch_up':'all'", "/catch_up", "unknown-key", "did you mean 'catch-up'?")]
    [InlineData("'catch-up':'newest'", "/catch-up", "enum", "none, latest, all")]
    [InlineData("'catch-up-window':'1h'", "/catch-up-window", "conflict", "catch-up: all")]
    [InlineData("'catch-up':'all','catch-up-window':'400d'", "/catch-up-window", "range", "366d")]
    [InlineData("'retry':3", "/retry", "type", "attempts, backoff, on")]
    [InlineData("'retry':{}", "/retry", "required", "attempts: 3")]
    [InlineData("'retry':{'attempts':0}", "/retry/attempts", "range", "1 to 100")]
    [InlineData("'retry':{'attempts':1.5}", "/retry/attempts", "integer", "1 to 100")]
    [InlineData("'retry':{'attempts':'3'}", "/retry/attempts", "integer", "1 to 100")]
    [InlineData("'retry':{'attempts':99999999999999999999}", "/retry/attempts", "integer", "1 to 100")]
    [InlineData("'retry':{'attempts':2,'backoff':'5m..5s'}", "/retry/backoff", "range", "5s..5m")]
    [InlineData("'retry':{'attempts':2,'backoff':'5s...5m'}", "/retry/backoff", "duration", "5s..5m")]
    [InlineData("'retry':{'attempts':2,'backoff':'1s..2s..3s'}", "/retry/backoff", "duration", "5s..5m")]
    [InlineData("'retry':{'attempts':2,'backoff':5}", "/retry/backoff", "type", "5s..5m")]
    [InlineData("'retry':{'attempts':2,'on':[]}", "/retry/on", "type", "network")]
    [InlineData("'retry':{'attempts':2,'on':'network'}", "/retry/on", "type", "a list of")]
    [InlineData("'retry':{'attempts':2,'on':['newtork']}", "/retry/on", "enum", "did you mean 'network'?")]
    [InlineData("'retry':{'attempts':2,'on':[500]}", "/retry/on", "enum", "5xx")]
    [InlineData("'critical':'yes'", "/critical", "boolean", "without quotes")]
    [InlineData("'sla':'soon'", "/sla", "duration", "unit")]
    [InlineData("'sla':'0s'", "/sla", "range", "1s to 366d")]
    [InlineData("'queue':'a b'", "/queue", "name", "a-z")]
    [InlineData("'queue':''", "/queue", "name", "a-z")]
    [InlineData("'priority':11", "/priority", "range", "-10 to 10")]
    [InlineData("'priority':'high'", "/priority", "integer", "-10 to 10")]
    [InlineData("'concurrency':2", "/concurrency", "conflict", "overlap: allow")]
    [InlineData("'concurrency':0,'overlap':'allow'", "/concurrency", "range", "1 to 10000")]
    [InlineData("'log':'../../etc/passwd'", "/log", "path", "'..'")]
    [InlineData("'log':'logs/'", "/log", "path", "name a file")]
    [InlineData("'log':' '", "/log", "path", "name a file")]
    [InlineData("'description':'two\\nlines'", "/description", "text", "one line")]
    [InlineData("'description':'\\u0000'", "/description", "text", "NUL")]
    [InlineData("'description':'\\ud800'", "/description", "text", "surrogate")]
    [InlineData("'description':5", "/description", "type", "not a text")]
    [InlineData("'\\ud800':1", "", "text", "surrogate")]
    [InlineData("'critical':true,'critical':true", "/critical", "duplicate-key", "more than once")]
    [InlineData("'name':'b'", "/name", "duplicate-key", "more than once")]
    [InlineData("'a/b~c':1", "/a~1b~0c", "unknown-key", "known keys")]
    public void A_wrong_part_is_reported_where_it_stands(string part, string path, string rule, string said)
    {
        var problems = Problems($$$"""{"name":"a","target":{"http":{"url":"x"}},{{{part.Replace('\'', '"')}}}}""");

        problems.ShouldContain(
            problem =>
                problem.Path == path
                && problem.Rule == rule
                && $"{problem.Message}. {problem.Fix}".Contains(said, StringComparison.Ordinal),
            string.Join('\n', problems)
        );
    }

    [Theory]
    [InlineData("null", "", "type")]
    [InlineData("[]", "", "type")]
    [InlineData("3", "", "type")]
    [InlineData("{}", "", "required")]
    [InlineData("""{"name":null,"target":{"http":{}}}""", "", "required")]
    [InlineData("""{"name":5,"target":{"http":{}}}""", "/name", "type")]
    [InlineData("""{"name":"Á","target":{"http":{}}}""", "/name", "name")]
    [InlineData("""{"name":"a"}""", "", "required")]
    [InlineData("""{"name":"a","target":null}""", "", "required")]
    [InlineData("""{"name":"a","target":"http"}""", "/target", "type")]
    [InlineData("""{"name":"a","target":{}}""", "/target", "target")]
    [InlineData("""{"name":"a","target":{"http":{},"process":{}}}""", "/target", "target")]
    [InlineData("""{"name":"a","target":{"HTTP":{}}}""", "/target/HTTP", "target")]
    [InlineData("""{"name":"a","target":{"http":"x"}}""", "/target/http", "type")]
    [InlineData("""{"name":"a","target":{"http":{"a":"\ud800"}}}""", "/target/http/a", "text")]
    [InlineData("""{"name":"a","target":{"http":{"a":1,"a":2}}}""", "/target/http/a", "duplicate-key")]
    public void A_job_without_name_or_target_is_none(string text, string path, string rule) =>
        Problems(text).ShouldContain(problem => problem.Path == path && problem.Rule == rule);

    [Fact]
    public void What_the_runner_finds_joins_in_with_its_place()
    {
        var problems = new List<DocumentProblem>();
        using var json = JsonDocument.Parse("""{"name":"a","target":{"http":{"url":"x"}}}""");

        var job = JobDocument.Read(
            json.RootElement,
            "/jobs/0",
            problems,
            target => [new("/url", "url", $"no {target.Kind} address", "fix")]
        );

        job.ShouldBeNull();
        problems.ShouldHaveSingleItem().Path.ShouldBe("/jobs/0/target/http/url");
    }

    [Fact]
    public void A_runner_is_not_shown_what_is_no_text()
    {
        var problems = new List<DocumentProblem>();
        using var json = JsonDocument.Parse("""{"name":"a","target":{"http":{"url":"\udfff"}}}""");

        JobDocument.Read(json.RootElement, "", problems, target => [new("", "asked", target.Settings.GetProperty("url").GetString()!, "")]);

        problems.ShouldHaveSingleItem().Rule.ShouldBe("text");
    }

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40));
        var text =
            $$$"""{"name":"a","target":{"http":{"deep":{{{deep}}},"long":"{{{new string('x', 70_000)}}}"}},"log":"{{{new string('x', 2000)}}}"}""";

        var problems = Problems(text);

        problems.Select(problem => problem.Rule).ShouldBe(["depth", "length", "length"]);
    }

    private static List<DocumentProblem> Problems(string text)
    {
        var problems = new List<DocumentProblem>();
        using var json = JsonDocument.Parse(text);
        JobDocument.Read(json.RootElement, "", problems).ShouldBeNull();
        problems.ShouldAllBe(problem => problem.Message.Length > 0 && problem.Fix.Length > 0);
        return problems;
    }
}
