using Npgsql;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;

namespace Pontual.Storage.Tests.Compat;

public class CronJobsTests
{
    private const string Show =
        "SELECT ativo, intervalo_horas, next_run, ultimo_status, deve_executar_cron(nome) FROM cron_jobs WHERE nome = 'sync'";

    [Fact(DisplayName = "S2-06 a job that is inserted into cron_jobs is there at once, is due, and runs the handler of its name")]
    public async Task An_inserted_job_is_due()
    {
        await using var cron = await CronRig.StartAsync();

        await cron.DoAsync("INSERT INTO cron_jobs (nome, descricao, intervalo_horas) VALUES ('sync', 'Sincroniza \"tudo\"', 6)");

        (await cron.ValueAsync<bool>("SELECT deve_executar_cron('sync')")).ShouldBeTrue();
        var job = (await cron.FindAsync("sync"))!;
        (job.Definition.Description, job.Definition.Target.Kind).ShouldBe(("Sincroniza \"tudo\"", "handler"));
        job.Definition.Target.Settings.GetProperty("name").GetString().ShouldBe("sync");
        job.Definition.Schedule.ShouldBe(new DelaySchedule(TimeSpan.FromHours(6)) { FromStart = true });
        (await cron.PlanAsync()).Runs.ShouldBe(1);
        var leased = (await cron.Rig.ClaimAsync()).ShouldHaveSingleItem();
        (await cron.RowsAsync(Show)).Single()[3].ShouldBe("running");
        (
            await cron.Rig.SettleAsync(leased, RunState.Succeeded, end => end with { EndsDelayed = true, RunStartedAt = leased.ClaimedAt })
        ).ShouldBeTrue();
        var row = (
            await cron.RowsAsync("SELECT last_run + interval '6 hours' = next_run, ultimo_status, total_execucoes FROM cron_jobs")
        ).Single();
        row.ShouldBe([true, "success", 1]);
    }

    [Fact(DisplayName = "S2-11 interval, active flag and next run change while running: seen at once, done by a node")]
    public async Task An_update_shows_at_once_and_is_done()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome, next_run) VALUES ('sync', now() + interval '3 days')");

        await cron.DoAsync("UPDATE cron_jobs SET intervalo_horas = 6, ativo = false WHERE nome = 'sync'");
        await cron.DoAsync("UPDATE cron_jobs SET next_run = NOW(), descricao = 'novo' WHERE nome = 'sync'");
        var wished = (await cron.RowsAsync(Show)).Single();
        (await cron.TakeAsync()).ShouldBeEmpty();
        var done = (await cron.RowsAsync(Show)).Single();

        wished.ShouldBe([false, 6, wished[2], "pending", false]);
        done[..2].ShouldBe(wished[..2]);
        var job = (await cron.FindAsync("sync"))!;
        job.NextDue!.Value.ShouldBeLessThanOrEqualTo(cron.Rig.Now);
        (job.Definition.Description, job.Revision).ShouldBe(("novo", 3));
        job.Paused.ShouldNotBeNull().By.ShouldBe("pontual");
        (await cron.RowsAsync("SELECT action FROM audit WHERE actor = 'sql:pontual' ORDER BY id"))
            .Select(row => row[0])
            .ShouldBe(["job.created", "job.updated", "job.rescheduled", "job.paused", "job.updated", "job.rescheduled"]);
    }

    [Fact]
    public async Task A_job_of_a_fixed_rate_counts_from_its_starts_once_it_is_edited_and_what_it_owed_is_accounted_for()
    {
        await using var cron = await CronRig.StartAsync();
        var owes = await cron.Rig.PutAsync(StorageRig.Define("sync", schedule: new EverySchedule(TimeSpan.FromHours(1))));
        await cron.DoAsync(
            $"UPDATE job_state SET mark = now() - interval '3 hours', next_due = date_trunc('hour', now()) WHERE job_id = {owes.Id}"
        );

        await cron.DoAsync("UPDATE cron_jobs SET intervalo_horas = 6, next_run = calcular_proximo_run(6) WHERE nome = 'sync'");
        (await cron.TakeAsync()).ShouldBeEmpty();

        var job = (await cron.FindAsync("sync"))!;
        job.Definition.Schedule.ShouldBe(new DelaySchedule(TimeSpan.FromHours(6)) { FromStart = true });
        (job.NextDue!.Value - cron.Rig.Now).ShouldBe(TimeSpan.FromHours(6), TimeSpan.FromSeconds(20));
        (await cron.Rig.Database.Views.ListAsync(new RunQuery(job.Name), StorageRig.None)).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("12h", 12)]
    [InlineData("PT12H", 12)]
    [InlineData("1d", 24)]
    [InlineData("1d1h", 25)]
    [InlineData("720m", 12)]
    [InlineData("43200s", 12)]
    [InlineData("1h59m60s", 2)]
    [InlineData("3600000ms", 1)]
    [InlineData("P1W", 168)]
    [InlineData("90m", null)]
    [InlineData("30s", null)]
    [InlineData("3600500ms", null)]
    public async Task The_view_reads_periods_as_the_product_does(string every, int? hours)
    {
        await using var cron = await CronRig.StartAsync();
        Duration.TryParse(every, out var period).ShouldBeTrue();
        await cron.Rig.PutAsync(
            StorageRig.Define("sync", schedule: new EverySchedule(period)) with
            {
                ScheduleDocument = StorageRig.Json($$"""{"every": "{{every}}"}"""),
            }
        );

        var rows = await cron.RowsAsync("SELECT intervalo_horas FROM cron_jobs");

        rows.Select(row => (int?)row[0]).ShouldBe(hours is null ? [] : [hours]);
        (await cron.Rig.Database.Intervals.ListAsync(default, cron.Rig.Now, StorageRig.None))
            .Select(job => (int?)job.Hours)
            .ShouldBe(hours is null ? [] : [hours]);
    }

    [Fact]
    public async Task Deleting_hides_it_at_once_and_archives_it_and_a_new_one_may_take_its_place_before()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome) VALUES ('sync'), ('other')");

        await cron.DoAsync("DELETE FROM cron_jobs");
        await cron.DoAsync("INSERT INTO cron_jobs (nome, intervalo_horas) VALUES ('sync', 2)");
        var wished = await cron.RowsAsync("SELECT nome, intervalo_horas FROM cron_jobs");
        (await cron.TakeAsync()).ShouldBeEmpty();

        wished.Single().ShouldBe(["sync", 2]);
        (await cron.RowsAsync("SELECT nome, intervalo_horas FROM cron_jobs")).Single().ShouldBe(["sync", 2]);
        (await cron.FindAsync("other")).ShouldBeNull();
    }

    [Theory]
    [InlineData("INSERT INTO cron_jobs (nome) VALUES ('Meu Job')", "use 1 to 128 of a-z")]
    [InlineData("INSERT INTO cron_jobs (descricao) VALUES ('sem nome')", "nome is missing")]
    [InlineData("INSERT INTO cron_jobs (nome, intervalo_horas) VALUES ('x', 0)", "use 1 to 8784")]
    [InlineData("INSERT INTO cron_jobs (nome, descricao) VALUES ('x', E'two\\nlines')", "one line")]
    [InlineData("INSERT INTO cron_jobs (nome) VALUES ('sync')", "job_name")]
    [InlineData("UPDATE cron_jobs SET intervalo_horas = NULL", "use 1 to 8784")]
    [InlineData("UPDATE cron_jobs SET next_run = NULL", "set ativo to false")]
    [InlineData("UPDATE cron_jobs SET total_execucoes = 9", "the other columns tell")]
    [InlineData("UPDATE cron_jobs SET nome = 'y'", "the other columns tell")]
    [InlineData("UPDATE cron_jobs SET ultimo_status = 'success'", "a reset")]
    public async Task What_cannot_be_is_refused_in_the_statement(string statement, string says)
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome) VALUES ('sync')");

        var refused = await Should.ThrowAsync<PostgresException>(() => cron.DoAsync(statement));

        refused.Message.ShouldContain(says);
        (await cron.ValueAsync<long>("SELECT count(*) FROM request")).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_node_refuses_is_kept_with_the_reason()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome) VALUES ('sync')");
        await cron.DoAsync("UPDATE cron_jobs SET intervalo_horas = 6");
        await cron.Rig.ApplyAsync(new JobChanges([], [JobName.Parse("sync")]), _ => new() { Mark = cron.Rig.Now, NextDue = null });

        var refused = (await cron.TakeAsync()).ShouldHaveSingleItem();

        (refused.Kind, refused.Job!.Value.Text, refused.By).ShouldBe(("interval", "sync", "pontual"));
        (await cron.ValueAsync<string>("SELECT subject FROM audit WHERE action = 'request.refused'")).ShouldBe("sync");
        (await cron.ValueAsync<string>("SELECT refusal FROM request")).ShouldBe(refused.Reason);
        (await cron.TakeAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_rolled_back_was_never_asked_for()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome) VALUES ('sync')");

        await cron.DoAsync("BEGIN; UPDATE cron_jobs SET intervalo_horas = 6; INSERT INTO cron_jobs (nome) VALUES ('other'); ROLLBACK");

        (await cron.RowsAsync("SELECT nome, intervalo_horas FROM cron_jobs")).Single().ShouldBe(["sync", 12]);
    }

    [Fact]
    public async Task Setting_the_state_to_pending_is_a_reset()
    {
        await using var cron = await CronRig.StartAsync();
        await cron.DoAsync("INSERT INTO cron_jobs (nome) VALUES ('sync')");
        await cron.PlanAsync();
        var leased = (await cron.Rig.ClaimAsync()).ShouldHaveSingleItem();
        await cron.CatchUpAsync();

        await cron.DoAsync("UPDATE cron_jobs SET ultimo_status = 'pending'");
        (await cron.ValueAsync<string>("SELECT ultimo_status FROM cron_jobs")).ShouldBe("pending");
        (await cron.TakeAsync()).ShouldBeEmpty();

        (await cron.ValueAsync<string>("SELECT ultimo_status FROM cron_jobs")).ShouldBe("pending");
        (await cron.Rig.SettleAsync(leased, RunState.Succeeded)).ShouldBeFalse();
        (await cron.FindAsync("sync"))!.NextDue!.Value.ShouldBe(leased.ClaimedAt.AddHours(12), TimeSpan.FromMilliseconds(1));
    }
}
