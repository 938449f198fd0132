using System.Text.Json;
using System.Text.RegularExpressions;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Engine.Jobs;
using Pontual.Server.Packs;

namespace Pontual.EndToEnd.Tests.Julia;

public sealed partial class JuliaPackTests(JuliaFixture julia) : IClassFixture<JuliaFixture>
{
    private static readonly TimeSpan AMinute = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact(DisplayName = "S5-01 in a due minute every job that is due then, and no other, calls its endpoint by POST once and is recorded")]
    public async Task A_due_minute_calls_its_endpoints()
    {
        var minute = (await Wait.ForAsync("scheduled call", AMinute, FirstScheduledAsync, () => julia.Server.Process.Written)).DueAt;
        var due = await DueAtAsync(minute);

        await Wait.ForAsync<object>(
            $"{due.Count} calls of {minute:O}",
            Patience,
            () => Task.FromResult<object?>(CallsOf(minute).Count >= due.Count ? due : null),
            () => string.Join('\n', julia.Target.Calls)
        );

        Assert.Equal(due.Keys.Order(), CallsOf(minute).Select(call => call.Job).Order());
        Assert.Superset(
            new HashSet<string> { "heartbeat", "processar_mensagens_agendadas", "processar_campanhas_agendadas", "processar_grupos" },
            due.Keys.ToHashSet()
        );
        foreach (var call in CallsOf(minute))
        {
            Assert.Equal(("POST", due[call.Job]), (call.Method, call.Path));
            Assert.Equal((call.RunId, "1"), (call.Headers["Idempotency-Key"], call.Headers["X-Pontual-Attempt"]));
            await AssertRecordedAsync(call);
        }
    }

    [Fact(DisplayName = "S5-12 operators find the local time, each job that starts and each that fails in the log")]
    public async Task The_log_has_the_documented_lines()
    {
        (await julia.Server.DoAsync("job", "run", "sincronizar_templates", "--wait")).Ok();
        var failed = await julia.Server.DoAsync("job", "run", JuliaFixture.FailingJob, "--wait");

        await Wait.ForTextAsync(julia.Server.Process, $"FAIL {JuliaFixture.FailingJob}", Patience);

        Assert.Equal(1, failed.ExitCode);
        var written = julia.Server.Process.Written;
        Assert.Matches(@"Hora atual: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d -03:00 \(America/Sao_Paulo\)", written);
        Assert.Contains("Executando job sincronizar_templates", written, StringComparison.Ordinal);
        Assert.Contains($"Executando job {JuliaFixture.FailingJob}", written, StringComparison.Ordinal);
        Assert.DoesNotContain("FAIL sincronizar_templates", written, StringComparison.Ordinal);
        Assert.Contains("500", FailLine().Match(written).Value, StringComparison.Ordinal);
    }

    [Fact(DisplayName = "S5-13 a new job is an entry in a file and its endpoint: looked at, applied and run by hand")]
    public async Task A_new_job_is_an_entry()
    {
        var file = julia.Folder.Write(
            "novo.yaml",
            """
            jobs:
              - name: meu_novo_job
                schedule: { cron: "0 * * * *" }
                target: { http: { url: "${env:API_BASE}/jobs/meu-novo-job", method: POST } }
            """
        );

        var looked = (await julia.Server.DoAsync("apply", "-f", file, "--dry-run")).Ok();
        (await julia.Server.DoAsync("apply", "-f", file)).Ok();
        (await julia.Server.DoAsync("job", "run", "meu_novo_job", "--wait")).Ok();

        Assert.Contains("meu_novo_job", looked.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("processar_grupos", looked.Output, StringComparison.Ordinal);
        var call = julia.Target.Calls.First(call => call.Job == "meu_novo_job");
        Assert.Equal(("POST", "/jobs/meu-novo-job"), (call.Method, call.Path));
        var run = (await julia.Server.RunsAsync("meu_novo_job")).Single(run => run.GetProperty("id").GetString() == call.RunId);
        Assert.Equal(("manual", "succeeded"), (run.GetProperty("trigger").GetString(), run.GetProperty("state").GetString()));
    }

    /// <summary>A run by hand is due when it is asked for, which is not on the minute.</summary>
    private Task<JobCall?> FirstScheduledAsync() =>
        Task.FromResult(julia.Target.Calls.FirstOrDefault(call => call.DueAt.Ticks % TimeSpan.TicksPerMinute == 0));

    /// <summary>Without the job that another test adds, which is due on full hours.</summary>
    private List<JobCall> CallsOf(DateTimeOffset minute) =>
        [.. julia.Target.Calls.Where(call => call.DueAt == minute && call.Job != "meu_novo_job")];

    /// <summary>The jobs of the pack that are due at an instant, with the paths they call.</summary>
    private static async Task<Dictionary<string, string>> DueAtAsync(DateTimeOffset instant)
    {
        var (file, _) = await PackFile.LoadAsync(JuliaFixture.Pack, CancellationToken.None);
        return PackReader
            .Read([file!], PackChecks.None)
            .Jobs.Where(job => job.Schedule.DueTimes(instant.AddTicks(-1)).First() == instant)
            .ToDictionary(job => job.Name.ToString(), PathOf);
    }

    private static string PathOf(JobDefinition job) =>
        job.Target.Settings.GetProperty("url").GetString()!.Replace("${env:API_BASE}", "", StringComparison.Ordinal);

    private async Task AssertRecordedAsync(JobCall call)
    {
        var run = await julia.Server.RunAsync(
            call.Job,
            "ended",
            Patience,
            run => run.GetProperty("id").GetString() == call.RunId && run.GetProperty("finished_at").ValueKind is JsonValueKind.String
        );
        var fails = call.Job == JuliaFixture.FailingJob;
        Assert.Equal(fails ? "failed" : "succeeded", run.GetProperty("state").GetString());
        Assert.Equal("schedule", run.GetProperty("trigger").GetString());
        Assert.Equal(call.DueAt, run.GetProperty("scheduled_for").GetDateTimeOffset());
        Assert.Equal(fails ? 500 : 200, run.GetProperty("response_code").GetInt32());
        if (!fails)
        {
            Assert.Equal(JobsTarget.Items, run.GetProperty("items_processed").GetInt32());
        }
    }

    [GeneratedRegex($"FAIL {JuliaFixture.FailingJob}.*")]
    private static partial Regex FailLine();
}
