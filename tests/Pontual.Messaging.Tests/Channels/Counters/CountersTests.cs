using System.Text.Json;
using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Counters;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Registry;
using Pontual.Messaging.Channels.Trust;
using Pontual.Messaging.Inbox;
using Pontual.Messaging.Tests.Inbox;
using Pontual.Storage.Database;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Counters;

public class CountersTests
{
    private static readonly ChannelOptions Options = new();
    private static readonly DateOnly Sunday = new(2026, 3, 8);
    private static readonly Guid Channel = Guid.Parse("01900000-0000-7000-8000-00000000000a");

    private static readonly Statement AddChannel = new(
        """
        INSERT INTO channel (id, tenant, gateway, external_id, name, created_at, updated_at)
        VALUES (@id, 'default', 'main', 'a', 'sales', @now, @now)
        """
    );

    private static readonly Statement AddOutage = new(
        """
        INSERT INTO channel_outage (id, tenant, channel_id, state, reason, started_at, found_at, ended_at)
        VALUES (@id, 'default', @channel, @state, 'test', @from, @from, @to)
        """
    );

    public static TheoryData<Dialect> Both => new(Dialect.Sqlite, Dialect.PostgreSql);

    [Theory(DisplayName = "A message counts once on its day, as far as it got, whatever comes twice, late or is replayed")]
    [MemberData(nameof(Both))]
    public async Task A_message_counts_once(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        await rig.TakeAsync(PlainConnector.Message("a", "1", ours: true));
        await rig.TakeAsync(PlainConnector.Message("a", "1", ours: true));
        await rig.TakeAsync(PlainConnector.Ack("a", "1", AckLevel.Delivered));
        await rig.TakeAsync(PlainConnector.Ack("a", "2", AckLevel.Failed));
        await rig.TakeAsync(PlainConnector.Message("a", "3"));
        await rig.TakeAsync(PlainConnector.Message("nobody", "4"));
        await rig.ReadAllAsync();
        await rig.TakeAsync(PlainConnector.Ack("a", "1", AckLevel.Server));
        await rig.TakeAsync(PlainConnector.Ack("a", "2", AckLevel.Read));
        await rig.ReadAllAsync();

        await rig.Log.ReplayAsync(new WebhookQuery(TenantName.Default) { Session = "a" }, Actor.Product, CancellationToken.None);
        await rig.ReadAllAsync();

        var day = (await DaysAsync(rig)).ShouldHaveSingleItem();
        day.Day.ShouldBe(Sunday);
        day.Tally.ShouldBe(
            new Tally
            {
                Sent = 2,
                Taken = 2,
                Delivered = 2,
                Seen = 1,
                Received = 1,
                FirstContacts = 1,
                Replies = 1,
            }
        );
    }

    [Theory(DisplayName = "Days are those of the zone: half past two in the morning, UTC, is still the day before in São Paulo")]
    [MemberData(nameof(Both))]
    public async Task Days_are_those_of_the_zone(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);

        rig.Time.Advance(TimeSpan.FromHours(17.5));
        await rig.TakeAsync(PlainConnector.Message("a", "1"));
        await rig.ReadAllAsync();
        rig.Time.Advance(TimeSpan.FromHours(1));
        await rig.TakeAsync(PlainConnector.Message("a", "2"));
        await rig.ReadAllAsync();

        (await DaysAsync(rig)).Select(day => (day.Day, day.Tally.Received)).ShouldBe([(Sunday, 1), (Sunday.AddDays(1), 1)]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Who_was_written_to_first_and_answered_is_counted_and_groups_are_not(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var now = rig.Time.GetUtcNow();
        await rig.TakeAsync(PlainConnector.Message("a", "1", ours: true, chat: "ana", at: now));
        await rig.TakeAsync(PlainConnector.Message("a", "2", ours: true, chat: "bia", at: now));
        await rig.TakeAsync(PlainConnector.Message("a", "3", ours: true, chat: "123@g.us", at: now));
        await rig.TakeAsync(PlainConnector.Message("a", "4", chat: "caio", at: now));
        await rig.TakeAsync(PlainConnector.Message("a", "5", ours: true, chat: "caio", at: now.AddMinutes(1)));
        await rig.ReadAllAsync();

        await rig.TakeAsync(PlainConnector.Message("a", "6", chat: "ana", at: now.AddHours(47)));
        await rig.TakeAsync(PlainConnector.Message("a", "7", chat: "ana", at: now.AddHours(47)));
        await rig.TakeAsync(PlainConnector.Message("a", "8", chat: "bia", at: now.AddHours(49)));
        await rig.ReadAllAsync();

        var tally = (await DaysAsync(rig)).ShouldHaveSingleItem().Tally;
        (tally.FirstContacts, tally.Replies, tally.Sent, tally.Received).ShouldBe((2, 1, 4, 4));
    }

    [Theory(DisplayName = "Closing and beginning days is the same whether a run is missed or repeated, and loses nothing")]
    [MemberData(nameof(Both))]
    public async Task Days_close_once(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var days = new ChannelDays(rig.Database.Database, Options, rig.Time);
        await rig.TakeAsync(PlainConnector.Message("a", "1"));
        await rig.ReadAllAsync();
        await AddOutageAsync(rig, "Stopped", rig.Time.GetUtcNow(), TimeSpan.FromMinutes(5));

        // Nobody closes anything for three days; then the day begins before anybody has closed the others.
        rig.Time.Advance(TimeSpan.FromDays(3));
        var begun = await days.BeginAsync(TenantName.Default, CancellationToken.None);
        var again = await days.BeginAsync(TenantName.Default, CancellationToken.None);
        var closed = await days.CloseAsync(TenantName.Default, CancellationToken.None);
        await rig.TakeAsync(PlainConnector.Message("a", "2"));
        await rig.ReadAllAsync();

        (begun, again, closed).ShouldBe(((1, 1), (1, 0), (1, 0)));
        var kept = await DaysAsync(rig);
        kept.Select(day => (day.Day, day.ClosedAt is not null, day.Tally.Received, day.Tally.Disconnects))
            .ShouldBe([
                (Sunday, true, 1, 1),
                (Sunday.AddDays(1), true, 0, 0),
                (Sunday.AddDays(2), true, 0, 0),
                (Sunday.AddDays(3), false, 1, 0),
            ]);
    }

    [Theory(
        DisplayName = "Scores are kept with all they were made of, and what the platform restricts is critical at once and for a day after"
    )]
    [MemberData(nameof(Both))]
    public async Task Scores_are_kept(Dialect dialect)
    {
        await using var rig = await StartAsync(dialect);
        var scoring = await ScoringAsync(rig);
        await SendManyAsync(rig, people: 30, answering: 15);
        await AddOutageAsync(rig, "Stopped", rig.Time.GetUtcNow(), TimeSpan.FromHours(1));
        await AddOutageAsync(rig, "GatewayDown", rig.Time.GetUtcNow(), TimeSpan.FromHours(1));
        rig.Time.Advance(TimeSpan.FromHours(10));

        var first = await ScoreAsync(scoring);
        await rig.TakeAsync(PlainConnector.Ack("a", "refused", AckLevel.Failed, RejectionCause.ChannelRestricted));
        await rig.ReadAllAsync();
        var restricted = await ScoreAsync(scoring);
        rig.Time.Advance(TimeSpan.FromDays(2));
        var after = await ScoreAsync(scoring);
        rig.Time.Advance(TimeSpan.FromHours(1));
        var later = await ScoreAsync(scoring);

        using var document = JsonDocument.Parse(first.Document);
        var parts = document
            .RootElement.GetProperty("components")
            .EnumerateArray()
            .ToDictionary(part => part.GetProperty("code").GetString()!);
        parts["STABILITY"].GetProperty("evidence")[0].GetString().ShouldBe("1 outages");
        parts["REPLY"].GetProperty("points").GetDouble().ShouldBe(20);
        parts["COLD"].GetProperty("points").GetDouble().ShouldBe(0);
        parts["DUPLICATE"].GetProperty("value").GetDouble().ShouldBe(1);
        parts["AGE"].GetProperty("points").ValueKind.ShouldBe(JsonValueKind.Null);
        first.Confidence.ShouldBe(TrustConfidence.Partial);
        (restricted.Standing.Band, restricted.Score <= 39).ShouldBe((TrustBand.Critical, true));
        (after.Standing.Band, later.Standing.Band).ShouldBe((TrustBand.Critical, later.Judged));
        (await scoring.OfChannelAsync(Channel, 10, CancellationToken.None)).Count.ShouldBe(4);
        (await scoring.LatestAsync(TenantName.Default, CancellationToken.None))[Channel].Id.ShouldBe(later.Id);
    }

    [Theory]
    [InlineData("""{"rules":{"version":"ours-1","reply":{"full":0.5},"healthy":85}}""", null)]
    [InlineData("""{"rules":{"reply":{"full":0.5}}}""", "name these rules")]
    [InlineData("""{"rules":{"version":"x","reply":{"full":0.01}}}""", "wrong way round")]
    [InlineData("""{"rules":{"version":"x","reply":{"full":"much"}}}""", "no number")]
    [InlineData("""{"rules":{"version":"x","replies":{}}}""", "replies")]
    public void Rules_are_read_from_arguments(string args, string? problem)
    {
        var problems = new List<DocumentProblem>();

        var rules = TrustRulesReader.Read(JsonElement.Parse(args), problems);

        if (problem is null)
        {
            (rules!.Version, rules.Reply.Full, rules.Reply.Source, rules.Healthy).ShouldBe(("ours-1", 0.5, TrustSource.Local, 85));
            rules.Cold.ShouldBe(TrustRules.Default.Cold);
        }
        else
        {
            rules.ShouldBeNull();
            string.Join(' ', problems.Select(one => $"{one.Path} {one.Message} {one.Fix}")).ShouldContain(problem);
        }
    }

    private static async Task<InboxRig> StartAsync(Dialect dialect)
    {
        var rig = await InboxRig.StartAsync(dialect, new ChannelCounting(Options));
        await rig.Database.Database.WriteAsync(
            session => session.ExecuteAsync(AddChannel, ("id", Channel), ("now", rig.Time.GetUtcNow())),
            CancellationToken.None
        );
        return rig;
    }

    private static async Task<TrustScoring> ScoringAsync(InboxRig rig)
    {
        var gateways = new GatewayStore(rig.Database.Database);
        var gateway = new GatewayDefinition
        {
            Name = "main",
            Kind = GatewayKind.Wrapper,
            Url = "http://127.0.0.1:1",
            Secret = "${env:NONE}",
        };
        await gateways.PutAsync(gateway, "key", 0, Actor.Product, rig.Time.GetUtcNow(), CancellationToken.None);
        return new TrustScoring(
            rig.Database.Database,
            new ChannelStore(rig.Database.Database),
            gateways,
            Options,
            new SystemRandomBytes(),
            rig.Time
        );
    }

    /// <summary>The same words to people who never wrote, of whom some answer.</summary>
    private static async Task SendManyAsync(InboxRig rig, int people, int answering)
    {
        var now = rig.Time.GetUtcNow();
        for (var person = 0; person < people; person++)
        {
            await rig.TakeAsync(PlainConnector.Message("a", $"out-{person}", ours: true, chat: $"person-{person}", at: now));
            await rig.TakeAsync(PlainConnector.Ack("a", $"out-{person}", AckLevel.Delivered));
            if (person < answering)
            {
                await rig.TakeAsync(PlainConnector.Message("a", $"in-{person}", chat: $"person-{person}", at: now.AddHours(1)));
            }
        }

        await rig.ReadAllAsync();
    }

    private static async Task<TrustSnapshot> ScoreAsync(TrustScoring scoring)
    {
        var scored = (await scoring.ScoreAsync(TenantName.Default, TrustRules.Default, CancellationToken.None)).ShouldHaveSingleItem();
        scored.Channel.ShouldBe("sales");
        return scored.Snapshot;
    }

    private static Task AddOutageAsync(InboxRig rig, string state, DateTimeOffset from, TimeSpan length) =>
        rig.Database.Database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    AddOutage,
                    ("id", RunId.New(from, new SystemRandomBytes())),
                    ("channel", Channel),
                    ("state", state),
                    ("from", from),
                    ("to", from + length)
                ),
            CancellationToken.None
        );

    private static Task<IReadOnlyList<ChannelDay>> DaysAsync(InboxRig rig) =>
        new ChannelDays(rig.Database.Database, Options, rig.Time).SinceAsync(
            TenantName.Default,
            Sunday.AddDays(-2),
            CancellationToken.None
        );
}
