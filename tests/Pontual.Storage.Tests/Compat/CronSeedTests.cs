using Pontual.TestKit;

namespace Pontual.Storage.Tests.Compat;

/// <summary>Every statement of the document, as it stands there, but for the one that makes the table.</summary>
public class CronSeedTests
{
    private const string Document = "s2-cron-persistente.md";

    [SeedTheory(DisplayName = "S2-06 every documented statement on cron_jobs runs verbatim and takes effect, whatever the session's zone")]
    [InlineData("UTC")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("Asia/Tokyo")]
    public async Task Every_documented_statement_runs_verbatim(string zone)
    {
        await using var cron = await CronRig.StartAsync(zone);
        await cron.DoAsync("INSERT INTO cron_jobs (nome, intervalo_horas) VALUES ('sgp_sync_inteligente', 12)");
        await cron.ValueAsync<bool>("SELECT iniciar_execucao_cron('sgp_sync_inteligente')");
        await cron.DoAsync(
            """
            SELECT finalizar_execucao_cron('sgp_sync_inteligente', 'success', '{"total_provedores": 2, "total_novos": 3, "total_atualizados": 4}')
            """
        );

        var answers = new List<List<object?[]>>();
        foreach (var statement in Statements())
        {
            answers.Add(await cron.RowsAsync(statement));
            (await cron.TakeAsync()).ShouldBeEmpty();
        }

        answers.Select(rows => rows.Count).ShouldBe([1, 0, 1, 1, 0, 0, 0]);
        answers[0][0].ShouldBe(["sgp_sync_inteligente", true, 12, answers[0][0][3], answers[0][0][4], 1, "success", false]);
        answers[2][0][..4].ShouldBe(["sync_automatico_persistente", "2", "3", "4"]);
        answers[3][0].ShouldBe(["sgp_sync_inteligente", true, false]);
        var added = (await cron.FindAsync("meu_novo_job"))!;
        added.Definition.Description.ShouldBe("Descrição do job");
        added.NextDue!.Value.ShouldBeLessThanOrEqualTo(cron.Rig.Now);
        var changed = (await cron.FindAsync("sgp_sync_inteligente"))!;
        (changed.NextDue!.Value - cron.Rig.Now).ShouldBe(TimeSpan.FromHours(6), TimeSpan.FromSeconds(30));
    }

    [SeedFact(DisplayName = "S2-06 the documented next_run = NOW() makes the job due on the next tick")]
    public async Task Forcing_the_next_run_makes_it_due()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome, next_run) VALUES ('sgp_sync_inteligente', now() + interval '1 day')");
        (await cron.PlanAsync()).Runs.ShouldBe(0);

        await cron.DoAsync(Statements().Single(statement => statement.Contains("next_run = NOW()", StringComparison.Ordinal)));
        var isDue = await cron.ValueAsync<bool>("SELECT deve_executar_cron('sgp_sync_inteligente')");
        await cron.TakeAsync();

        isDue.ShouldBeTrue();
        (await cron.PlanAsync()).Runs.ShouldBe(1);
    }

    private static IEnumerable<string> Statements() =>
        Seeds
            .Blocks(Document, "sql")
            .SelectMany(block => block.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(statement => !statement.Contains("CREATE TABLE", StringComparison.Ordinal));
}
