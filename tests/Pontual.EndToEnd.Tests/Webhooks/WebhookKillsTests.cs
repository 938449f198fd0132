using System.Globalization;
using System.Text.Json;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Engine.Audit;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Registry;
using Pontual.Storage;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Shouldly;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Webhooks;

/// <summary>Gateways send a thousand webhooks a second to a server that is killed now and then.</summary>
public sealed class WebhookKillsTests(ITestOutputHelper output)
{
    private const string Key = "c2VjcmV0LWtleS1vZi1tYWlu";

    private static readonly Statement AddChannel = new(
        """
        INSERT INTO channel (id, tenant, gateway, external_id, name, created_at, updated_at)
        VALUES (@id, 'default', 'main', 'sales', 'sales', @now, @now)
        """
    );

    private static readonly Statement States = new("SELECT state, count(*) FROM webhook_log GROUP BY state");
    private static readonly Statement Bodies = new("SELECT body FROM webhook_log");
    private static readonly Statement Messages = new("SELECT external_id FROM message");
    private static readonly Statement Counted = new("SELECT CAST(sum(received) AS bigint) FROM channel_day");

    private static bool IsLong => Environment.GetEnvironmentVariable("PONTUAL_LONG") == "1";

    [Theory(
        DisplayName = "S3-06 a thousand webhooks a second, and the server killed now and then: each that was answered 2xx is kept, and each message is there and counted once"
    )]
    [Trait("Category", "Webhooks")]
    [InlineData(Dialect.Sqlite)]
    [InlineData(Dialect.PostgreSql)]
    public async Task Nothing_is_lost(Dialect dialect)
    {
        // The short form sends less, so that it takes no part of the machine from other tests for long.
        var (length, aSecond, kills) = IsLong ? (TimeSpan.FromSeconds(30), 1_000, 3) : (TimeSpan.FromSeconds(3), 300, 1);
        using var folder = new Folder();
        await using var postgres = dialect is Dialect.PostgreSql ? await TestDatabase.CreateAsync(dialect) : null;
        var options = postgres?.Options ?? new StorageOptions { SqlitePath = Path.Combine(folder.Path, "pontual.db") };
        await PrepareAsync(options);
        (string, string)[] environment = postgres is null ? [] : [("PONTUAL__POSTGRES", options.PostgreSql!)];
        using var sender = new WebhookSender();
        var server = await Served.StartAsync(folder.Path, environment);
        sender.GoTo(UrlOf(folder.Path));

        var sending = sender.SendAsync(Key, aSecond, length);
        for (var kill = 0; kill < kills; kill++)
        {
            await Task.Delay(length / (kills + 1), TimeProvider.System);
            await server.Process.KillAsync();
            await server.DisposeAsync();
            server = await Served.StartAsync(folder.Path, environment);
            sender.GoTo(UrlOf(folder.Path));
        }

        var sent = await sending;
        await UntilReadAsync(folder.Path, server);
        await server.Process.KillAsync();
        await server.DisposeAsync();

        Tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{dialect, -10} {sent} webhooks at {aSecond} a second, {kills} kills: {sender.Taken} answered 2xx, {sender.Again} sent again; answers before the first kill p50 {sender.AnswersAt(0.5):0.0} ms, p99 {sender.AnswersAt(0.99):0.0} ms, after it p50 {sender.AnswersAfterKillsAt(0.5):0.0} ms, p99 {sender.AnswersAfterKillsAt(0.99):0.0} ms; from due to taken p50 {sender.TakenAt(0.5):0} ms, p99 {sender.TakenAt(0.99):0} ms"
            )
        );
        await CheckAsync(options, sent);
    }

    private static async Task PrepareAsync(StorageOptions options)
    {
        await using var database = await TestDatabase.OpenAsync(options);
        var gateway = new GatewayDefinition
        {
            Name = "main",
            Kind = GatewayKind.Evolution,
            Url = "http://127.0.0.1:1",
            Secret = "${env:PONTUAL_NO_SUCH_KEY}",
        };
        var now = TimeProvider.System.GetUtcNow();
        await new GatewayStore(database.Database).PutAsync(gateway, Key, 0, Actor.Product, now, CancellationToken.None);
        await database.Database.WriteAsync(
            session => session.ExecuteAsync(AddChannel, ("id", Guid.AllBitsSet), ("now", now)),
            CancellationToken.None
        );
    }

    /// <summary>Every webhook is kept, and what it told has happened once.</summary>
    private static async Task CheckAsync(StorageOptions options, int sent)
    {
        await using var database = await TestDatabase.OpenAsync(options);
        var (states, numbers, messages, counted) = await database.Database.ReadAsync(
            async session =>
                (
                    await session.QueryAsync(States, row => (row.Text(0), row.Int64(1))),
                    await session.QueryAsync(Bodies, row => NumberIn(row.Bytes(0))),
                    await session.QueryAsync(Messages, row => row.Text(0)),
                    (await session.QueryAsync(Counted, row => row.Int64(0)))[0]
                ),
            CancellationToken.None
        );
        var expected = Enumerable.Range(0, sent).Select(WebhookSender.MessageOf).ToHashSet();

        states.ShouldHaveSingleItem().Item1.ShouldBe("read");
        Enumerable.Range(0, sent).Except(numbers).ShouldBeEmpty();
        messages.Count.ShouldBe(expected.Count);
        expected.SetEquals(messages).ShouldBeTrue();
        counted.ShouldBe(expected.Count);
    }

    private static int NumberIn(byte[] body) => JsonDocument.Parse(body).RootElement.GetProperty("sequence").GetInt32();

    private static async Task UntilReadAsync(string folder, Served server) =>
        await Wait.ForAsync<object>(
            "the last webhook to be read",
            TimeSpan.FromSeconds(60),
            async () =>
            {
                using var api = await Faults.LocalAdministrator.OfAsync(folder);
                using var answer = JsonDocument.Parse(await api.GetStringAsync("api/v1/webhooks?state=received&limit=1"));
                return answer.RootElement.GetProperty("items").GetArrayLength() == 0 ? answer : null;
            },
            () => server.Process.Written
        );

    private static Uri UrlOf(string folder)
    {
        using var discovery = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "server.json")));
        return new Uri(discovery.RootElement.GetProperty("url").GetString()!.TrimEnd('/') + "/");
    }

    private void Tell(string line)
    {
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("PONTUAL_WEBHOOKS_TABLE") is { } table)
        {
            File.AppendAllText(table, line + "\n");
        }
    }
}
