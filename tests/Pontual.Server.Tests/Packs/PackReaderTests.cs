using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Scheduling.Schedules;
using Pontual.Server.Packs;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Server.Tests.Packs;

public class PackReaderTests
{
    [Fact(DisplayName = "S5-13 a new job is a YAML entry and nothing more: the documented example reads as it stands")]
    public void The_documented_example_reads()
    {
        const string Text = """
            jobs:
              - name: processar_grupos
                schedule: { cron: "* * * * *", zone: America/Sao_Paulo }
                target:   { http: { url: "${env:API_BASE}/jobs/processar-grupos", method: POST } }
                timeout: 300s
                overlap: skip
                catch-up: latest
                retry: { attempts: 3, backoff: 5s..5m, on: [network, timeout, 5xx, 429] }
                critical: true
                sla: auto
            """;

        var reading = PackReader.Read([new("pontual.yaml", Text)], PackChecks.None);

        reading.Problems.ShouldBeEmpty();
        JobDocument
            .Serialize(reading.Jobs.ShouldHaveSingleItem())
            .ShouldBe(
                """
                {"name":"processar_grupos","schedule":{"cron":"* * * * *","zone":"America/Sao_Paulo"},
                "target":{"http":{"url":"${env:API_BASE}/jobs/processar-grupos","method":"POST"}},
                "retry":{"attempts":3,"on":["network","timeout","5xx","429"]},"critical":true}
                """.ReplaceLineEndings("")
            );
    }

    [Fact]
    public void Scalars_follow_the_core_schema_of_yaml_1_2()
    {
        const string Text = """
            jobs:
              - name: a
                target:
                  custom:
                    texts: ["5", '1e3', yes, on, 09:30, 2026-12-01T09:00, 5s..5m, 1.2.3, .inf, 0x, "true", !!str 7]
                    numbers: [5, +5, 007, -0, 0o17, 0xff, 1.50, .5, "1", 1., 1e3, -1.5E-2]
                    words: [true, False, ~, null, "", x]
                    block: |
                      two
                      lines
            """;

        var reading = PackReader.Read([new("a.yaml", Text)], PackChecks.None);

        reading.Problems.ShouldBeEmpty();
        var settings = reading.Jobs[0].Target.Settings;
        settings.GetProperty("texts").EnumerateArray().ShouldAllBe(item => item.ValueKind == System.Text.Json.JsonValueKind.String);
        settings.GetProperty("numbers").GetRawText().ShouldBe("""[5,5,7,-0,15,255,1.50,0.5,"1",1,1e3,-1.5E-2]""");
        settings.GetProperty("words").GetRawText().ShouldBe("""[true,false,null,null,"","x"]""");
        settings.GetProperty("block").GetString().ShouldBe("two\nlines");
    }

    [Fact]
    public void Defaults_go_under_each_job_and_a_problem_in_them_is_told_once_where_it_stands()
    {
        const string Text = """
            defaults:
              zone: Europe/Lisbon
              timeout: 1m
              overlap: [allow]
            jobs:
              - name: a
                schedule: { cron: "0 9 * * *" }
                target: { http: {} }
              - name: b
                schedule: { cron: "0 9 * * *", zone: UTC }
                target: { http: {} }
                timeout: 2m
            """;

        var wrong = PackReader.Read([new("a.yaml", Text)], PackChecks.None);
        var right = PackReader.Read([new("a.yaml", Text.Replace("[allow]", "allow", StringComparison.Ordinal))], PackChecks.None);

        wrong
            .Problems.ShouldHaveSingleItem()
            .ToString()
            .ShouldStartWith("a.yaml:4:12: enum: a list is not known here. Fix: use one of skip,");
        right.Problems.ShouldBeEmpty();
        right.Jobs.Select(job => job.Timeout.TotalMinutes).ShouldBe([1, 2]);
        right.Jobs.Select(job => ((CronSchedule)job.Schedule).Zone.Id).ShouldBe(["Europe/Lisbon", "UTC"]);
        right.Jobs.ShouldAllBe(job => job.Overlap == Overlap.Allow);
    }

    [Fact]
    public void Anchors_and_aliases_are_written_out()
    {
        const string Text = """
            jobs:
              - name: a
                target: &call { http: { url: "http://x/" } }
                retry: &often { attempts: 3 }
              - { name: b, target: *call, retry: *often }
            """;

        var reading = PackReader.Read([new("a.yaml", Text)], PackChecks.None);

        reading.Problems.ShouldBeEmpty();
        reading.Jobs[1].Target.ShouldBe(reading.Jobs[0].Target);
        reading.Jobs[1].Retry.MaxAttempts.ShouldBe(3);
    }

    [Fact]
    public void A_name_is_unique_over_all_files()
    {
        var one = new PackFile("one.yaml", "jobs:\n  - { name: a, target: { http: {} } }");
        var two = new PackFile("two.yaml", "jobs:\n  - { name: b, target: { http: {} } }\n  - { name: a, target: { http: {} } }");

        var reading = PackReader.Read([one, two], PackChecks.None);

        reading
            .Problems.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("two.yaml:3:13: duplicate-name: there is a job 'a' already, in one.yaml line 2. Fix: give one of them another name.");
    }

    [Fact]
    public void A_missing_variable_is_told_and_no_value_is_shown()
    {
        const string Text =
            "jobs:\n  - name: a\n    target:\n      http:\n        url: http://x/\n        headers:\n          A: ${env:THERE} ${env:GONE}";
        var secrets = new Secrets(name => name == "THERE" ? "s3cret" : null);

        var reading = PackReader.Read([new("a.yaml", Text)], new PackChecks(secrets: secrets));

        var problem = reading.Problems.ShouldHaveSingleItem().ToString();
        problem.ShouldStartWith("a.yaml:7:14: secret: ${env:GONE} is not set. Fix: ");
        problem.ShouldNotContain("s3cret");
    }

    [Fact]
    public void A_problem_inside_a_cron_expression_points_at_its_column()
    {
        const string Text = "jobs:\n  - name: a\n    schedule: { cron: \"0 25 * * *\" }\n    target: { http: {} }";

        var reading = PackReader.Read([new("a.yaml", Text)], PackChecks.None);

        var problem = reading.Problems.ShouldHaveSingleItem();
        (problem.Line, problem.Column).ShouldBe((3, 26));
    }

    [Fact]
    public void What_runners_find_is_told_with_its_line_and_unknown_kinds_too()
    {
        const string Text = "jobs:\n  - name: a\n    target:\n      htpp:\n        url: x";

        var reading = PackReader.Read([new("a.yaml", Text)], PackChecks.By([new OnlyHttp()]));

        reading
            .Problems.ShouldHaveSingleItem()
            .ToString()
            .ShouldStartWith("a.yaml:5:9: target: 'htpp' is not a kind of target here. Fix: did you mean 'http'?");
    }

    [Theory]
    [InlineData("samples")]
    [InlineData("packs")]
    public void Every_pack_of_the_tree_reads(string folder)
    {
        var files = Directory.GetFiles(Repository.Path(folder), "*.yaml", SearchOption.AllDirectories);

        files.ShouldNotBeEmpty();
        foreach (var file in files)
        {
            var reading = PackReader.Read([new(file, File.ReadAllText(file))], PackChecks.None);
            reading.Problems.ShouldBeEmpty();
            reading.Jobs.ShouldNotBeEmpty();
        }

        Directory
            .GetFiles(Repository.Path("samples"), "*.yaml", SearchOption.AllDirectories)
            .ShouldAllBe(file => File.ReadLines(file).Count() < 50);
    }

    private sealed class OnlyHttp : IRunner
    {
        public string Kind => "http";

        public IEnumerable<DocumentProblem> Check(System.Text.Json.JsonElement settings, TenantName tenant) => [];

        public Task<Pontual.Engine.Runs.Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation) =>
            Task.FromException<Pontual.Engine.Runs.Outcome>(new InvalidOperationException("Nothing runs here."));
    }
}
