using System.Diagnostics;
using System.Net;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.CloudApi;
using Pontual.Messaging.Inbox;
using Pontual.Messaging.Tests.Channels.Gateways;
using Pontual.Server.Demo.Gateways;
using Pontual.Storage.Database;
using Pontual.TestKit;
using Shouldly;
using Xunit.Abstractions;

namespace Pontual.Messaging.Tests.Inbox;

/// <summary>Webhooks over real HTTP.</summary>
public class WebhookRouteTests(ITestOutputHelper output)
{
    private const string Main = "webhooks/key-of-main";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Statement Messages = new("SELECT count(*) FROM message");

    [Fact(
        DisplayName = "S3-06 a webhook is answered once it is kept, and read within a moment, also where a gateway appends the event to the address"
    )]
    public async Task A_webhook_is_taken()
    {
        await using var server = await WebhookServer.StartAsync(Dialect.Sqlite);

        using var plain = await server.SendAsync(Main, PlainConnector.Message("a", "1"));
        using var appended = await server.SendAsync($"{Main}/messages-upsert", PlainConnector.Message("a", "2"));

        plain.StatusCode.ShouldBe(HttpStatusCode.OK);
        appended.StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntilAsync(server, "read", 2);
    }

    [Theory(DisplayName = "S3-06 two thousand webhooks at once are all kept and all read, and each message is there once")]
    [InlineData(Dialect.Sqlite)]
    [InlineData(Dialect.PostgreSql)]
    public async Task Many_at_once_are_all_taken(Dialect dialect)
    {
        await using var server = await WebhookServer.StartAsync(dialect);
        var watch = Stopwatch.StartNew();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 2_000),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (number, _) =>
            {
                using var answer = await server.SendAsync(Main, PlainConnector.Message("a", $"{number / 2}"));
                answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            }
        );

        var sent = watch.Elapsed;
        await Poll.UntilAsync(() => CountAsync(server).Result == 1_000, Patience);
        output.WriteLine(
            $"{2_000 / sent.TotalSeconds:0} a second; all were read {(watch.Elapsed - sent).TotalMilliseconds:0} ms after the last answer"
        );
    }

    [Fact(DisplayName = "S3-06 what could not be read is listed, shown and replayed over the API")]
    public async Task What_failed_is_shown_and_replayed()
    {
        await using var server = await WebhookServer.StartAsync(Dialect.Sqlite);
        using var sent = await server.SendAsync(Main, "{ not json"u8.ToArray());
        await UntilAsync(server, "failed", 1);

        var listed = (await server.GetAsync("api/v1/webhooks?state=failed&gateway=main")).GetProperty("items")[0];
        var one = $"api/v1/webhooks/{listed.GetProperty("id").GetString()}";
        var shown = await server.GetAsync(one);
        var replayed = await server.PostAsync("api/v1/webhooks/replay", """{"state":"failed"}""");

        shown.GetProperty("payload").GetString().ShouldBe("{ not json");
        replayed.ShouldBe("""{"replayed":1}""");
        await Poll.UntilAsync(() => server.GetAsync(one).Result.GetProperty("webhook").GetProperty("tries").GetInt32() == 2, Patience);
    }

    [Fact]
    public async Task An_unknown_key_and_a_wrong_secret_are_told_apart()
    {
        await using var server = await WebhookServer.StartAsync(Dialect.Sqlite);

        using var unknown = await server.SendAsync("webhooks/another-key", PlainConnector.Message("a", "1"));
        using var wrong = await server.SendAsync(Main, PlainConnector.Message("a", "1"), "another-secret");

        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var kept = (await server.GetAsync("api/v1/webhooks")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        kept.GetProperty("state").GetString().ShouldBe("refused");
    }

    [Fact(
        DisplayName = "S3-06 while the database is away webhooks are answered 503, which gateways try again, and are taken when it is back"
    )]
    public async Task A_database_that_is_away_is_a_503()
    {
        var (server, proxy) = await WebhookServer.StartBehindProxyAsync();
        await using var _ = server;
        await using var __ = proxy;
        proxy.Refuse();

        using var away = await server.SendAsync(Main, PlainConnector.Message("a", "1"));
        proxy.Heal();
        using var back = await server.SendAsync(Main, PlainConnector.Message("a", "1"));

        away.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        back.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Poll.UntilAsync(() => CountAsync(server).Result == 1, Patience);
    }

    [Fact]
    public async Task Five_megabytes_are_taken_and_nine_are_not()
    {
        await using var server = await WebhookServer.StartAsync(Dialect.Sqlite);

        using var large = await server.SendAsync(Main, PlainConnector.Message("a", "1", new string('x', 5 << 20)));
        using var larger = await server.SendAsync(Main, PlainConnector.Message("a", "2", new string('x', 9 << 20)));

        large.StatusCode.ShouldBe(HttpStatusCode.OK);
        larger.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Metas_handshake_gets_its_challenge_back_for_the_right_token_only()
    {
        await using var server = await WebhookServer.StartAsync(Dialect.Sqlite);
        var token = WebhookAddress.VerifyTokenOf("key-of-main");

        using var right = await server.Gateway.GetAsync($"{Main}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444");
        using var wrong = await server.Gateway.GetAsync($"{Main}?hub.mode=subscribe&hub.verify_token=guessed&hub.challenge=1158201444");
        using var unknown = await server.Gateway.GetAsync(
            $"webhooks/other?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444"
        );

        (await right.Content.ReadAsStringAsync()).ShouldBe("1158201444");
        right.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact(
        DisplayName = "S4-05 the webhook of a number of the Cloud API is set by the connector, and Meta's question is answered by the route"
    )]
    public async Task The_connector_and_the_route_agree_on_Metas_token()
    {
        await using var server = await WebhookServer.StartAsync(Dialect.Sqlite);
        await using var world = await SimulatedGateway.StartAsync(
            new SimulationOptions { Time = TimeProvider.System },
            CancellationToken.None
        );
        await using var rig = await LineRig.CreateAsync();
        var session = world.Add(GatewayKind.CloudApi, "111", "5511999990000");
        var address = new GatewayAddress(
            GatewayKind.CloudApi,
            world.UrlOf(GatewayKind.CloudApi),
            SimulatedGateway.KeyOf(GatewayKind.CloudApi)
        )
        {
            Account = SimulatedGateway.CloudAccount,
        };
        var ours = new Uri(server.Gateway.BaseAddress!, Main);

        await new CloudApiConnector()
            .Open(rig.To(address))
            .Sessions.SetWebhookAsync(new SessionRef("111"), new WebhookWish(ours, null), default);

        session.Webhook!.Url.ShouldBe(ours.ToString());
    }

    private static async Task<long> CountAsync(WebhookServer server) =>
        (await server.Database.ReadAsync(session => session.QueryAsync(Messages, row => row.Int64(0)), CancellationToken.None))[0];

    private static Task UntilAsync(WebhookServer server, string state, int count) =>
        Poll.UntilAsync(
            () => server.GetAsync($"api/v1/webhooks?state={state}").Result.GetProperty("items").GetArrayLength() == count,
            Patience
        );
}
