using Npgsql;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;
using Pontual.TestKit;

namespace Pontual.Storage.Tests.Compat;

public class CronScheduleTests
{
    private const string Job = "monitor-whatsapp-connection";

    [SeedFact(DisplayName = "S4-02 every documented statement but CREATE EXTENSION runs verbatim, and the job is due every half minute")]
    public async Task Every_documented_statement_runs_verbatim()
    {
        await using var database = await OwnDatabase.CreateAsync();
        await using var cron = await CronRig.StartAsync(database);

        var counts = new List<int>();
        foreach (var statement in Statements().Where(statement => !statement.StartsWith("CREATE EXTENSION", StringComparison.Ordinal)))
        {
            counts.Add((await cron.RowsAsync(statement)).Count);
            (await cron.TakeAsync()).ShouldBeEmpty();
        }

        // schedule, job, pg_extension, unschedule, schedule, job, job, job_run_details
        counts.ShouldBe([1, 1, 0, 1, 1, 1, 1, 0]);
        var job = (await cron.FindAsync(Job))!;
        job.Definition.Schedule.ShouldBeOfType<CronSchedule>().Expression.ToString().ShouldBe("*/30 * * * * *");
        (job.NextDue!.Value.Second % 30).ShouldBe(0);
        var request = await cron.ValueAsync<long>(job.Definition.Target.Settings.GetProperty("statement").GetString()!);
        (await cron.RowsAsync($"SELECT method, url, body FROM net.http_request_queue WHERE id = {request}"))
            .Single()
            .ShouldBe(["POST", "https://projeto.example.com/functions/v1/rendizy-server/whatsapp/monitor/start", "{}"]);
    }

    [Fact(
        DisplayName = "S4-02 cron.schedule shows at once in cron.job, again under the same name changes it, cron.unschedule takes it away"
    )]
    public async Task A_job_is_scheduled_changed_and_unscheduled()
    {
        await using var database = await OwnDatabase.CreateAsync();
        await using var cron = await CronRig.StartAsync(database);

        (await cron.ValueAsync<bool>("SELECT cron.unschedule('nightly')")).ShouldBeFalse();
        var id = await cron.ValueAsync<long>("SELECT cron.schedule('nightly', '0 3 * * *', 'SELECT 1')");
        var wished = (await cron.RowsAsync("SELECT jobid, schedule, command, active, jobname FROM cron.job")).Single();
        (await cron.TakeAsync()).ShouldBeEmpty();
        var done = (await cron.RowsAsync("SELECT jobid, schedule, command, active, jobname FROM cron.job")).Single();
        var same = await cron.ValueAsync<long>("SELECT cron.schedule('nightly', '30 seconds', 'SELECT 2')");
        (await cron.TakeAsync()).ShouldBeEmpty();
        var changed = (await cron.FindAsync("nightly"))!;
        (await cron.ValueAsync<bool>($"SELECT cron.unschedule({id})")).ShouldBeTrue();
        var hidden = await cron.RowsAsync("SELECT * FROM cron.job");
        var again = await cron.ValueAsync<long>("SELECT cron.schedule('nightly', '0 4 * * *', 'SELECT 3')");
        (await cron.TakeAsync()).ShouldBeEmpty();

        wished.ShouldBe([id, "0 3 * * *", "SELECT 1", true, "nightly"]);
        done.ShouldBe(wished);
        same.ShouldBe(id);
        changed.Definition.Schedule.ShouldBe(new EverySchedule(TimeSpan.FromSeconds(30)));
        hidden.ShouldBeEmpty();
        again.ShouldBe(id);
        (await cron.RowsAsync("SELECT schedule, command FROM cron.job")).Single().ShouldBe(["0 4 * * *", "SELECT 3"]);
        (await cron.ValueAsync<long>("SELECT cron.schedule('5 * * * *', 'SELECT 4')")).ShouldBeGreaterThan(id);
    }

    [Fact]
    public async Task Times_are_in_UTC_as_with_pg_cron_unless_cron_timezone_says_otherwise()
    {
        await using var database = await OwnDatabase.CreateAsync();
        await using var cron = await CronRig.StartAsync(database);
        await cron.DoAsync("SELECT cron.schedule('plain', '0 3 * * *', 'SELECT 1')");
        await cron.DoAsync("SET cron.timezone = 'America/Sao_Paulo'; SELECT cron.schedule('zoned', '0 3 * * *', 'SELECT 1')");

        (await cron.TakeAsync()).ShouldBeEmpty();

        (await cron.FindAsync("plain"))!.NextDue!.Value.Hour.ShouldBe(3);
        (await cron.FindAsync("zoned"))!.NextDue!.Value.Hour.ShouldBe(6);
    }

    [Fact]
    public async Task A_schedule_that_a_node_refuses_is_seen_in_the_details_and_recorded()
    {
        await using var database = await OwnDatabase.CreateAsync();
        await using var cron = await CronRig.StartAsync(database);
        await cron.DoAsync("SELECT cron.schedule('never', '0 0 30 2 *', 'SELECT 1')");

        var refused = (await cron.TakeAsync()).ShouldHaveSingleItem();

        refused.Reason.ShouldContain("never fire");
        (await cron.RowsAsync("SELECT schedule, active FROM cron.job")).Single().ShouldBe(["0 0 30 2 *", false]);
        var detail = (await cron.RowsAsync("SELECT status, return_message FROM cron.job_run_details")).Single();
        (detail[0], (string)detail[1]!).ShouldBe(("failed", $"refused: {refused.Reason}"));
        (await cron.ValueAsync<long>("SELECT count(*) FROM pontual.audit WHERE action = 'request.refused'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("SELECT cron.schedule('x', '61 seconds', 'SELECT 1')", "invalid schedule: 61 seconds")]
    [InlineData("SELECT cron.schedule('x', '* * * *', 'SELECT 1')", "invalid schedule")]
    [InlineData("SELECT cron.schedule('x', '* * * * *; drop', 'SELECT 1')", "invalid schedule")]
    [InlineData("SELECT cron.schedule('X Y', '* * * * *', 'SELECT 1')", "use 1 to 128 of a-z")]
    [InlineData("SELECT cron.schedule('x', '* * * * *', ' ')", "the command is a statement")]
    [InlineData("SELECT cron.schedule('other', '* * * * *', 'SELECT 1')", "runs no SQL of this database")]
    [InlineData("SELECT net.http_post(url := 'ftp://x')", "use an http or https address")]
    [InlineData("SELECT net.http_post(url := 'http://x', headers := '[]')", "JSON objects")]
    [InlineData("SELECT net.http_post(url := 'http://x', timeout_milliseconds := 0)", "use 1 to 600000")]
    [InlineData("SELECT pontual.enqueue('nobody')", "there is no job 'nobody'")]
    [InlineData("SELECT pontual.enqueue('other', '[1]')", "parameters are a JSON object")]
    [InlineData("SELECT pontual.enqueue('other', priority => 11)", "use -10 to 10")]
    public async Task What_cannot_be_is_refused_in_the_statement(string statement, string says)
    {
        await using var database = await OwnDatabase.CreateAsync();
        await using var cron = await CronRig.StartAsync(database);
        await cron.Rig.PutAsync(StorageRig.Define("other"));

        (await Should.ThrowAsync<PostgresException>(() => cron.DoAsync(statement))).Message.ShouldContain(says);

        (await cron.ValueAsync<long>("SELECT count(*) FROM pontual.request")).ShouldBe(0);
    }

    [Fact(DisplayName = "S4-02 net.http_post queues in the caller's transaction and drops headers without a value")]
    public async Task A_request_is_queued_in_the_callers_transaction()
    {
        await using var database = await OwnDatabase.CreateAsync();
        await using var cron = await CronRig.StartAsync(database);
        await cron.DoAsync("BEGIN; SELECT net.http_post(url := 'http://x/rolled-back'); ROLLBACK");
        await cron.DoAsync(
            "SELECT net.http_post(url := 'http://x/kept', headers := jsonb_build_object('Authorization', 'Bearer ' || NULL, 'X-A', 'b'))"
        );

        (await cron.RowsAsync("SELECT url, headers, timeout_milliseconds FROM net.http_request_queue"))
            .Single()
            .ShouldBe(["http://x/kept", """{"X-A": "b"}""", 5000]);
    }

    [Fact]
    public async Task A_schema_that_is_there_already_is_left_alone_until_it_is_gone()
    {
        await using var database = await OwnDatabase.CreateAsync();
        await database.DoAsync("CREATE SCHEMA cron; CREATE TABLE cron.job (mine text)");
        await using var cron = await CronRig.StartAsync(database);
        (await cron.RowsAsync("SELECT * FROM cron.job")).ShouldBeEmpty();
        (
            await cron.ValueAsync<string>("SELECT pontual.offer_cron() FROM (SELECT set_config('search_path', 'pontual', false)) AS at")
        ).ShouldContain("left alone");

        await database.DoAsync("DROP SCHEMA cron CASCADE");
        await cron.Rig.Database.MigrateAsync();

        (await cron.ValueAsync<long>("SELECT cron.schedule('x', '* * * * *', 'SELECT 1')")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_run_is_enqueued_in_the_applications_own_transaction()
    {
        await using var database = await OwnDatabase.CreateAsync();
        await using var cron = await CronRig.StartAsync(database);
        await cron.Rig.PutAsync(StorageRig.Define("send", Overlap.Allow));
        await cron.DoAsync("CREATE TABLE public.message (id int)");
        await cron.DoAsync("BEGIN; INSERT INTO public.message VALUES (1); SELECT pontual.enqueue('send', '{\"message\": 1}'); ROLLBACK");
        (await cron.TakeAsync()).ShouldBeEmpty();
        (await cron.Rig.ClaimAsync()).ShouldBeEmpty();

        var id = await cron.ValueAsync<Guid>("""SELECT pontual.enqueue('send', '{"message": 2}', priority => 3)""");
        var later = await cron.ValueAsync<Guid>("SELECT pontual.enqueue('send', not_before => now() + interval '1 hour')");
        (await cron.TakeAsync()).ShouldBeEmpty();

        var leased = (await cron.Rig.ClaimAsync()).ShouldHaveSingleItem();
        (leased.Run.Id, leased.Run.Parameters, leased.Run.Priority, leased.Run.Trigger).ShouldBe(
            (id, """{"message": 2}""", 3, RunTrigger.Manual)
        );
        (await cron.Rig.ViewAsync(later)).State.ShouldBe(RunState.Pending);
    }

    [Fact]
    public async Task A_wish_that_the_overlap_policy_refuses_is_kept_with_the_reason()
    {
        await using var database = await OwnDatabase.CreateAsync();
        await using var cron = await CronRig.StartAsync(database);
        await cron.Rig.PutAsync(StorageRig.Define("one"));
        await cron.DoAsync("SELECT pontual.enqueue('one')");
        await cron.TakeAsync();
        var active = (await cron.Rig.ClaimAsync()).ShouldHaveSingleItem();

        var id = await cron.ValueAsync<Guid>("SELECT pontual.enqueue('one')");
        var refused = (await cron.TakeAsync()).ShouldHaveSingleItem();

        (refused.Id, refused.Kind).ShouldBe((id, "enqueue"));
        refused.Reason.ShouldContain(active.Run.Id.ToString());
        (await cron.ValueAsync<string>($"SELECT refusal FROM pontual.request WHERE id = '{id}'")).ShouldBe(refused.Reason);
        (await cron.TakeAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_are_done_in_the_order_they_were_asked_for()
    {
        await using var database = await OwnDatabase.CreateAsync();
        await using var cron = await CronRig.StartAsync(database);
        await cron.DoAsync("SELECT cron.schedule('x', '0 3 * * *', 'SELECT 1'); SELECT pontual.enqueue('x'); SELECT cron.unschedule('x')");

        (await cron.TakeAsync()).ShouldBeEmpty();

        (await cron.FindAsync("x")).ShouldBeNull();
        (await cron.ValueAsync<string>("SELECT state || ' ' || reason FROM pontual.run_history")).ShouldBe("cancelled job-removed");
    }

    /// <summary>A statement may have others in it, between dollars.</summary>
    private static IEnumerable<string> Statements() =>
        Seeds
            .Blocks("s4-monitoramento-continuo.md", "sql")
            .SelectMany(block =>
                block
                    .Split("$$")
                    .Select((part, index) => index % 2 == 0 ? part : $"$${part.Replace(';', '\u0001')}$$")
                    .Aggregate("", string.Concat)
                    .Split(';')
            )
            .Select(statement =>
                string.Join(
                        '\n',
                        statement
                            .Replace('\u0001', ';')
                            .Split('\n')
                            .Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal))
                    )
                    .Trim()
            )
            .Where(statement => statement.Length > 0);
}
