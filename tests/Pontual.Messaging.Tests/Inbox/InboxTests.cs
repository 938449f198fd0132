using System.Text;
using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Inbox;
using Pontual.Storage.Database;
using Shouldly;

namespace Pontual.Messaging.Tests.Inbox;

public class InboxTests
{
    private static readonly Statement RawLogs = new("SELECT channel, event, payload, state FROM webhook_raw_logs ORDER BY received_at");
    private static readonly Statement LastOf = new("SELECT count(*) FROM webhook_raw_logs WHERE channel = 'a' AND event = 'message'");
    private static readonly Statement Notes = new("SELECT count(*) FROM contact");

    public static TheoryData<Dialect> Both => new(Dialect.Sqlite, Dialect.PostgreSql);

    [Theory(DisplayName = "S3-06 a webhook is kept as it came before it is read, and can be asked for in SQL by the name of the documents")]
    [MemberData(nameof(Both))]
    public async Task A_webhook_is_kept_before_it_is_read(Dialect dialect)
    {
        await using var rig = await InboxRig.StartAsync(dialect);
        var body = PlainConnector.Message("a", "1", "olá ✓");

        (await rig.TakeAsync(body)).ShouldBeTrue();

        (await rig.MessagesAsync()).ShouldBeEmpty();
        var kept = (await rig.ListAsync(WebhookState.Received)).ShouldHaveSingleItem();
        (kept.Session, kept.Event, kept.Size).ShouldBe(("a", "message", body.Length));
        (await rig.Log.FindAsync(TenantName.Default, kept.Id, CancellationToken.None))!.Body.ShouldBe(body);
        var raw = await rig.Database.Database.ReadAsync(
            session => session.QueryAsync(RawLogs, row => (row.Text(0), row.Text(1), row.Text(2), row.Text(3))),
            CancellationToken.None
        );
        raw.ShouldHaveSingleItem().ShouldBe(("a", "message", Encoding.UTF8.GetString(body), "received"));
        (await CountAsync(rig, LastOf)).ShouldBe(1);
    }

    [Theory(DisplayName = "S3-06 what comes twice, and what is replayed, is there once")]
    [MemberData(nameof(Both))]
    public async Task What_comes_twice_is_there_once(Dialect dialect)
    {
        await using var rig = await InboxRig.StartAsync(dialect);
        await rig.TakeAsync(PlainConnector.Message("a", "1", "first"));
        await rig.TakeAsync(PlainConnector.Message("a", "1", "first"));
        await rig.TakeAsync(PlainConnector.Message("b", "1", "of another session"));
        await rig.ReadAllAsync();
        await rig.TakeAsync(PlainConnector.Message("a", "1", "again, and changed"));
        await rig.ReadAllAsync();

        var replayed = await rig.Log.ReplayAsync(
            new WebhookQuery(TenantName.Default) { Session = "a" },
            new Actor("user:ana"),
            CancellationToken.None
        );
        await rig.ReadAllAsync();

        replayed.ShouldBe(3);
        (await rig.MessagesAsync())
            .Select(message => (message.Session, message.Text))
            .ShouldBe([("a", "first"), ("b", "of another session")]);
        var webhooks = await rig.ListAsync();
        webhooks.ShouldAllBe(webhook => webhook.State == WebhookState.Read);
        webhooks.Select(webhook => webhook.Tries).ShouldBe([2, 1, 2, 2]);
    }

    [Theory(DisplayName = "S3-06 a webhook that cannot be read is kept with the reason, keeps none of the others, and can be read later")]
    [MemberData(nameof(Both))]
    public async Task One_that_cannot_be_read_keeps_none_of_the_others(Dialect dialect)
    {
        await using var rig = await InboxRig.StartAsync(dialect);
        await rig.TakeAsync(PlainConnector.Bytes(new { session = "a", @event = "odd" }));
        await rig.TakeAsync("{ not json"u8.ToArray());
        await rig.TakeAsync([0xFF, 0x00, 0x01]);
        await rig.TakeAsync(PlainConnector.Message("a", new string('x', 3_000)));
        await rig.TakeAsync(PlainConnector.Bytes(new { session = "a", @event = "never-heard-of" }));
        await rig.TakeAsync(PlainConnector.Message("a", "1"));

        await rig.ReadAllAsync();
        var replayed = await rig.Log.ReplayAsync(
            new WebhookQuery(TenantName.Default) { State = WebhookState.Failed },
            new Actor("user:ana"),
            CancellationToken.None
        );

        (await rig.MessagesAsync()).ShouldHaveSingleItem().Id.ShouldBe("1");
        replayed.ShouldBe(4);
        await rig.ReadAllAsync();
        var failed = await rig.ListAsync(WebhookState.Failed);
        failed.Count.ShouldBe(4);
        failed[^1].Error.ShouldBe("this one is odd");
        failed[0].Error!.ShouldContain("1 to 300 characters");
        (await rig.ListAsync(WebhookState.Read)).Count.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Texts_that_no_database_takes_are_taken(Dialect dialect)
    {
        await using var rig = await InboxRig.StartAsync(dialect);
        await rig.TakeAsync(PlainConnector.Message("a", "1", "nul\0 here"));
        await rig.TakeAsync(PlainConnector.Message("a", "2", new string('é', 200_000)));

        await rig.ReadAllAsync();

        (await rig.MessagesAsync()).Select(message => message.Text!.Length).ShouldBe([8, 100_000]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_acknowledgement_that_comes_first_waits_for_its_message_and_none_goes_back(Dialect dialect)
    {
        await using var rig = await InboxRig.StartAsync(dialect);
        await rig.TakeAsync(PlainConnector.Ack("a", "1", AckLevel.Read));
        await rig.ReadAllAsync();
        (await rig.MessagesAsync()).ShouldHaveSingleItem().ShouldBe(new KeptMessage("a", "1", null, AckLevel.Read, "webhook"));

        await rig.TakeAsync(PlainConnector.Message("a", "1", "mine", ours: true));
        await rig.TakeAsync(PlainConnector.Ack("a", "1", AckLevel.Delivered));
        await rig.TakeAsync(PlainConnector.Ack("a", "1", AckLevel.Failed));
        await rig.ReadAllAsync();

        (await rig.MessagesAsync()).ShouldHaveSingleItem().ShouldBe(new KeptMessage("a", "1", "mine", AckLevel.Read, "webhook"));
    }

    [Theory(
        DisplayName = "A webhook with the wrong secret is kept as refused, at most a thousand of a gateway, and read when somebody vouches"
    )]
    [MemberData(nameof(Both))]
    public async Task A_wrong_secret_loses_nothing(Dialect dialect)
    {
        await using var rig = await InboxRig.StartAsync(dialect);

        (await rig.TakeAsync(PlainConnector.Message("a", "1"), "another-secret")).ShouldBeFalse();
        (await rig.TakeAsync(PlainConnector.Message("a", "2"), null)).ShouldBeFalse();
        await rig.ReadAllAsync();

        (await rig.MessagesAsync()).ShouldBeEmpty();
        var everything = new WebhookQuery(TenantName.Default);
        (await rig.Log.ReplayAsync(everything, new Actor("user:ana"), CancellationToken.None)).ShouldBe(0);
        var vouched = everything with { State = WebhookState.Refused };
        (await rig.Log.ReplayAsync(vouched, new Actor("user:ana"), CancellationToken.None)).ShouldBe(2);
        await rig.ReadAllAsync();
        (await rig.MessagesAsync()).Count.ShouldBe(2);
        var audit = await rig.Database.Audit.ListAsync(new AuditQuery(TenantName.Default, 10), CancellationToken.None);
        audit.ShouldHaveSingleItem().Action.ShouldBe("webhook.replayed");
    }

    [Fact]
    public async Task Of_refused_webhooks_a_thousand_are_kept()
    {
        await using var rig = await InboxRig.StartAsync(Dialect.Sqlite);
        for (var count = 0; count < IWebhookLog.MostRefused + 5; count++)
        {
            await rig.TakeAsync(PlainConnector.Message("a", "1"), "another-secret");
        }

        var vouched = new WebhookQuery(TenantName.Default) { State = WebhookState.Refused };

        (await rig.Log.ReplayAsync(vouched, new Actor("user:ana"), CancellationToken.None)).ShouldBe(IWebhookLog.MostRefused);
    }

    [Theory(DisplayName = "No secret is kept of a webhook: not its header, and not a gateway's key in its body")]
    [MemberData(nameof(Both))]
    public async Task No_secret_is_kept(Dialect dialect)
    {
        await using var rig = await InboxRig.StartAsync(dialect);

        await rig.TakeAsync(
            PlainConnector.Bytes(
                new
                {
                    session = "a",
                    @event = "error",
                    api_key = "the-gateways-own-key",
                }
            )
        );

        var kept = await rig.Log.FindAsync(TenantName.Default, (await rig.ListAsync())[0].Id, CancellationToken.None);
        kept!.Headers.ShouldBe("""{"content-type":"application/json"}""");
        Encoding.UTF8.GetString(kept.Body).ShouldBe("""{"session":"a","event":"error","api_key":"********************"}""");
    }

    [Theory(DisplayName = "What a listener writes happens once and with the mark; one that is at fault fails alone")]
    [MemberData(nameof(Both))]
    public async Task A_listener_writes_with_the_mark(Dialect dialect)
    {
        await using var rig = await InboxRig.StartAsync(dialect, new NotingListener());
        await rig.TakeAsync(PlainConnector.Message("a", "1"));
        await rig.TakeAsync(PlainConnector.Message("poison", "2"));
        await rig.TakeAsync(PlainConnector.Message("a", "3"));

        await rig.ReadAllAsync();

        (await CountAsync(rig, Notes)).ShouldBe(2);
        (await rig.MessagesAsync()).Select(message => message.Id).ShouldBe(["1", "3"]);
        (await rig.ListAsync(WebhookState.Failed)).ShouldHaveSingleItem().Error!.ShouldContain("poison");
    }

    [Theory(DisplayName = "Nodes that read side by side take in each webhook once")]
    [MemberData(nameof(Both))]
    public async Task Nodes_read_side_by_side(Dialect dialect)
    {
        await using var rig = await InboxRig.StartAsync(dialect);
        await using var another = rig.Another();
        for (var count = 0; count < 1_500; count++)
        {
            // Every message comes twice, and its acknowledgements before and after it, far apart.
            var id = (count % 500).ToString();
            var ours = PlainConnector.Message("a", id, ours: true);
            await rig.TakeAsync(count / 500 == 1 ? PlainConnector.Ack("a", id, AckLevel.Delivered) : ours);
        }

        await Task.WhenAll(rig.ReadAllAsync(), another.ReadAllAsync());
        await rig.ReadAllAsync();

        var messages = await rig.MessagesAsync();
        messages.Count.ShouldBe(500);
        messages.ShouldAllBe(message => message.Ack == AckLevel.Delivered && message.Text == "oi");
        (await rig.ListAsync(WebhookState.Failed)).ShouldBeEmpty();
    }

    private static async Task<long> CountAsync(InboxRig rig, Statement statement) =>
        (await rig.Database.Database.ReadAsync(session => session.QueryAsync(statement, row => row.Int64(0)), CancellationToken.None))[0];

    /// <summary>Writes a row for each message that arrives, and cannot take one session.</summary>
    private sealed class NotingListener : IInboxListener
    {
        private static readonly Statement Note = new(
            """
            INSERT INTO contact (id, tenant, source, external_id, hash, created_at, updated_at)
            VALUES (@id, 'default', 'test', @name, '', @now, @now)
            """
        );

        public async ValueTask ApplyAsync(DatabaseSession session, InboxBatch batch)
        {
            foreach (var arrived in batch.Messages.Where(change => change.IsArrival))
            {
                await session.ExecuteAsync(Note, ("id", arrived.After.Id), ("name", arrived.After.Key.ExternalId), ("now", batch.Now));
                if (arrived.After.Key.Session == "poison")
                {
                    throw new InvalidOperationException("poison");
                }
            }
        }
    }
}
