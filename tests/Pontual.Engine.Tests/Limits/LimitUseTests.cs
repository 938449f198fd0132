using Pontual.Engine.Limits;
using Shouldly;

namespace Pontual.Engine.Tests.Limits;

public class LimitUseTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("20/1m", 20, 60)]
    [InlineData("100/h", 100, 3600)]
    [InlineData(" 5 / 10s ", 5, 10)]
    [InlineData("1/31d", 1, 31 * 86_400)]
    public void A_rate_is_starts_per_period(string text, int count, int seconds)
    {
        Rate.TryParse(text, out var rate).ShouldBeTrue();

        rate.ShouldBe(new Rate(count, TimeSpan.FromSeconds(seconds)));
        Rate.TryParse(rate.ToString(), out var again).ShouldBeTrue();
        again.ShouldBe(rate);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("0/1m")]
    [InlineData("-1/1m")]
    [InlineData("100001/1m")]
    [InlineData("20/1")]
    [InlineData("20/500ms")]
    [InlineData("1/32d")]
    [InlineData("20/1m/2")]
    [InlineData("1.5/1m")]
    public void What_is_no_rate_is_refused(string text) => Rate.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void In_no_window_of_a_period_start_more_than_its_count_and_the_burst_less_one()
    {
        // Greedy arrivals at random instants under random bounds: whatever may start does.
        var random = new Random(20261121);
        for (var world = 0; world < 300; world++)
        {
            var rate = new Rate(random.Next(1, 50), TimeSpan.FromSeconds(random.Next(1, 120)));
            var bound = new Limit(null, rate, random.Next(1, rate.Count + 1));
            var (use, now, starts) = (new LimitUse(bound, null, 0), Start, new List<DateTimeOffset>());
            for (var look = 0; look < 400; look++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(0, random.Next(2) == 0 ? 50 : 5_000));
                for (var room = Math.Min(use.Room(now), random.Next(1, 30)); room > 0; room--)
                {
                    use = use.Started(now) with { Active = 0 };
                    starts.Add(now);
                }
            }

            var most = starts.Select((first, index) => starts.Skip(index).TakeWhile(at => at < first + rate.Period).Count()).Max();
            most.ShouldBeLessThanOrEqualTo(rate.Count + bound.Burst - 1, $"{bound} burst {bound.Burst}");
        }
    }

    [Fact]
    public void A_line_that_is_never_empty_starts_as_many_as_the_rate_says_in_the_long_run()
    {
        var bound = new Limit(null, new Rate(7, TimeSpan.FromMinutes(1)));
        var (use, starts) = (new LimitUse(bound, null, 0), 0);

        for (var now = Start; now < Start.AddHours(1); now = use.Opens!.Value)
        {
            use.Room(now).ShouldBe(1);
            use = use.Started(now);
            use.Opens.ShouldNotBeNull().ShouldBeGreaterThan(now);
            starts++;
        }

        starts.ShouldBe(420);
    }

    [Fact]
    public void Places_and_rate_both_hold()
    {
        var use = new LimitUse(new Limit(2, new Rate(10, TimeSpan.FromSeconds(10)), Burst: 5), null, 0);

        use.Room(Start).ShouldBe(2);
        use.Started(Start).Started(Start).Room(Start).ShouldBe(0);
        (use.Started(Start).Started(Start) with { Active = 0 }).Room(Start).ShouldBe(2);
        new LimitUse(new Limit(2, null), null, 7).Room(Start).ShouldBe(0);
    }

    [Fact]
    public void What_a_strict_rate_left_over_does_not_hold_up_a_looser_one()
    {
        var loose = new Limit(null, new Rate(60, TimeSpan.FromMinutes(1)));

        LimitUse.Carried(loose, Start.AddHours(5), Start).ShouldBe(Start.AddSeconds(1));
        LimitUse.Carried(loose, Start.AddMilliseconds(300), Start).ShouldBe(Start.AddMilliseconds(300));
        LimitUse.Carried(new Limit(1, null), Start.AddHours(5), Start).ShouldBeNull();
    }
}
