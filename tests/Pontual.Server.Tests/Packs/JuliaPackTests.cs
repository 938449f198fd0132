using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Schedules;
using Pontual.Server.Packs;
using Pontual.Server.RunLog;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Server.Tests.Packs;

/// <summary><c>packs/julia.yaml</c> against <c>julia-jobs.csv</c> beside this file, the table of the documented jobs.</summary>
public class JuliaPackTests
{
    [Fact(DisplayName = "S5-01 the 32 documented jobs stand in the pack, line by line as in their table")]
    public async Task The_pack_is_the_table()
    {
        var documented = Table().ToList();

        var reading = await ReadAsync(new Secrets(_ => "http://api.test"));

        reading.Problems.ShouldBeEmpty();
        documented.Count.ShouldBe(32);
        reading.Jobs.Select(Line.Of).ShouldBe(documented);
    }

    [Fact(DisplayName = "S5-01 S5-06 every job of the pack has the documented zone and timeout, and the four critical ones are critical")]
    public async Task The_pack_has_the_documented_policies()
    {
        var jobs = (await ReadAsync(new Secrets(_ => "http://api.test"))).Jobs;

        jobs.ShouldAllBe(job => job.Schedule is CronSchedule && ((CronSchedule)job.Schedule).Zone.Id == "America/Sao_Paulo");
        jobs.ShouldAllBe(job => job.Timeout == TimeSpan.FromSeconds(300) && job.Sla == null);
        jobs.ShouldAllBe(job => job.Overlap == Overlap.Skip && job.CatchUp == CatchUp.Latest && job.Retry == RetryPolicy.None);
        jobs.Where(job => job.Critical)
            .Select(job => job.Name.ToString())
            .ShouldBe(["processar_mensagens_agendadas", "processar_campanhas_agendadas", "processar_grupos", "verificar_whatsapp"]);
    }

    [Fact(DisplayName = "S5-01 without the address of the API the pack is refused, with the variable that is missing")]
    public async Task A_missing_address_is_told()
    {
        var problems = (await ReadAsync(new Secrets(_ => null))).Problems;

        problems.ShouldAllBe(problem => problem.Rule == "secret" && problem.ToString().Contains("API_BASE"));
        problems.Count.ShouldBe(32);
    }

    [Fact(DisplayName = "S5-12 the pack asks for the documented lines in the log")]
    public async Task The_pack_switches_the_log_lines_on() =>
        (await ReadAsync(new Secrets(_ => "http://api.test"))).Server.RunLog.ShouldBe(RunLogLanguage.Portuguese);

    private static async Task<PackReading> ReadAsync(Secrets secrets)
    {
        var (file, problem) = await PackFile.LoadAsync(Repository.Path("packs/julia.yaml"), CancellationToken.None);
        problem.ShouldBeNull();
        return PackReader.Read([file.ShouldNotBeNull()], new PackChecks(secrets: secrets));
    }

    private static IEnumerable<Line> Table() =>
        File.ReadLines(Repository.Path("tests/Pontual.Server.Tests/Packs/julia-jobs.csv")).Skip(1).Select(Line.Read);

    /// <summary>One line of the table.</summary>
    private sealed record Line(string Name, string Schedule, string Url, string Method, string Queue, bool Critical, string Description)
    {
        private const string Gated = "; acts only with PILOT_MODE=False";

        /// <summary>name, schedule, endpoint, group, gate, critical, purpose; only a schedule is ever quoted.</summary>
        public static Line Read(string text)
        {
            var quoted = text.Split('"');
            var parts = (quoted.Length == 3 ? $"{quoted[0]}*{quoted[2]}" : text).Split(',');
            parts.Length.ShouldBe(7, text);
            return new Line(
                parts[0],
                quoted.Length == 3 ? quoted[1] : parts[1],
                $"${{env:API_BASE}}{parts[2]}",
                "POST",
                $"julia-{parts[3]}",
                parts[5] == "yes",
                parts[6] + (parts[4] == "pilot" ? Gated : "")
            );
        }

        public static Line Of(JobDefinition job)
        {
            job.Target.Kind.ShouldBe("http");
            return new Line(
                job.Name.ToString(),
                job.ScheduleDocument.ShouldNotBeNull().GetProperty("cron").GetString()!,
                job.Target.Settings.GetProperty("url").GetString()!,
                job.Target.Settings.GetProperty("method").GetString()!,
                job.Queue,
                job.Critical,
                job.Description ?? ""
            );
        }
    }
}
