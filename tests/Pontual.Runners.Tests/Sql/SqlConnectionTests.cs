using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.TestKit;
using Pontual.TestKit.Faults;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Runners.Tests.Sql;

/// <summary>Where statements run, what happens when the way there breaks, and how they are stopped.</summary>
public sealed class SqlConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_connection_is_made_of_secrets_whatever_they_contain()
    {
        await using var rig = new SqlRig();
        var server = new NpgsqlConnectionStringBuilder(TestDatabase.Server);
        rig.Environment["WHOLE"] = TestDatabase.Server;
        rig.Environment["HOST"] = server.Host!;
        rig.Environment["PASSWORD"] = server.Password ?? "odd;Host=nowhere;\"'";
        var parts =
            $"Host=${{env:HOST}};Port={server.Port};Database={server.Database};Username={server.Username};Password=${{env:PASSWORD}}";

        foreach (var connection in new[] { "${env:WHOLE}", parts })
        {
            var attempt = SqlRig.Attempt(SqlRig.Settings("SELECT to_json(current_database())", connection: connection));

            (await rig.SucceedAsync(attempt)).Result.ShouldBe(JsonSerializer.Serialize(server.Database));
        }
    }

    [Theory]
    [InlineData("postgres://jobs:hush-hush@db/shop")]
    [InlineData("hush-hush")]
    [InlineData("Password=hush-hush")]
    [InlineData("Host=db;Nonsense=hush-hush")]
    public async Task A_secret_that_is_no_connection_string_is_a_failure_that_does_not_show_it(string secret)
    {
        await using var rig = new SqlRig();
        rig.Environment["WHOLE"] = secret;

        var failure = await rig.FailAsync("SELECT 1", connection: "${env:WHOLE}");

        failure.Kind.ShouldBe(FailureKinds.Target);
        failure.Message.ShouldContain("/connection");
        failure.Message.ShouldContain("write Host=");
        failure.Message.ShouldNotContain("hush");
    }

    [Fact]
    public async Task A_missing_secret_is_named()
    {
        await using var rig = new SqlRig();

        var failure = await rig.FailAsync("SELECT 1", connection: "${env:NOT_THERE}");

        failure.Kind.ShouldBe(FailureKinds.Target);
        failure.Message.ShouldContain("NOT_THERE");
    }

    [Fact]
    public async Task Without_a_connection_and_without_a_PostgreSQL_of_its_own_an_attempt_fails()
    {
        var attempt = SqlRig.Attempt(SqlRig.Settings("SELECT 1"));

        var failure = (await SqlRig.Without().RunAsync(attempt, CancellationToken.None)).ShouldBeOfType<Outcome.Failure>();

        failure.Kind.ShouldBe(FailureKinds.Target);
        failure.Message.ShouldStartWith("The target's /connection: ");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_a_failure_of_the_target()
    {
        await using var rig = new SqlRig();
        rig.Environment["WHOLE"] = new NpgsqlConnectionStringBuilder(TestDatabase.Server) { Database = "not_there" }.ConnectionString;

        var failure = await rig.FailAsync("SELECT 1", connection: "${env:WHOLE}");

        failure.Kind.ShouldBe(FailureKinds.Target);
        failure.Message.ShouldContain("3D000");
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_a_failure_of_the_network()
    {
        await using var rig = new SqlRig();
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        rig.Environment["PASSWORD"] = "hush-hush";

        var failure = await rig.FailAsync("SELECT 1", connection: $"Host=127.0.0.1;Port={port};Username=x;Password=${{env:PASSWORD}}");

        failure.Kind.ShouldBe(FailureKinds.Network);
        failure.Message.ShouldContain($"127.0.0.1:{port}");
        failure.Message.ShouldNotContain("hush");
    }

    [Fact]
    public async Task A_connection_that_breaks_is_a_failure_of_the_network()
    {
        await using var proxy = FaultProxy.InFrontOf(TestDatabase.Server);
        await using var rig = new SqlRig(proxy.ConnectionString);
        var (attempt, running, _) = await StartedAsync(rig);

        proxy.Reset();

        (await running.WaitAsync(Patience)).ShouldBeOfType<Outcome.Failure>(attempt.Printed()).Kind.ShouldBe(FailureKinds.Network);
    }

    [Fact]
    public async Task A_stopped_statement_ends_on_the_server_within_2_s()
    {
        await using var rig = new SqlRig();
        var (_, running, stop) = await StartedAsync(rig);
        rig.Sessions.ShouldBe(1);
        var start = TimeProvider.System.GetTimestamp();

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);

        await Poll.UntilAsync(() => rig.Sessions == 0, Patience);
        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Where_the_server_does_not_answer_a_stopped_attempt_is_let_go_within_2_s()
    {
        await using var proxy = FaultProxy.InFrontOf(TestDatabase.Server);
        await using var rig = new SqlRig(proxy.ConnectionString);
        var (_, running, stop) = await StartedAsync(rig);
        proxy.BlackHole();
        var start = TimeProvider.System.GetTimestamp();

        stop.Cancel();

        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(1), "whoever stops is not held up");
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(2.5));
    }

    /// <summary>An attempt whose statement has begun on the server and does not end by itself.</summary>
    private static async Task<(AttemptContext Attempt, Task<Outcome> Running, CancellationTokenSource Stop)> StartedAsync(SqlRig rig)
    {
        var attempt = SqlRig.Attempt(SqlRig.Settings($"DO $$ BEGIN /* {rig.Mark} */ RAISE NOTICE 'ready'; PERFORM pg_sleep(60); END $$"));
        var stop = new CancellationTokenSource();
        var running = rig.RunAsync(attempt, stop.Token);
        await Poll.UntilAsync(() => attempt.Printed().Contains("ready", StringComparison.Ordinal) || running.IsCompleted, Patience);
        running.IsCompleted.ShouldBeFalse(attempt.Printed());
        return (attempt, running, stop);
    }
}
