using System.Text;
using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Server.Packs;
using Shouldly;

namespace Pontual.Server.Tests.Packs;

public class PackExportTests
{
    private const string Text = """
        jobs:
          - name: processar_grupos
            description: "Every minute: groups"
            schedule: { cron: "* * * * *", zone: America/Sao_Paulo }
            target: { http: { url: "${env:API_BASE}/jobs/processar-grupos", method: POST } }
            retry: { attempts: 3, backoff: 5s..5m, on: [network, timeout, 5xx, "429"] }
            critical: true

          - name: nightly
            schedule: { every: 12h, from: "2026-01-01T00:00Z" }
            target:
              process:
                argv: [/usr/bin/php, a b.php, "--at=09:30", "yes", "5", "~", "#x", "- x", ""]
                env: { LANG: pt_BR.UTF-8, "A B": "x: y" }
                stdin: "one\ntwo\n"
                note: a long text that makes the line too long to be written on one line of a hundred and twenty characters
            timeout: 1h30m

        """;

    [Fact]
    public void An_export_reads_as_a_person_would_write_it()
    {
        var reading = PackReader.Read([new("a.yaml", Text)], PackChecks.None);

        reading.Problems.ShouldBeEmpty();
        PackExport.Write(reading.Jobs).ShouldBe(Text.Replace("backoff: 5s..5m, ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void No_jobs_are_an_empty_list() => PackExport.Write([]).ShouldBe("jobs: []\n");

    [Fact]
    public void Exported_and_applied_again_nothing_changes()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        for (var round = 0; round < 300; round++)
        {
            JobDefinition[] jobs = [Any(random, "a"), Any(random, "b")];

            var text = PackExport.Write(jobs);
            var reading = PackReader.Read([new("export.yaml", text)], PackChecks.None);

            reading.Problems.ShouldBeEmpty($"seed {Seed}, round {round}: {text}");
            PackDiff
                .Compute(jobs, reading.Jobs, prune: true, DateTimeOffset.UnixEpoch)
                .Any.ShouldBeFalse($"seed {Seed}, round {round}: {text}");
            reading.Jobs.Select(JobDocument.Serialize).ShouldBe(jobs.Select(JobDocument.Serialize));
        }
    }

    private static JobDefinition Any(Random random, string name)
    {
        var json = new StringBuilder();
        Value(json, random, 4);
        var settings = JsonSerializer.SerializeToElement(
            new Dictionary<string, JsonElement>
            {
                ["any"] = JsonElement.Parse(json.ToString()),
                ["text"] = JsonSerializer.SerializeToElement(AnyText(random)),
            }
        );
        return new JobDefinition
        {
            Name = JobName.Parse(name),
            Target = new Target("custom", settings),
            Log = "logs/é x.log",
        };
    }

    private static void Value(StringBuilder json, Random random, int depth)
    {
        string[] plain = ["null", "true", "-0", "1.50", "1e3", "12345678901234567890", "{}", "[]", "0.5E-3"];
        switch (random.Next(depth > 0 ? 4 : 2))
        {
            case 0:
                json.Append(plain[random.Next(plain.Length)]);
                break;
            case 1:
                json.Append(JsonSerializer.Serialize(AnyText(random)));
                break;
            case 2:
                json.Append('[');
                Items(json, random, depth, index => "");
                json.Append(']');
                break;
            default:
                json.Append('{');
                Items(json, random, depth, index => $"{JsonSerializer.Serialize($"{AnyText(random)}{index}")}:");
                json.Append('}');
                break;
        }
    }

    private static void Items(StringBuilder json, Random random, int depth, Func<int, string> key)
    {
        for (var index = 0; index < random.Next(6); index++)
        {
            json.Append(index == 0 ? "" : ",").Append(key(index));
            Value(json, random, depth - 1);
        }
    }

    private static string AnyText(Random random)
    {
        string[] whole =
        [
            "yes",
            "null",
            "~",
            "5",
            "0x1F",
            "5m",
            "1e3",
            "a: b",
            "a #b",
            "- a",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "a\tb",
            " a ",
            "a\\b",
            "\"",
            "'",
            "|",
            ">",
            "?",
            ":",
            "a:",
            "[a]",
            "{a}",
            "a,b",
            "<<",
            "=",
            "...",
            "---",
            "2026-12-01",
            "09:30",
            ".inf",
        ];
        string[] pieces =
        [
            "a",
            "Z",
            "9",
            " ",
            "\n",
            "\r",
            "\t",
            "\u0001",
            "\u0085",
            "\u00A0",
            "\u2028",
            "\u2029",
            "\uFEFF",
            "é",
            "😀",
            "\\",
            "/",
            "\"",
            "'",
            "\u007F",
            "\uFFFD",
        ];
        return random.Next(2) == 0
            ? whole[random.Next(whole.Length)]
            : string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
    }
}
