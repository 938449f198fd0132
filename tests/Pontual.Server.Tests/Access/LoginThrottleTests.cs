using System.Net;
using Pontual.Engine.Runs;
using Pontual.Server.Access;
using Pontual.Server.Tests.Api;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Access;

public class LoginThrottleTests
{
    private readonly ManualTime _time = new();
    private readonly LoginThrottle _throttle;

    public LoginThrottleTests() => _throttle = new LoginThrottle(_time, new SystemRandomBytes());

    [Fact]
    public void An_account_is_tried_ten_times_in_any_minute_however_many_addresses_try()
    {
        var checkedAt = new List<int>();
        for (var i = 0; i < 10_000; i++)
        {
            if (_throttle.Enter("ana", Address(i), known: i % 2 == 0) is null)
            {
                checkedAt.Add(i * 50);
            }

            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.All(checkedAt, from => Assert.InRange(checkedAt.Count(at => at >= from && at < from + 60_000), 1, 10));
        Assert.InRange(checkedAt.Count, 50, 90);
    }

    [Fact]
    public void An_address_tries_sixty_times_in_any_minute_however_many_accounts_it_tries()
    {
        var checkedAt = new List<int>();
        for (var i = 0; i < 10_000; i++)
        {
            if (_throttle.Enter($"user-{i}", Address(7), known: false) is null)
            {
                checkedAt.Add(i * 50);
            }

            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.All(checkedAt, from => Assert.InRange(checkedAt.Count(at => at >= from && at < from + 60_000), 1, 60));
        Assert.InRange(checkedAt.Count, 480, 560);
    }

    [Fact]
    public void Who_guesses_at_one_address_locks_nobody_out_elsewhere()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _throttle.Enter("ana", Address(1), known: false);
        }

        Assert.NotNull(_throttle.Enter("ana", Address(1), known: false));
        Assert.Null(_throttle.Enter("ana", Address(2), known: false));
    }

    [Fact]
    public void Who_guesses_at_many_addresses_leaves_room_for_devices_the_user_is_known_from()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _throttle.Enter("ana", Address(i), known: false);
        }

        Assert.NotNull(_throttle.Enter("ana", Address(5_000), known: false));
        Assert.Null(_throttle.Enter("ana", Address(5_000), known: true));
        Assert.Null(_throttle.Enter("ana", Address(5_000), known: true));
        Assert.NotNull(_throttle.Enter("ana", Address(5_000), known: true));
    }

    [Fact]
    public void The_wait_is_until_the_next_check_and_writing_a_name_otherwise_is_no_way_around()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(_throttle.Enter("ana", Address(1), known: false));
        }

        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(40), _throttle.Enter("ANA", Address(1), known: false));
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Null(_throttle.Enter("ana", Address(1), known: false));
    }

    [Fact]
    public void A_customer_of_IPv6_is_one_address()
    {
        var before = Enumerable
            .Range(0, 60)
            .Count(i => _throttle.Enter($"u{i}", IPAddress.Parse($"2001:db8::{i:x}"), known: false) is null);

        Assert.Equal(60, before);
        Assert.NotNull(_throttle.Enter("another", IPAddress.Parse("2001:db8::ffff"), known: false));
        Assert.Null(_throttle.Enter("another", IPAddress.Parse("2001:db8:0:1::1"), known: false));
    }

    [Fact]
    public async Task Over_the_api_the_sixth_wrong_password_waits_and_the_right_one_too_but_not_on_a_known_device()
    {
        await using var own = new ApiHostOfItsOwn();
        await own.InitializeAsync();
        using var known = await own.Host.BrowserAsync("ana", "viewer");
        using var stranger = new Browser(own.Host.Url);
        var answers = new List<(HttpStatusCode Status, string Type)>();
        for (var i = 0; i < 7; i++)
        {
            using var answer = await stranger.TryAsync("ana", i < 6 ? $"wrong password {i}" : Browser.Password);
            answers.Add((answer.StatusCode, await answer.TypeAsync()));
            Assert.Equal(answer.StatusCode is HttpStatusCode.TooManyRequests, answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        }

        // The first login of the user itself, on a device not known then, was one of the five.
        Assert.All(answers[..4], answer => Assert.Equal((HttpStatusCode.Unauthorized, "login-refused"), answer));
        Assert.All(answers[4..], answer => Assert.Equal((HttpStatusCode.TooManyRequests, "too-many-logins"), answer));
        await known.LogInAsync("ana");
    }

    private static IPAddress Address(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
