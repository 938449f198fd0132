using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Gateways.CloudApi;
using Pontual.TestKit.Web;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Gateways.CloudApi;

/// <summary>The table of Meta's errors, byte for byte.</summary>
public sealed class CloudApiErrorsTests : IAsyncLifetime
{
    private const string Token = "EAAJsecret0815";
    private static readonly SessionRef Number = new("111");
    private static readonly OutgoingMessage Hello = new("5511999990000", "oi");

    private readonly HostileServer _server = new();
    private LineRig _rig = null!;
    private Gateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _rig = await LineRig.CreateAsync();
        _gateway = new CloudApiConnector().Open(
            _rig.To(new GatewayAddress(GatewayKind.CloudApi, new Uri(_server.Url("")), Token) { Account = "222" })
        );
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(190, RejectionCause.ChannelStopped)]
    [InlineData(10, RejectionCause.ChannelStopped)]
    [InlineData(200, RejectionCause.ChannelStopped)]
    [InlineData(368, RejectionCause.ChannelStopped)]
    [InlineData(131031, RejectionCause.ChannelStopped)]
    [InlineData(131042, RejectionCause.ChannelStopped)]
    [InlineData(133010, RejectionCause.ChannelStopped)]
    [InlineData(4, RejectionCause.ChannelPaced)]
    [InlineData(80007, RejectionCause.ChannelPaced)]
    [InlineData(130429, RejectionCause.ChannelPaced)]
    [InlineData(131048, RejectionCause.ChannelRestricted)]
    [InlineData(131056, RejectionCause.RecipientPaced)]
    [InlineData(131049, RejectionCause.RecipientPaced)]
    [InlineData(131057, RejectionCause.ChannelDown)]
    public async Task What_may_be_sent_again_later(int code, RejectionCause cause)
    {
        Answer("400 Bad Request", Error(code));

        var outcome = (await SendAsync()).ShouldBeOfType<SendOutcome.RejectedRetryable>();

        outcome.Cause.ShouldBe(cause);
        outcome.Reason.ShouldContain($"{code}");
    }

    [Theory]
    [InlineData(100, RejectionCause.BadMessage)]
    [InlineData(131026, RejectionCause.NumberInvalid)]
    [InlineData(131047, RejectionCause.OutsideWindow)]
    [InlineData(131050, RejectionCause.OptedOut)]
    [InlineData(131062, RejectionCause.BadMessage)]
    [InlineData(132001, RejectionCause.BadMessage)]
    [InlineData(130472, RejectionCause.Other)]
    [InlineData(999999, RejectionCause.Other)]
    public async Task What_is_refused_for_good(int code, RejectionCause cause)
    {
        Answer("400 Bad Request", Error(code));

        (await SendAsync()).ShouldBeOfType<SendOutcome.RejectedPermanent>().Cause.ShouldBe(cause);
    }

    [Theory]
    [InlineData("500 Internal Server Error", """{"error":{"code":131000,"message":"Something went wrong"}}""")]
    [InlineData("500 Internal Server Error", """{"error":{"code":2,"message":"temporary"}}""")]
    [InlineData("400 Bad Request", """{"error":{"code":1,"message":"unknown"}}""")]
    [InlineData("503 Service Unavailable", "<html>")]
    [InlineData("200 OK", "<html>")]
    [InlineData("200 OK", "{}")]
    public async Task Their_own_trouble_proves_nothing(string status, string body)
    {
        Answer(status, body);

        (await SendAsync()).ShouldBeOfType<SendOutcome.Unknown>();
    }

    [Fact]
    public async Task One_recipient_is_paced_by_seconds_and_marketing_by_a_day()
    {
        Answer("400 Bad Request", Error(131056));
        var pair = await SendAsync();
        Answer("400 Bad Request", Error(131049));
        var marketing = await SendAsync();

        pair.ShouldBeOfType<SendOutcome.RejectedRetryable>().Wait.ShouldBe(TimeSpan.FromSeconds(6));
        marketing.ShouldBeOfType<SendOutcome.RejectedRetryable>().Wait.ShouldBe(TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task An_unknown_id_is_no_bad_message()
    {
        Answer("400 Bad Request", """{"error":{"code":100,"error_subcode":33,"message":"Object does not exist"}}""");

        (await SendAsync()).ShouldBeOfType<SendOutcome.RejectedRetryable>().Cause.ShouldBe(RejectionCause.ChannelStopped);
    }

    [Fact]
    public async Task A_token_that_ran_out_is_told_without_the_token()
    {
        _server.On(
            "/222/phone_numbers",
            HostileExchange.Json("401 Unauthorized", """{"error":{"code":190,"message":"The token EAAJsecret0815 has expired"}}""")
        );

        var trouble = await Should.ThrowAsync<GatewayException>(() => _gateway.Sessions.ListAsync(default));

        trouble.Fault.ShouldBe(GatewayFault.Unauthorized);
        trouble.Message.ShouldContain("190");
        trouble.Message.ShouldNotContain("0815");
        _server.Requests.ShouldAllBe(request => !request.Path.Contains("0815", StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_a_numbers_health_cannot_be_read_does_not_hide_the_number()
    {
        _server.On(
            "/222/phone_numbers",
            HostileExchange.Json(
                "200 OK",
                """{"data":[{"id":"111","display_phone_number":"+55 11 88888-0000","status":"CONNECTED","quality_rating":"YELLOW"},{"no":"id"}]}"""
            )
        );
        _server.On(
            "/111",
            HostileExchange.Json("400 Bad Request", """{"error":{"code":100,"message":"Tried accessing nonexisting field"}}""")
        );

        var facts = (await _gateway.Sessions.ListAsync(default)).ShouldHaveSingleItem();

        (facts.State, facts.Phone).ShouldBe((SessionState.Connected, "5511888880000"));
        facts.Restrictions.ShouldHaveSingleItem().Kind.ShouldBe(RestrictionKind.Warning);
        facts.Note!.ShouldContain("nonexisting field");
    }

    [Theory]
    [InlineData("", RestrictionKind.Restricted)]
    [InlineData(
        ""","errors":[{"error_code":141006,"error_description":"There is an error with the payment method."}]""",
        RestrictionKind.Restricted
    )]
    [InlineData(""","errors":[{"error_code":368,"error_description":"Temporarily blocked"}]""", RestrictionKind.Restricted)]
    [InlineData(""","errors":[{"error_code":"131031","error_description":"Account has been locked"}]""", RestrictionKind.Blocked)]
    public async Task That_no_message_can_be_sent_is_a_restriction_and_a_ban_only_by_the_code_of_a_lock(string errors, RestrictionKind kind)
    {
        _server.On("/222/phone_numbers", HostileExchange.Json("200 OK", """{"data":[{"id":"111","status":"CONNECTED"}]}"""));
        _server.On(
            "/111",
            HostileExchange.Json(
                "200 OK",
                $$$"""{"health_status":{"can_send_message":"BLOCKED","entities":[{"entity_type":"WABA","id":"2","can_send_message":"BLOCKED"{{{errors}}}}]}}"""
            )
        );

        var facts = (await _gateway.Sessions.ListAsync(default)).ShouldHaveSingleItem();

        facts.State.ShouldBe(SessionState.Restricted);
        facts.Restrictions.ShouldHaveSingleItem().Kind.ShouldBe(kind);
    }

    [Theory]
    [InlineData("429 Too Many Requests", """{"error":{"code":80007,"message":"Rate limit hit"}}""")]
    [InlineData("400 Bad Request", """{"error":{"code":4,"message":"Application request limit reached"}}""")]
    [InlineData("500 Internal Server Error", """{"error":{"code":2,"message":"Service temporarily unavailable"}}""")]
    [InlineData("200 OK", """{"error":{"code":131000,"message":"Something went wrong"}}""")]
    public async Task A_health_that_cannot_be_read_at_this_moment_says_nothing_of_restrictions(string status, string body)
    {
        _server.On("/222/phone_numbers", HostileExchange.Json("200 OK", """{"data":[{"id":"111","status":"CONNECTED"}]}"""));
        _server.On("/111", HostileExchange.Json(status, body));

        var facts = (await _gateway.Sessions.ListAsync(default)).ShouldHaveSingleItem();

        facts.State.ShouldBe(SessionState.Connected);
        facts.RestrictionsUnknown.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("CONNECTED", SessionState.Connected)]
    [InlineData("FLAGGED", SessionState.Connected)]
    [InlineData("RESTRICTED", SessionState.Restricted)]
    [InlineData("RATE_LIMITED", SessionState.Restricted)]
    [InlineData("BANNED", SessionState.Banned)]
    [InlineData("DISCONNECTED", SessionState.Stopped)]
    [InlineData("DELETED", SessionState.Stopped)]
    [InlineData("PENDING", SessionState.Stopped)]
    [InlineData("SOMETHING_NEW", SessionState.Unknown)]
    public void The_status_of_a_number_becomes_a_state(string status, SessionState state) => CloudApiStates.StateOf(status).ShouldBe(state);

    [Theory]
    [InlineData("5511999990000", "to", "5511999990000")]
    [InlineData("+5511999990000", "to", "5511999990000")]
    [InlineData("5511999990000@c.us", "to", "5511999990000")]
    [InlineData("BR.13491208655302741918", "recipient", "BR.13491208655302741918")]
    [InlineData("US.ENT.11815799212886844830", "recipient", "US.ENT.11815799212886844830")]
    public async Task Numbers_go_as_to_and_hidden_users_as_recipient(string to, string field, string value)
    {
        Answer("200 OK", """{"messages":[{"id":"wamid.A"}]}""");

        (await _gateway.Messages.SendAsync(Number, new OutgoingMessage(to, "oi"), default)).ShouldBeOfType<SendOutcome.Accepted>();

        _server.Requests.ShouldHaveSingleItem().Body.ShouldContain($"\"{field}\":\"{value}\"");
    }

    [Fact]
    public async Task Who_is_nobody_is_not_written_to()
    {
        (await _gateway.Messages.SendAsync(Number, new OutgoingMessage("123@g.us", "oi"), default))
            .ShouldBeOfType<SendOutcome.RejectedPermanent>()
            .Cause.ShouldBe(RejectionCause.BadMessage);
        _server.Requests.ShouldBeEmpty();
    }

    private static string Error(int code) =>
        $"{{\"error\":{{\"message\":\"(#{code}) No\",\"type\":\"OAuthException\",\"code\":{code},\"error_data\":{{\"details\":\"why\"}}}}}}";

    private Task<SendOutcome> SendAsync() => _gateway.Messages.SendAsync(Number, Hello, default);

    private void Answer(string status, string body) => _server.On("/111/messages", HostileExchange.Json(status, body));
}
