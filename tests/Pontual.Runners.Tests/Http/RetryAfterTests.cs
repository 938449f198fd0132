using Pontual.Engine.Runs;
using Pontual.Runners.Http;
using Pontual.TestKit;
using Pontual.TestKit.Web;
using Shouldly;

namespace Pontual.Runners.Tests.Http;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("120", 120)]
    [InlineData(" 0 ", 0)]
    [InlineData("315360000", 3600)]
    [InlineData("99999999999999999999999", 3600)]
    [InlineData("Mon, 09 Mar 2026 12:00:30 GMT", 30)]
    [InlineData("Monday, 09-Mar-26 12:00:30 GMT", 30)]
    [InlineData("Mon Mar  9 12:00:30 2026", 30)]
    [InlineData("Mon, 09 Mar 2026 11:00:00 GMT", 0)]
    [InlineData("Sun, 09 Mar 2036 12:00:00 GMT", 3600)]
    [InlineData("-5", null)]
    [InlineData("1.5", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("Mon, 39 Mar 2026 12:00:30 GMT", null)]
    public void Every_form_is_read_capped_and_junk_is_ignored(string? text, int? seconds) =>
        RetryAfter.Read(text, Now).ShouldBe(seconds is null ? null : TimeSpan.FromSeconds(seconds.Value));

    [Theory]
    [InlineData("429 Too Many Requests", "7", 7)]
    [InlineData("503 Service Unavailable", "Mon, 09 Mar 2026 12:00:09 GMT", 9)]
    [InlineData("503 Service Unavailable", "junk", null)]
    public async Task A_failure_carries_the_wait_by_the_attempts_clock(string status, string wait, int? seconds)
    {
        await using var server = new HostileServer();
        server.On("/", HostileExchange.Text(status, "", $"Retry-After: {wait}\r\n"));
        using var rig = new HttpRig(new ManualTime(Now));

        var failure = (await rig.RunAsync($$"""{"url": "{{server.Url("/")}}"}""")).ShouldBeOfType<Outcome.Failure>();

        failure.RetryAfter.ShouldBe(seconds is null ? null : TimeSpan.FromSeconds(seconds.Value));
    }
}
