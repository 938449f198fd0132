using Shouldly;

namespace Pontual.Runners.Tests.Http;

public sealed class HttpTargetReaderTests
{
    [Theory]
    [InlineData("""{"url": "https://api.test/x"}""")]
    [InlineData("""{"url": "${env:API_BASE}/jobs/x", "method": "get"}""")]
    [InlineData("""{"url": "http://api.test:{{parameters.port}}/{{job}}?at={{scheduled_for}}"}""")]
    [InlineData("""{"url": "http://[::1]:80/", "outbound": "public-only", "allow": ["*.api.test", "[::1]"]}""")]
    [InlineData("""{"url": "http://a.test", "success": {"status": [200, "3xx", "404"], "json": "$.a.b=1"}, "redirects": 0}""")]
    [InlineData(
        """{"url": "http://a.test", "connect-timeout": "2s", "max-response": "1MiB", "sign": "${file:/run/key}", "callback": false}"""
    )]
    [InlineData(
        """{"url": "http://a.test", "max-response": 1024, "headers": {"Content-Type": "text/xml"}, "body": "<a>{{parameters}}</a>"}"""
    )]
    [InlineData("""{"url": "http://a.test", "body": ["\\{{not}}", {"a": null}]}""")]
    public void What_may_be_written_has_no_problem(string settings) => Check(settings).ShouldBeEmpty();

    [Theory]
    [InlineData("[]", "", "type")]
    [InlineData("{}", "", "required")]
    [InlineData("""{"url": "api.test/x"}""", "/url", "url")]
    [InlineData("""{"url": "ftp://api.test/x"}""", "/url", "url")]
    [InlineData("""{"url": "/x"}""", "/url", "url")]
    [InlineData("""{"url": "http://"}""", "/url", "url")]
    [InlineData("""{"url": "http://a.test:99999/"}""", "/url", "url")]
    [InlineData("""{"url": "http://a.test:0/"}""", "/url", "url")]
    [InlineData("""{"url": "http://a.test/\r\nX: 1"}""", "/url", "url")]
    [InlineData("""{"url": 5}""", "/url", "type")]
    [InlineData("""{"url": "http://a.test/{{who}}"}""", "/url", "template")]
    [InlineData("""{"url": "http://a.test/{{parameters.}}"}""", "/url", "template")]
    [InlineData("""{"url": "http://a.test/{{job"}""", "/url", "template")]
    [InlineData("""{"url": "http://a.test/${vault:x}"}""", "/url", "template")]
    [InlineData("""{"url": "http://a.test/${env:x"}""", "/url", "template")]
    [InlineData("""{"url": "http://a.test", "urll": 1}""", "/urll", "unknown-key")]
    [InlineData("""{"url": "http://a.test", "insecure-tls": true}""", "/insecure-tls", "unknown-key")]
    [InlineData("""{"url": "http://a.test", "method": "GE T"}""", "/method", "method")]
    [InlineData("""{"url": "http://a.test", "method": "CONNECT"}""", "/method", "method")]
    [InlineData("""{"url": "http://a.test", "headers": []}""", "/headers", "type")]
    [InlineData("""{"url": "http://a.test", "headers": {"a b": "x"}}""", "/headers/a b", "header")]
    [InlineData("""{"url": "http://a.test", "headers": {"X-A": "x\r\nY: 1"}}""", "/headers/X-A", "header")]
    [InlineData("""{"url": "http://a.test", "headers": {"X-A": "ação"}}""", "/headers/X-A", "header")]
    [InlineData("""{"url": "http://a.test", "headers": {"X-A": 5}}""", "/headers/X-A", "type")]
    [InlineData("""{"url": "http://a.test", "headers": {"Transfer-Encoding": "chunked"}}""", "/headers/Transfer-Encoding", "header")]
    [InlineData("""{"url": "http://a.test", "headers": {"x-pontual-token": "9"}}""", "/headers/x-pontual-token", "header")]
    [InlineData("""{"url": "http://a.test", "headers": {"X-A": "{{nope}}"}}""", "/headers/X-A", "template")]
    [InlineData("""{"url": "http://a.test", "body": {"a/b": ["{{nope}}"]}}""", "/body/a~1b/0", "template")]
    [InlineData("""{"url": "http://a.test", "body": "{{nope}}"}""", "/body", "template")]
    [InlineData("""{"url": "http://a.test", "success": "2xx"}""", "/success", "type")]
    [InlineData("""{"url": "http://a.test", "success": {"status": "6xx"}}""", "/success/status", "status")]
    [InlineData("""{"url": "http://a.test", "success": {"status": [200, 99]}}""", "/success/status", "status")]
    [InlineData("""{"url": "http://a.test", "success": {"status": []}}""", "/success/status", "status")]
    [InlineData("""{"url": "http://a.test", "success": {"json": "ok"}}""", "/success/json", "json-rule")]
    [InlineData("""{"url": "http://a.test", "success": {"json": "a..b=1"}}""", "/success/json", "json-rule")]
    [InlineData("""{"url": "http://a.test", "redirects": 21}""", "/redirects", "range")]
    [InlineData("""{"url": "http://a.test", "redirects": "many"}""", "/redirects", "integer")]
    [InlineData("""{"url": "http://a.test", "connect-timeout": 10}""", "/connect-timeout", "duration")]
    [InlineData("""{"url": "http://a.test", "connect-timeout": "3m"}""", "/connect-timeout", "range")]
    [InlineData("""{"url": "http://a.test", "max-response": "1GiB"}""", "/max-response", "size")]
    [InlineData("""{"url": "http://a.test", "max-response": "2MiB"}""", "/max-response", "size")]
    [InlineData("""{"url": "http://a.test", "max-response": 0}""", "/max-response", "size")]
    [InlineData("""{"url": "http://a.test", "sign": ""}""", "/sign", "required")]
    [InlineData("""{"url": "http://a.test", "outbound": "none"}""", "/outbound", "enum")]
    [InlineData("""{"url": "http://a.test", "allow": []}""", "/allow", "host")]
    [InlineData("""{"url": "http://a.test", "allow": ["http://a.test"]}""", "/allow", "host")]
    [InlineData("""{"url": "http://a.test", "callback": "yes"}""", "/callback", "boolean")]
    public void What_may_not_is_named_with_its_place_and_rule(string settings, string path, string rule)
    {
        var problems = Check(settings);

        problems
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                problem => problem.Path.ShouldBe(path),
                problem => problem.Rule.ShouldBe(rule),
                problem => problem.Fix.ShouldNotBeEmpty()
            );
    }

    [Fact]
    public void All_problems_are_told_at_once() =>
        Check("""{"url": "x", "method": "?", "redirects": -1, "nope": 1, "headers": {"X-Pontual-Job": "a"}, "body": "{{x}}"}""")
            .Select(problem => problem.Path)
            .ShouldBe(["/nope", "/url", "/method", "/headers/X-Pontual-Job", "/body", "/redirects"], ignoreOrder: true);

    private static IReadOnlyList<Pontual.Engine.Jobs.DocumentProblem> Check(string settings)
    {
        using var rig = new HttpRig();
        return rig.Check(settings);
    }
}
