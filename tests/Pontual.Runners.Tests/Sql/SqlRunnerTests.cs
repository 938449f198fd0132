using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Runners.Tests.Sql;

public sealed class SqlRunnerTests : IAsyncLifetime
{
    private readonly SqlRig _rig = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _rig.DisposeAsync().AsTask();

    [Fact(DisplayName = "S4-02 a target's settings are set before its statement, secrets filled in")]
    public async Task Settings_are_set_before_the_statement()
    {
        const string Statement = """
            SELECT jsonb_build_object(
                'key', md5(current_setting('app.settings.service_role_key', true)),
                'of', current_setting('app.of'),
                'timeout', current_setting('statement_timeout'),
                'jit', current_setting('jit'))
            """;

        var success = await _rig.SucceedAsync(
            Statement,
            new Dictionary<string, object>
            {
                ["app.settings.service_role_key"] = "${env:KEY}",
                ["app.of"] = "{{job}} {{attempt}}",
                ["statement_timeout"] = 5000,
                ["jit"] = false,
            }
        );

        var result = JsonElement.Parse(success.Result!);
        result.GetProperty("key").GetString().ShouldBe("dfe5e226b6e19e8fb9d764084d02923a");
        result.GetProperty("of").GetString().ShouldBe("nightly 1");
        result.GetProperty("timeout").GetString().ShouldBe("5s");
        result.GetProperty("jit").GetString().ShouldBe("off");
    }

    [Fact]
    public async Task The_run_comes_as_settings_and_no_parameter_changes_the_statement()
    {
        const string Evil = "'); DROP TABLE seen; --";
        const string Statement = """
            INSERT INTO seen VALUES
                (current_setting('pontual.parameters')::jsonb ->> 'name'),
                (current_setting('pontual.job')),
                (current_setting('pontual.run_id')::uuid::text),
                (current_setting('pontual.attempt')),
                ((current_setting('pontual.scheduled_for')::timestamptz = '2026-03-09T12:00:00Z')::text),
                (current_setting('application_name'))
            """;
        var attempt = SqlRig.Attempt(SqlRig.Settings(Statement), JsonSerializer.Serialize(new { name = Evil }));

        await _rig.SucceedAsync(attempt);

        _rig.Seen.ShouldBe([Evil, "nightly", attempt.Leased.Run.Id.ToString("D"), "1", "true", "pontual nightly"]);
    }

    [Fact]
    public async Task A_run_without_parameters_has_an_empty_object()
    {
        var success = await _rig.SucceedAsync("SELECT current_setting('pontual.parameters')::jsonb");

        success.Result.ShouldBe("{}");
    }

    [Fact]
    public async Task A_parameter_that_a_setting_needs_is_asked_for()
    {
        var failure = await _rig.FailAsync("SELECT 1", new Dictionary<string, string> { ["app.of"] = "{{parameters.of}}" });

        failure.Kind.ShouldBe(FailureKinds.Target);
        failure.Message.ShouldContain("{{parameters.of}}");
    }

    [Fact]
    public async Task Nothing_of_an_attempt_is_left_to_the_next()
    {
        var key = $"hashtext('{_rig.Mark}')";
        await _rig.SucceedAsync(
            $"CREATE TEMP TABLE mine (x int); SELECT pg_advisory_lock({key})",
            new Dictionary<string, string> { ["app.of"] = "first" }
        );

        // It may take the server a moment to see that the first session has gone.
        var success = await _rig.SucceedAsync(
            $"""
            DO $$ BEGIN PERFORM pg_advisory_lock({key}); END $$;
            SELECT jsonb_build_array(current_setting('app.of', true), to_regclass('mine'))
            """,
            new Dictionary<string, string> { ["lock_timeout"] = "10s" }
        );

        success.Result.ShouldBe("[null, null]");
    }

    [Theory]
    [InlineData("INSERT INTO seen SELECT 'x' FROM generate_series(1, 5)", 5L)]
    [InlineData("INSERT INTO seen VALUES ('a'), ('b'); UPDATE seen SET word = 'c' WHERE word = 'a'", 3L)]
    [InlineData("DELETE FROM seen", 0L)]
    [InlineData("SELECT * FROM generate_series(1, 30)", 30L)]
    [InlineData("SELECT 1, 2", 1L)]
    [InlineData("SELECT count(*) FROM seen", null)]
    [InlineData("CREATE TABLE other (x int)", null)]
    [InlineData("""SELECT '{"items_processed": 7}'::jsonb""", 7L)]
    [InlineData("""SELECT '{"processed": 8}'::json""", 8L)]
    [InlineData("""INSERT INTO seen VALUES ('a'); SELECT '{"ok": true}'::jsonb""", 1L)]
    public async Task Items_are_what_the_answer_says_or_the_rows(string statement, long? items)
    {
        var success = await _rig.SucceedAsync(statement);

        success.ItemsProcessed.ShouldBe(items);
    }

    [Fact]
    public async Task The_first_twenty_rows_are_printed()
    {
        var attempt = SqlRig.Attempt(
            SqlRig.Settings("SELECT n, CASE WHEN n > 1 THEN E'a\\nb' END AS word FROM generate_series(1, 30) AS n; SELECT 'other'")
        );

        var success = await _rig.SucceedAsync(attempt);

        var lines = attempt.Printed().Split('\n');
        lines[0].ShouldBe("n | word");
        lines[1].ShouldBe("1 | NULL");
        lines[20].ShouldBe("20 | a b");
        lines[21].ShouldBe("[20 of 30 rows]");
        lines.Length.ShouldBe(23);
        success.Result.ShouldBeNull();
    }

    [Theory]
    [InlineData("SELECT 'plain'", "?column?\nplain\n")]
    [InlineData("SELECT ARRAY[1, 2] AS a, ROW(1, 'x') AS r, '(1,2)'::point AS p", "a | r | p\n{1,2} | (1,x) | (1,2)\n")]
    [InlineData("SELECT pg_sleep(0)", "")]
    [InlineData("SELECT x::jsonb FROM (VALUES ('1'), ('2')) AS v(x)", "x\n1\n2\n")]
    [InlineData("SELECT '{}'::jsonb AS a, 1 AS b", "a | b\n{} | 1\n")]
    [InlineData("SELECT NULL::jsonb AS a", "a\nNULL\n")]
    [InlineData("SELECT word FROM seen", "word\n")]
    public async Task What_is_no_single_JSON_value_is_printed(string statement, string printed)
    {
        var attempt = SqlRig.Attempt(SqlRig.Settings(statement));

        var success = await _rig.SucceedAsync(attempt);

        attempt.Printed().ShouldBe(printed);
        success.Result.ShouldBeNull();
    }

    [Fact]
    public async Task Notices_are_printed_and_secrets_covered()
    {
        const string Statement = """
            DO $$ BEGIN
                RAISE NOTICE 'key is %', current_setting('app.key');
                RAISE WARNING 'careful' USING DETAIL = 'more', HINT = 'look';
            END $$;
            SELECT current_setting('app.key') AS a
            """;
        var attempt = SqlRig.Attempt(SqlRig.Settings(Statement, new Dictionary<string, string> { ["app.key"] = "${env:KEY}" }));

        await _rig.SucceedAsync(attempt);

        attempt.Printed().ShouldBe("NOTICE: key is ***\nWARNING: careful\nDETAIL: more\nHINT: look\na\n***\n");
    }

    [Theory]
    [InlineData("SELEC 1", FailureKinds.Target, "42601", "(at character 1)")]
    [InlineData("SELECT * FROM nowhere", FailureKinds.Target, "42P01", "nowhere")]
    [InlineData("SET ROLE nobody_of_that_name", FailureKinds.Error, "22023", "nobody_of_that_name")]
    [InlineData("SELECT 1 / (SELECT count(*) FROM seen)", FailureKinds.Error, "22012", "division by zero")]
    [InlineData("DO $$ BEGIN RAISE EXCEPTION 'not today'; END $$", FailureKinds.Error, "P0001", "not today")]
    [InlineData("SELECT 1; SELECT count(*) / 0 FROM seen", FailureKinds.Error, "22012", "division by zero")]
    [InlineData("SET statement_timeout = 50; SELECT pg_sleep(60)", FailureKinds.Error, "57014", "statement timeout")]
    [InlineData("SELECT pg_terminate_backend(pg_backend_pid())", FailureKinds.Network, "57P01", "administrator")]
    public async Task What_PostgreSQL_says_is_told_with_its_kind(string statement, FailureKinds kind, string state, string words)
    {
        var failure = await _rig.FailAsync(statement);

        failure.Kind.ShouldBe(kind, failure.Message);
        failure.Message.ShouldStartWith($"SQLSTATE {state}: ");
        failure.Message.ShouldContain(words);
    }

    [Fact]
    public async Task An_error_shows_no_secret_and_its_details_are_printed()
    {
        const string Statement = """
            DO $$ BEGIN
                RAISE EXCEPTION 'key %', current_setting('app.key') USING DETAIL = 'detail ' || current_setting('app.key'), HINT = 'ask';
            END $$
            """;
        var attempt = SqlRig.Attempt(SqlRig.Settings(Statement, new Dictionary<string, string> { ["app.key"] = "${env:KEY}" }));

        var failure = (await _rig.RunAsync(attempt)).ShouldBeOfType<Outcome.Failure>();

        failure.Message.ShouldBe("SQLSTATE P0001: key ***");
        attempt.Printed().ShouldStartWith("ERROR: key ***\nDETAIL: detail ***\nHINT: ask\nCONTEXT: PL/pgSQL function");
    }

    [Theory]
    [InlineData("work_mem", "lots", FailureKinds.Error, "work_mem")]
    [InlineData("no_such_setting", "1", FailureKinds.Target, "no_such_setting")]
    public async Task A_setting_that_PostgreSQL_refuses_is_named(string name, string value, FailureKinds kind, string words)
    {
        var failure = await _rig.FailAsync("INSERT INTO seen VALUES ('x')", new Dictionary<string, string> { [name] = value });

        failure.Kind.ShouldBe(kind);
        failure.Message.ShouldContain(words);
        _rig.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Several_statements_are_all_or_nothing()
    {
        await _rig.FailAsync("INSERT INTO seen VALUES ('a'); SELECT 1 / 0");

        _rig.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task There_is_no_transaction_around_a_statement()
    {
        await _rig.SucceedAsync(
            "CREATE PROCEDURE twice() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES ('a'); COMMIT; INSERT INTO seen VALUES ('b'); END $$"
        );

        await _rig.SucceedAsync("VACUUM seen");
        await _rig.SucceedAsync("CALL twice()");
        await _rig.SucceedAsync("BEGIN; INSERT INTO seen VALUES ('c'); COMMIT");

        _rig.Seen.ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task A_transaction_that_is_left_open_is_a_failure()
    {
        var failure = await _rig.FailAsync("BEGIN; INSERT INTO seen VALUES ('lost')");

        failure.Kind.ShouldBe(FailureKinds.Target);
        failure.Message.ShouldContain("COMMIT");
        _rig.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_executed_when_the_lease_is_over()
    {
        var attempt = TestAttempt.Of("sql", SqlRig.Settings("INSERT INTO seen VALUES ('x')"), mayGoOn: () => false);

        (await _rig.RunAsync(attempt)).ShouldBeOfType<Outcome.Interrupted>();

        _rig.Seen.ShouldBeEmpty();
    }
}
