using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Inbox;
using Shouldly;

namespace Pontual.Messaging.Tests.Inbox;

public class MessageTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 8, 9, 0, 0, TimeSpan.Zero);

    private static readonly Message Unknown = new(
        Guid.AllBitsSet,
        new MessageKey(new GatewayKey(TenantName.Default, "main"), "a", "1"),
        true,
        Now,
        MessageSource.Webhook
    );

    [Theory]
    [InlineData("", null)]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("0 -1", -1)]
    [InlineData("-1 0", -1)]
    [InlineData("-1 1", 1)]
    [InlineData("1 -1", 1)]
    [InlineData("3 2 1 0 -1", 3)]
    [InlineData("2 2 4 3", 4)]
    public void A_message_only_gets_further(string levels, int? ends)
    {
        var message = Unknown;

        foreach (var level in levels.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse))
        {
            message = message.Acked(Ack((AckLevel)level), Now);
        }

        ((int?)message.Ack).ShouldBe(ends);
    }

    [Fact]
    public void In_whatever_order_things_come_the_message_ends_the_same()
    {
        Func<Message, Message>[] told =
        [
            message =>
                message.Seen(
                    new SessionMessage("1", true, "chat", Now) { Text = "oi", Ack = AckLevel.Pending },
                    Now,
                    MessageSource.Webhook
                ),
            message => message.Acked(Ack(AckLevel.Failed), Now),
            message => message.Acked(Ack(AckLevel.Server), Now),
            message => message.Acked(Ack(AckLevel.Read) with { Reference = "ours-1" }, Now),
        ];

        var ends = Orders(told).Select(order => order.Aggregate(Unknown, (message, next) => next(message))).Distinct().ToList();

        var end = ends.ShouldHaveSingleItem();
        (end.Text, end.Ack, end.AckError, end.Reference).ShouldBe(("oi", AckLevel.Read, null, "ours-1"));
    }

    [Fact]
    public void A_failure_says_why_until_the_message_got_through_all_the_same()
    {
        var failed = Unknown.Acked(Ack(AckLevel.Failed) with { Cause = RejectionCause.NumberInvalid, Error = "no such number" }, Now);
        var through = failed.Acked(Ack(AckLevel.Delivered), Now);

        (failed.AckCause, failed.AckError).ShouldBe((RejectionCause.NumberInvalid, "no such number"));
        (through.AckCause, through.AckError).ShouldBe((null, null));
    }

    [Fact]
    public void A_gateway_whose_clock_is_ahead_dates_nothing_into_the_future()
    {
        var ahead = Unknown.Acked(Ack(AckLevel.Read) with { At = Now + TimeSpan.FromHours(3) }, Now);
        var behind = Unknown.Acked(Ack(AckLevel.Read) with { At = Now - TimeSpan.FromSeconds(3) }, Now);

        ahead.AckedAt.ShouldBe(Now);
        behind.AckedAt.ShouldBe(Now - TimeSpan.FromSeconds(3));
    }

    private static GatewayEvent.MessageAcked Ack(AckLevel level) => new("a", "1", level);

    private static IEnumerable<List<T>> Orders<T>(IReadOnlyList<T> items) =>
        items.Count == 0
            ?
            [
                [],
            ]
            : items.SelectMany(
                (first, at) => Orders(items.Where((_, index) => index != at).ToList()).Select(rest => new List<T>([first, .. rest]))
            );
}
