using System.Text;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.Wrapper;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.Wrapper;

/// <summary>The wrapper's webhooks: WPPConnect's, flat or wrapped, under near names.</summary>
public class WrapperWebhooksTests
{
    private const string Message =
        """{"id":"false_5511999990000@c.us_3A01","body":"oi","type":"chat","t":1767225600,"from":"5511999990000@c.us"}""";
    private readonly WrapperWebhooks _reader = new();

    [Theory]
    [InlineData(
        """{"event":"onmessage","session":"canal1","id":"false_5511999990000@c.us_3A01","body":"oi","type":"chat","t":1767225600,"from":"5511999990000@c.us"}"""
    )]
    [InlineData("""{"event":"message","channel":"canal1","data":""" + Message + "}")]
    [InlineData("""{"type":"message.received","channelId":"canal1","payload":""" + Message + "}")]
    public void A_message_is_read_whether_it_comes_flat_or_wrapped(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        var seen = _reader.Read(bytes).ShouldHaveSingleItem().ShouldBeOfType<GatewayEvent.MessageSeen>();

        (seen.Session, seen.Message.Id, seen.Message.Phone, seen.Message.Text).ShouldBe(("canal1", "3A01", "5511999990000", "oi"));
        _reader.SessionOf(bytes).ShouldBe("canal1");
        _reader.EventOf(bytes).ShouldNotBeNull();
    }

    [Fact]
    public void Where_a_secret_is_agreed_it_must_come_in_the_header()
    {
        _reader.IsGenuine(With(null), null).ShouldBeTrue();
        _reader.IsGenuine(With("right"), "right").ShouldBeTrue();
        _reader.IsGenuine(With("wrong"), "right").ShouldBeFalse();
        _reader.IsGenuine(With(null), "right").ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[1]")]
    [InlineData("""{"session":"canal1"}""")]
    public void What_is_no_webhook_is_refused_and_never_breaks_the_quick_look(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Should.Throw<WebhookFormatException>(() => _reader.Read(bytes));
        _reader.EventOf(bytes).ShouldBeNull();
    }

    private static WebhookRequest With(string? secret) =>
        new(
            secret is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["x-gateway-secret"] = secret },
            Encoding.UTF8.GetBytes("{}")
        );
}
