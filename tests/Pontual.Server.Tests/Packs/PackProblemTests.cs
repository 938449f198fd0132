using Pontual.Engine.Executing;
using Pontual.Server.Packs;
using Shouldly;

namespace Pontual.Server.Tests.Packs;

public class PackProblemTests
{
    private const string Good = "jobs:\n  - name: a\n    target: { http: { url: x } }\n";

    /// <summary>A wrong file, and the line and rule of a problem it must give.</summary>
    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("# only a comment\n", 1, "empty")]
    [InlineData("jobs", 1, "type")]
    [InlineData("- a", 1, "type")]
    [InlineData("{}", 1, "required")]
    [InlineData("pack: { name: x }", 1, "required")]
    [InlineData("jobs:\n", 1, "empty")]
    [InlineData("jobs: 5", 1, "type")]
    [InlineData("jobs:\n  a: b", 2, "type")]
    [InlineData("jobs:\n  -", 2, "empty")]
    [InlineData("jobs:\n  - 5", 2, "type")]
    [InlineData("jbos: []", 1, "unknown-key")]
    [InlineData(Good + "pack: 3", 4, "type")]
    [InlineData(Good + "pack: { title: x }", 4, "unknown-key")]
    [InlineData(Good + "defaults: []", 4, "type")]
    [InlineData(Good + "defaults: { name: x }", 4, "unknown-key")]
    [InlineData(Good + "defaults:\n  timeout: 5", 5, "duration")]
    [InlineData(Good + "    timeout: 5", 4, "duration")]
    [InlineData(Good + "    timeout: 00:05:00", 4, "duration")]
    [InlineData(Good + "    timeout:\n", 4, "empty")]
    [InlineData(Good + "    timeout: 1s\n    timeout: 2s", 5, "duplicate-key")]
    [InlineData(Good + "    timeuot: 1s", 4, "unknown-key")]
    [InlineData(Good + "    critical: yes", 4, "boolean")]
    [InlineData(Good + "    overlap: Skip", 4, "enum")]
    [InlineData(Good + "    priority: 1.5", 4, "integer")]
    [InlineData(Good + "    priority: 0x1F", 4, "range")]
    [InlineData(Good + "    concurrency: 2", 4, "conflict")]
    [InlineData(Good + "    schedule: * * * * *", 4, "yaml")]
    [InlineData(Good + "    schedule: { cron: * * * * * }", 4, "yaml")]
    [InlineData(Good + "    schedule: \"* * * * *\"", 4, "type")]
    [InlineData(Good + "    schedule:\n      cron: \"0 0 30 2 *\"", 5, "never")]
    [InlineData(Good + "    schedule:\n      cron: \"@sometimes\"", 5, "cron")]
    [InlineData(Good + "    schedule:\n      cron: \"0 9 * * *\"\n      zone: Nowhere/Town", 6, "zone")]
    [InlineData(Good + "    schedule:\n      every: 5 m", 5, "duration")]
    [InlineData(Good + "    schedule:\n      after: [b]", 5, "not-available")]
    [InlineData(Good + "    retry:\n      attempts: 3\n      on: [5xx, 500]", 6, "enum")]
    [InlineData(Good + "    log: ../x", 4, "path")]
    [InlineData(Good + "    description: \"\\0\"", 4, "text")]
    [InlineData(Good + "    log: *missing", 4, "alias")]
    [InlineData(Good + "    retry: &a { on: [*a] }", 4, "alias")]
    [InlineData(Good + "    <<: { timeout: 1s }", 4, "merge")]
    [InlineData(Good + "    timeout: !!binary aGk=", 4, "tag")]
    [InlineData(Good + "    ? [a, b]\n    : c", 4, "key")]
    [InlineData(Good + "\tlog: x", 4, "yaml")]
    [InlineData(Good + "   log: x", 4, "yaml")]
    [InlineData(Good + "    log: \"x", 4, "yaml")]
    [InlineData(Good + "    log: [x", 4, "yaml")]
    [InlineData(Good + "    log: x\u0001", 4, "text")]
    [InlineData(Good + "    log: x\0", 4, "text")]
    [InlineData(Good + "---\njobs: []", 4, "documents")]
    [InlineData(Good + "  - name: a\n    target: { http: {} }", 4, "duplicate-name")]
    [InlineData(Good + "  - target: { http: {} }", 4, "required")]
    [InlineData(Good + "  - name: 5\n    target: { http: {} }", 4, "type")]
    [InlineData(Good + "  - name: B\n    target: { http: {} }", 4, "name")]
    [InlineData(Good + "  - name: b\n    target: { http: }", 5, "target")]
    [InlineData(Good + "  - name: b\n    target: { http: { a: 1e999 } }", 5, "number")]
    [InlineData("server: { port: 80 }", 1, "unknown-key")]
    [InlineData("server:\n  urls: localhost:8080", 2, "url")]
    [InlineData("server:\n  role: [api, worke]", 2, "enum")]
    [InlineData("server:\n  concurrency: 0", 2, "range")]
    [InlineData("server:\n  drain: 30", 2, "duration")]
    [InlineData("server:\n  queues: { \"a b\": 1 }", 2, "name")]
    [InlineData("server:\n  queues: { slow: many }", 2, "integer")]
    [InlineData("server:\n  postgres: \"${env:NOT_THERE}\"", 2, "secret")]
    [InlineData("server:\n  data: \"\"", 2, "empty")]
    [InlineData("server:\n  outbound: public", 2, "enum")]
    [InlineData("server:\n  run-log: pt", 2, "enum")]
    public void A_wrong_file_is_told_with_line_and_rule(string text, int line, string rule)
    {
        var reading = PackReader.Read([new("a.yaml", text)], new PackChecks(secrets: new Secrets(_ => null)));

        reading.Problems.ShouldContain(problem => problem.Line == line && problem.Rule == rule, string.Join('\n', reading.Problems));
        reading.Problems.ShouldAllBe(problem => problem.Column > 0 && problem.Message.Length > 0 && problem.Fix.Length > 0);
    }

    [Fact]
    public void All_problems_of_all_files_are_told_at_once_in_the_order_of_their_lines()
    {
        PackFile[] files =
        [
            new("one.yaml", Good + "    timeout: 5\n    overlap: no"),
            new("two.yaml", "jobs: [{ name: b }]"),
            new("three.yaml", "jobs: ["),
        ];

        var problems = PackReader.Read(files, PackChecks.None).Problems;

        problems
            .Select(problem => $"{problem.File}:{problem.Line} {problem.Rule}")
            .ShouldBe(["one.yaml:4 duration", "one.yaml:5 enum", "two.yaml:1 required", "three.yaml:1 yaml"]);
    }

    [Fact]
    public void Aliases_that_multiply_are_refused_before_they_fill_the_memory()
    {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
        for (var level = 1; level < 12; level++)
        {
            text += $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n";
        }

        var reading = PackReader.Read([new("a.yaml", text)], PackChecks.None);

        reading.Problems.ShouldHaveSingleItem().Rule.ShouldBe("size");
    }

    [Fact]
    public void Many_levels_are_refused_without_exhausting_the_stack()
    {
        var reading = PackReader.Read([new("a.yaml", new string('[', 100_000))], PackChecks.None);

        reading.Problems.ShouldHaveSingleItem().Rule.ShouldBe("yaml");
    }

    [Fact]
    public void Thousands_of_problems_end_somewhere()
    {
        var text = "jobs:\n" + string.Concat(Enumerable.Repeat("  - { name: X, target: 3 }\n", 5000));

        var reading = PackReader.Read([new("a.yaml", text)], PackChecks.None);

        reading.Problems.Count.ShouldBeLessThan(PackReader.MostProblems + 10);
        reading.Problems.ShouldContain(problem => problem.Rule == "too-many");
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        var (file, problem) = PackFile.Decode("a.yaml", [0xC3, 0x28]);

        file.ShouldBeNull();
        problem
            .ShouldNotBeNull()
            .ToString()
            .ShouldBe("a.yaml:1:1: file: the file cannot be read: it is not UTF-8 text. Fix: save it as UTF-8.");
    }

    [Fact]
    public void No_mutation_of_a_file_makes_the_reader_throw()
    {
        const int Seed = 20261121;
        var random = new Random(Seed);
        string[] pieces =
        [
            "\n",
            " ",
            "  ",
            "\t",
            ":",
            "- ",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            "&a ",
            "*a",
            "!!str ",
            "|\n",
            ">-\n",
            "#",
            "---\n",
            "...\n",
            "%YAML 1.2\n",
            "? ",
            "<<: ",
            "\0",
            "\ud800",
            "\\ud800",
            "~",
            "1e999",
            "\uFEFF",
            "\u2028",
            "@",
            "`",
        ];
        for (var round = 0; round < 1500; round++)
        {
            var text =
                "defaults: { timeout: 1m }\n"
                + Good
                + "    schedule: { cron: \"*/5 * * * *\", zone: UTC }\n    retry: &r { attempts: 3 }\nserver: { urls: [\"http://x\"] }\n";
            for (var edits = random.Next(1, 6); edits > 0; edits--)
            {
                var at = random.Next(text.Length);
                text =
                    random.Next(3) == 0
                        ? text.Remove(at, Math.Min(random.Next(1, 8), text.Length - at))
                        : text.Insert(at, pieces[random.Next(pieces.Length)]);
            }

            Should.NotThrow(() => PackReader.Read([new("a.yaml", text)], PackChecks.None), $"seed {Seed}, round {round}: {text}");
        }
    }
}
