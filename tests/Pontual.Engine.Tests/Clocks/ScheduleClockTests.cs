using Pontual.Engine.Clocks;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Engine.Tests.Clocks;

public sealed class ScheduleClockTests
{
    private static readonly DateTimeOffset Origin = new(2026, 3, 9, 2, 55, 0, TimeSpan.Zero);

    private readonly ManualTime _time = new();

    [Fact]
    public void At_speed_1_it_is_the_real_time()
    {
        var clock = new ScheduleClock(_time);
        var due = _time.GetUtcNow().AddTicks(12_345);

        clock.Now.ShouldBe(_time.GetUtcNow());
        clock.RealOf(due).ShouldBe(due);
        clock.Of(due).ShouldBe(due);
        clock.Until(due).ShouldBe(TimeSpan.FromTicks(12_345));
        clock.Scheduled(TimeSpan.FromSeconds(10)).ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void At_speed_60_a_second_is_a_minute_from_the_origin_on()
    {
        var clock = At(60);

        _time.Advance(TimeSpan.FromSeconds(300));

        clock.Now.ShouldBe(Origin.AddHours(5));
        clock.Until(Origin.AddHours(6)).ShouldBe(TimeSpan.FromSeconds(60));
        clock.Until(Origin.AddHours(4)).ShouldBe(TimeSpan.FromSeconds(-60));
        clock.Scheduled(TimeSpan.FromSeconds(10)).ShouldBe(TimeSpan.FromMinutes(10));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(3_600)]
    public void A_due_time_is_due_at_its_real_instant_and_not_a_microsecond_before(int speed)
    {
        var clock = At(speed);
        for (var i = -50; i < 500; i++)
        {
            var due = Origin.AddMicroseconds((i * 7_777_777L) + i);
            var real = clock.RealOf(due);

            clock.Of(real).ShouldBeGreaterThanOrEqualTo(due);
            clock.Of(real.AddMicroseconds(-1)).ShouldBeLessThan(due);
            (real.Ticks % TimeSpan.TicksPerMicrosecond).ShouldBe(0);
        }
    }

    [Fact]
    public void The_ends_of_time_stay_where_they_are()
    {
        var clock = At(3_600);

        clock.Of(DateTimeOffset.MaxValue).ShouldBe(DateTimeOffset.MaxValue);
        clock.Of(DateTimeOffset.MinValue).ShouldBe(DateTimeOffset.MinValue);
        clock.RealOf(DateTimeOffset.MaxValue).ShouldBeGreaterThan(_time.GetUtcNow());
    }

    private ScheduleClock At(int speed)
    {
        var clock = new ScheduleClock(_time);
        clock.GoBy(new SchedulePace(speed, Origin, _time.GetUtcNow()));
        return clock;
    }
}
