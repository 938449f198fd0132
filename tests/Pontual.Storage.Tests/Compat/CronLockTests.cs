using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.Storage.Tests.Events;

namespace Pontual.Storage.Tests.Compat;

public class CronLockTests
{
    private const string Begin = "SELECT iniciar_execucao_cron('sync')";

    [Fact(
        DisplayName = "S2-07 S2-08 S2-09 a script outside runs a due job under the engine's own lock, and its end settles it with state, result, totals, duration and a line in tenant_logs"
    )]
    public async Task A_script_outside_runs_a_job()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome) VALUES ('sync')");

        (await cron.ValueAsync<bool>(Begin)).ShouldBeTrue();
        (await cron.ValueAsync<bool>(Begin)).ShouldBeFalse();
        (await cron.RowsAsync("SELECT ultimo_status, deve_executar_cron(nome) FROM cron_jobs")).Single().ShouldBe(["running", false]);
        (await cron.PlanAsync()).Runs.ShouldBe(0);
        (await cron.Rig.ClaimAsync()).ShouldBeEmpty();
        var ended = await cron.ValueAsync<bool>(
            """SELECT finalizar_execucao_cron('sync', 'success', '{"total_provedores": 2, "items_processed": 7}', 45)"""
        );

        ended.ShouldBeTrue();
        var row = (
            await cron.RowsAsync(
                """
                SELECT ultimo_status, total_execucoes, ultima_duracao_segundos, ultimo_resultado ->> 'total_provedores', next_run = last_run + interval '12 hours'
                FROM cron_jobs
                """
            )
        ).Single();
        row.ShouldBe(["success", 1, 45, "2", true]);
        (await cron.RowsAsync("SELECT acao, detalhes ->> 'total_provedores', detalhes ->> 'job_name' FROM tenant_logs"))
            .Single()
            .ShouldBe(["sync_automatico_persistente", "2", "sync"]);
        (await cron.RowsAsync("SELECT job_name, status, items_processed FROM job_executions")).Single().ShouldBe(["sync", "success", 7L]);
        (await cron.ValueAsync<bool>("SELECT finalizar_execucao_cron('sync', 'success')")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_SQL_does_by_itself_is_in_the_event_log()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome) VALUES ('sync')");

        await cron.ValueAsync<bool>(Begin);
        await cron.ValueAsync<bool>("""SELECT finalizar_execucao_cron('sync', 'error', '{"erro": "no \"answer\"", "processed": 3}')""");

        var told = (await cron.Rig.LogAsync(0)).Where(news => news.Job?.Text == "sync").ToList();
        told.Select(news => news.Kind).ShouldBe(["job.created", "run.started", "run.failed"]);
        told[1].Subject.ShouldBe(told[2].Subject);
        told[2].Data.ShouldContain("no \\\"answer\\\"");
        told[2].Data.ShouldContain("\"items_processed\":3");
    }

    [Fact]
    public async Task What_a_node_runs_nobody_outside_begins()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome) VALUES ('sync')");
        await cron.PlanAsync();
        var leased = (await cron.Rig.ClaimAsync()).ShouldHaveSingleItem();

        (await cron.ValueAsync<bool>(Begin)).ShouldBeFalse();
        (await cron.ValueAsync<bool>("SELECT finalizar_execucao_cron('sync', 'error')")).ShouldBeFalse();

        (await cron.Rig.SettleAsync(leased, RunState.Succeeded)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_run_that_waits_to_begin_is_begun_outside_and_is_no_second_one()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome) VALUES ('sync')");
        (await cron.PlanAsync()).Runs.ShouldBe(1);

        (await cron.ValueAsync<bool>(Begin)).ShouldBeTrue();

        (await cron.Rig.ClaimAsync()).ShouldBeEmpty();
        (await cron.RowsAsync("SELECT trigger, state, node FROM run")).Single().ShouldBe(["schedule", "running", "worker/default/sql"]);
    }

    [Fact]
    public async Task A_job_that_is_not_due_can_be_begun_outside_and_counts_from_there()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome, next_run) VALUES ('sync', now() + interval '5 hours')");

        (await cron.ValueAsync<bool>(Begin)).ShouldBeTrue();
        await cron.DoAsync("""SELECT finalizar_execucao_cron('sync', 'error', '{"erro": "sem rede"}')""");

        (await cron.RowsAsync("SELECT ultimo_status, next_run = last_run + interval '12 hours' FROM cron_jobs"))
            .Single()
            .ShouldBe(["error", true]);
        (await cron.RowsAsync("SELECT acao, detalhes ->> 'error' FROM tenant_logs"))
            .Single()
            .ShouldBe(["sync_automatico_erro", "sem rede"]);
    }

    [Fact]
    public async Task A_lock_that_nobody_ends_is_over_at_the_stuck_limit_and_its_job_runs_again()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome) VALUES ('sync')");
        (await cron.ValueAsync<bool>(Begin)).ShouldBeTrue();

        var before = await cron.Rig.Database.Runs.FindLostAsync(cron.Rig.Now.AddMinutes(119), 10, StorageRig.None);
        var after = await cron.Rig.Database.Runs.FindLostAsync(cron.Rig.Now.AddMinutes(121), 10, StorageRig.None);

        before.ShouldBeEmpty();
        var lost = after.ShouldHaveSingleItem();
        var settlement = Settlement.Of(
            lost,
            new Outcome.Failure(Engine.Jobs.FailureKinds.LeaseLost, "gone"),
            lost.ClaimedAt,
            cron.Rig.Now.AddMinutes(121),
            0
        );
        settlement.State.ShouldBe(RunState.Pending);
    }

    [Fact]
    public async Task Of_many_who_begin_at_once_one_does()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome) VALUES ('sync')");

        var begun = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => cron.ValueAsync<bool>(Begin)));

        begun.Count(began => began).ShouldBe(1);
    }

    [Fact]
    public async Task Of_a_fixed_rate_the_due_time_that_passes_meanwhile_is_skipped_and_said()
    {
        await using var cron = await CronRig.StartAsync();
        var job = await cron.Rig.PutAsync(StorageRig.Define("sync", schedule: new EverySchedule(TimeSpan.FromHours(1))));
        (await cron.ValueAsync<bool>(Begin)).ShouldBeTrue();
        await cron.DoAsync(
            $"UPDATE job_state SET mark = date_trunc('hour', now()) - interval '1 minute', next_due = date_trunc('hour', now()) WHERE job_id = {job.Id}"
        );

        await cron.PlanAsync();

        var skipped = (
            await cron.Rig.Database.Views.ListAsync(new RunQuery(job.Name, RunState.Skipped), StorageRig.None)
        ).ShouldHaveSingleItem();
        skipped.Reason.ShouldBe(RunReason.Overlap);
    }

    [Theory]
    [InlineData("SELECT finalizar_execucao_cron('sync', 'sucesso')", "use 'success' or 'error'")]
    [InlineData("SELECT finalizar_execucao_cron('sync', 'success', NULL, -1)", "use 0 or more")]
    public async Task A_wrong_end_is_refused(string statement, string says)
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome) VALUES ('sync')");
        await cron.DoAsync(Begin);

        (await Should.ThrowAsync<Npgsql.PostgresException>(() => cron.DoAsync(statement))).Message.ShouldContain(says);

        (await cron.ValueAsync<string>("SELECT ultimo_status FROM cron_jobs")).ShouldBe("running");
    }
}
