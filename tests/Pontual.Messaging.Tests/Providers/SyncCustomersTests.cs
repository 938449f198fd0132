using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Messaging.Providers;
using Pontual.Runners.Handler;
using Pontual.Runners.Http;
using Pontual.Server.Demo;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Messaging.Tests.Providers;

public class SyncCustomersTests
{
    private static readonly Statement Contacts = new("SELECT source, external_id, name, phone FROM contact ORDER BY source, external_id");

    public static TheoryData<Dialect> Both => new(Dialect.Sqlite, Dialect.PostgreSql);

    [Theory(
        DisplayName = "S2-10 every provider's customers become contacts, page by page: new ones are added, changed ones updated, others left alone"
    )]
    [MemberData(nameof(Both))]
    public async Task Customers_become_contacts(Dialect dialect)
    {
        await using var provider = await SimulatedProvider.StartAsync(CancellationToken.None);
        await using var database = await TestDatabase.CreateAsync(dialect);
        provider.Set("alfa", 250);
        provider.Set("beta", 3);

        var first = await RunAsync(database, provider, "alfa", "beta");
        provider.Set("alfa", 255, changed: id => id % 100 == 0);
        var second = await RunAsync(database, provider, "alfa", "beta");
        var third = await RunAsync(database, provider, "alfa", "beta");

        Counts(first).ShouldBe((2, 253, 0, 253));
        Counts(second).ShouldBe((2, 5, 3, 258));
        Counts(third).ShouldBe((2, 0, 0, 258));
        var contacts = await ReadAsync(database);
        contacts.Count.ShouldBe(258);
        contacts.ShouldContain(("alfa", "100", "Customer 100 of alfa", "+5511901000002"));
    }

    [Theory(DisplayName = "S2-10 a provider that fails is reported and does not fail the others; what its pages brought before is kept")]
    [MemberData(nameof(Both))]
    public async Task A_provider_that_fails_does_not_fail_the_others(Dialect dialect)
    {
        await using var provider = await SimulatedProvider.StartAsync(CancellationToken.None);
        await using var database = await TestDatabase.CreateAsync(dialect);
        provider.Set("alfa", 150);
        provider.Fail("alfa", page: 2, status: 403, times: 1);
        provider.Set("beta", 3);
        provider.Fail("beta", page: 1, status: 503, times: 1);

        var outcome = await RunAsync(database, provider, "alfa", "beta");

        Counts(outcome).ShouldBe((2, 103, 0, 103));
        var error = Result(outcome).GetProperty("erros").EnumerateArray().ShouldHaveSingleItem();
        error.GetProperty("provedor").GetString().ShouldBe("alfa");
        error.GetProperty("erro").GetString()!.ShouldContain("page 2: it answered 403");
    }

    [Fact]
    public async Task When_no_provider_can_be_read_the_run_fails_and_tells_no_secret()
    {
        await using var provider = await SimulatedProvider.StartAsync(CancellationToken.None);
        await using var database = await TestDatabase.CreateAsync(Dialect.Sqlite);

        var outcome = await RunAsync(database, Args(provider, "wrong-secret-0815", "nobody"));

        var failure = outcome.ShouldBeOfType<Outcome.Failure>();
        failure.Message.ShouldContain("nobody: page 1: it answered 401");
        failure.Message.ShouldNotContain("0815");
    }

    [Theory]
    [InlineData("null", "no provider is configured")]
    [InlineData("""{"providers":[]}""", "no list of 1 to 100")]
    [InlineData("""{"providers":[{"url":"http://x/?{{page}}"}]}""", "give the provider a name")]
    [InlineData("""{"providers":[{"name":"a","url":"http://x/"}]}""", "does not say which page")]
    [InlineData("""{"providers":[{"name":"a","url":"http://x/{{page}}","feilds":{}}]}""", "feilds")]
    [InlineData("""{"providers":[{"name":"a","url":"http://x/{{page}}"},{"name":"a","url":"http://y/{{page}}"}]}""", "two providers 'a'")]
    public async Task What_is_configured_wrongly_is_said(string args, string says)
    {
        await using var database = await TestDatabase.CreateAsync(Dialect.Sqlite);

        var outcome = await RunAsync(database, args == "null" ? null : args);

        outcome.ShouldBeOfType<Outcome.Failure>().Message.ShouldContain(says);
    }

    private static Task<Outcome> RunAsync(TestDatabase database, SimulatedProvider provider, params string[] names) =>
        RunAsync(database, Args(provider, SimulatedProvider.Token, names));

    private static string Args(SimulatedProvider provider, string token, params string[] names) =>
        JsonSerializer.Serialize(
            new
            {
                providers = names.Select(name => new
                {
                    name,
                    url = $"{provider.Url}/{name}/customers?page={{{{page}}}}&size={{{{size}}}}",
                    headers = new { Authorization = $"Bearer {token}" },
                }),
            }
        );

    /// <summary>Runs the handler as its runner does.</summary>
    private static async Task<Outcome> RunAsync(TestDatabase database, string? args)
    {
        var parts = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(database.Database)
            .AddSingleton<IRandomBytes, SystemRandomBytes>()
            .AddSingleton<ISecrets>(new Secrets(_ => null))
            .AddSingleton<GuardedHttp>()
            .AddOptions()
            .AddHandlerRunner();
        new ProvidersModule().Add(parts);
        await using var services = parts.BuildServiceProvider();
        var settings = $$"""{"name":"sgp_sync_inteligente"{{(args is null ? "" : $",\"args\":{args}")}}}""";
        var definition = new JobDefinition
        {
            Name = JobName.Parse("sync"),
            Target = new Target("handler", JsonDocument.Parse(settings).RootElement),
        };
        var now = TimeProvider.System.GetUtcNow();
        var run = new Run
        {
            Id = Guid.Empty,
            JobId = 1,
            Job = definition.Name,
            Trigger = RunTrigger.Manual,
            DueAt = now,
            State = RunState.Running,
        };
        var job = new Job
        {
            Id = 1,
            Definition = definition,
            Revision = 1,
            Mark = now,
        };
        var attempt = new AttemptContext
        {
            Leased = new LeasedRun(run, job, 1, now),
            Output = new Silent(),
            StartedAt = now,
            Time = TimeProvider.System,
        };
        return await services.GetServices<IRunner>().Single().RunAsync(attempt, CancellationToken.None);
    }

    private static JsonElement Result(Outcome outcome) => JsonDocument.Parse(outcome.ShouldBeOfType<Outcome.Success>().Result!).RootElement;

    private static (int Providers, int Added, int Updated, long? Items) Counts(Outcome outcome)
    {
        var result = Result(outcome);
        return (
            result.GetProperty("total_provedores").GetInt32(),
            result.GetProperty("total_novos").GetInt32(),
            result.GetProperty("total_atualizados").GetInt32(),
            ((Outcome.Success)outcome).ItemsProcessed
        );
    }

    private static Task<List<(string, string, string?, string?)>> ReadAsync(TestDatabase database) =>
        database.Database.ReadAsync(
            session => session.QueryAsync(Contacts, row => (row.Text(0), row.Text(1), row.TextOrNull(2), row.TextOrNull(3))),
            CancellationToken.None
        );

    private sealed class Silent : IAttemptOutput
    {
        public void Write(ReadOnlySpan<byte> bytes) { }

        public void WriteLine(string line) { }

        public void Progress(double fraction, string? note = null) { }
    }
}
