using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Runners.Tests.Sql;

public sealed class SqlTargetReaderTests
{
    [Theory]
    [InlineData("""{"statement": "SELECT 1"}""")]
    [InlineData("""{"statement": "SELECT '{{1,2},{3,4}}'::int[], $$ {{ x $$"}""")]
    [InlineData("""{"statement": "SELECT 1", "connection": "${env:SHOP_DB}"}""")]
    [InlineData("""{"statement": "SELECT 1", "connection": "${file:/run/secrets/a b;c=d}"}""")]
    [InlineData("""{"statement": "SELECT 1", "connection": "Host=db;Port=${env:PORT};SSL Mode=${env:SSL};Password=${env:PASSWORD}"}""")]
    [InlineData(
        """{"statement": "SELECT 1", "connection": "Server=a,b;User Id=x;Pwd=${file:/run/password};Target Session Attributes=primary"}"""
    )]
    [InlineData(
        """{"statement": "SELECT 1", "settings": {"work_mem": "64MB", "app.settings.key": "${env:KEY}", "app.of": "{{parameters.of}} {{job}}"}}"""
    )]
    [InlineData("""{"statement": "SELECT 1", "settings": {"statement_timeout": 5000, "jit": false, "role": null}, "connection": null}""")]
    public void What_may_be_written_has_no_problem(string settings) => Check(settings).ShouldBeEmpty();

    [Theory]
    [InlineData("[]", "", "type")]
    [InlineData("{}", "", "required")]
    [InlineData("""{"statement": null}""", "", "required")]
    [InlineData("""{"statement": " \n"}""", "/statement", "empty")]
    [InlineData("""{"statement": ["SELECT 1"]}""", "/statement", "type")]
    [InlineData("""{"statement": "SELECT '{{ parameters.name }}'"}""", "/statement", "template")]
    [InlineData("""{"statement": "SELECT '{{run_id}}'"}""", "/statement", "template")]
    [InlineData("""{"statement": "SELECT '${env:KEY}'"}""", "/statement", "secret")]
    [InlineData("""{"statement": "SELECT 1", "query": "x"}""", "/query", "unknown-key")]
    [InlineData("""{"statement": "SELECT 1", "connection": 5}""", "/connection", "type")]
    [InlineData("""{"statement": "SELECT 1", "connection": ""}""", "/connection", "connection")]
    [InlineData("""{"statement": "SELECT 1", "connection": "db.example.com"}""", "/connection", "connection")]
    [InlineData("""{"statement": "SELECT 1", "connection": "postgres://jobs:hush@db/shop"}""", "/connection", "connection")]
    [InlineData("""{"statement": "SELECT 1", "connection": "postgres://jobs:hush@db/shop?sslmode=require"}""", "/connection", "connection")]
    [InlineData("""{"statement": "SELECT 1", "connection": "Database=shop"}""", "/connection", "connection")]
    [InlineData("""{"statement": "SELECT 1", "connection": "Host=db;Hots=x"}""", "/connection", "connection")]
    [InlineData("""{"statement": "SELECT 1", "connection": "Host=db;Port=many"}""", "/connection", "connection")]
    [InlineData("""{"statement": "SELECT 1", "connection": "Host=db;Password=hush"}""", "/connection", "password")]
    [InlineData("""{"statement": "SELECT 1", "connection": "Host=db;pwd=hush"}""", "/connection", "password")]
    [InlineData("""{"statement": "SELECT 1", "connection": "Host=db;Password=hush${env:MORE}"}""", "/connection", "password")]
    [InlineData("""{"statement": "SELECT 1", "connection": "Host=db;SSL Password=hush"}""", "/connection", "password")]
    [InlineData("""{"statement": "SELECT 1", "connection": "Host=db;Password=${vault:x}"}""", "/connection", "secret")]
    [InlineData("""{"statement": "SELECT 1", "settings": []}""", "/settings", "type")]
    [InlineData("""{"statement": "SELECT 1", "settings": {"work mem": "1MB"}}""", "/settings/work mem", "setting")]
    [InlineData("""{"statement": "SELECT 1", "settings": {"app..key": "x"}}""", "/settings/app..key", "setting")]
    [InlineData("""{"statement": "SELECT 1", "settings": {"Pontual.job": "x"}}""", "/settings/Pontual.job", "setting")]
    [InlineData("""{"statement": "SELECT 1", "settings": {"work_mem": ["1MB"]}}""", "/settings/work_mem", "type")]
    [InlineData("""{"statement": "SELECT 1", "settings": {"app.of": "{{who}}"}}""", "/settings/app.of", "template")]
    [InlineData("""{"statement": "SELECT 1", "settings": {"app.of": "${vault:x}"}}""", "/settings/app.of", "template")]
    public void What_may_not_is_named_with_its_place_and_rule(string settings, string path, string rule)
    {
        var problems = Check(settings);

        problems
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                problem => problem.Path.ShouldBe(path),
                problem => problem.Rule.ShouldBe(rule),
                problem => problem.Fix.ShouldNotBeEmpty(),
                problem => problem.Message.ShouldNotContain("hush")
            );
    }

    [Fact]
    public void All_problems_are_told_at_once() =>
        Check("""{"connection": "x", "statement": "", "nope": 1, "settings": {"pontual.job": "a", "a b": "{{x}}"}}""")
            .Select(problem => problem.Path)
            .ShouldBe(["/nope", "/connection", "/statement", "/settings/pontual.job", "/settings/a b", "/settings/a b"], ignoreOrder: true);

    [Fact]
    public void Settings_have_a_bound() =>
        Check(
                JsonSerializer.Serialize(
                    new { statement = "SELECT 1", settings = Enumerable.Range(0, 101).ToDictionary(at => $"app.s{at}") }
                )
            )
            .ShouldHaveSingleItem()
            .Path.ShouldBe("/settings");

    [Fact]
    public void Without_a_PostgreSQL_of_the_installation_a_connection_is_needed()
    {
        var problems = SqlRig.Without().Check(JsonElement.Parse("""{"statement": "SELECT 1"}"""), default);

        var problem = problems.ShouldHaveSingleItem();
        problem.Path.ShouldBe("/connection");
        problem.Fix.ShouldContain("Password=${env:NAME}");
    }

    [Fact]
    public async Task Another_tenant_needs_a_connection_of_its_own()
    {
        var runner = SqlRig.Without("Host=own");
        const string Settings = """{"statement": "SELECT 1"}""";
        var tenant = TenantName.Parse("shop");

        var problem = runner.Check(JsonElement.Parse(Settings), tenant).ShouldHaveSingleItem();
        var outcome = await runner.RunAsync(TestAttempt.Of("sql", Settings, tenant: tenant), CancellationToken.None);

        problem.Path.ShouldBe("/connection");
        problem.Message.ShouldContain("default tenant");
        outcome.ShouldBeOfType<Outcome.Failure>().Message.ShouldContain("default tenant");
    }

    private static IReadOnlyList<DocumentProblem> Check(string settings) =>
        [.. SqlRig.Without("Host=own").Check(JsonElement.Parse(settings), default)];
}
