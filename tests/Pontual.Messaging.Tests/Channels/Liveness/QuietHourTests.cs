using Pontual.Messaging.Channels.Liveness;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Liveness;

/// <summary>What is learned of the hours in which a channel is usually quiet.</summary>
public sealed class QuietHourTests
{
    // A Friday, 22 h.
    private static readonly DateTimeOffset Friday = new(2026, 3, 13, 22, 10, 0, TimeSpan.Zero);

    [Fact]
    public void Slots_count_hours_from_Monday_on()
    {
        QuietHour.SlotOf(new DateTime(2026, 3, 9, 0, 30, 0)).ShouldBe(0);
        QuietHour.SlotOf(new DateTime(2026, 3, 13, 22, 10, 0)).ShouldBe((4 * 24) + 22);
        QuietHour.SlotOf(new DateTime(2026, 3, 15, 23, 59, 59)).ShouldBe(QuietHour.Slots - 1);
    }

    [Fact]
    public void Nothing_is_allowed_before_two_weeks_are_known()
    {
        var hour = new QuietHour(118).Learn(Friday, Friday.AddHours(10));

        hour.Folded().Allowed.ShouldBeNull();
        hour.Learn(Friday.AddDays(7), Friday.AddDays(7).AddHours(10)).Folded().Allowed.ShouldNotBeNull();
    }

    [Fact]
    public void Only_the_longest_silence_of_an_hour_counts()
    {
        var hour = new QuietHour(118);
        for (var week = 0; week < 8; week++)
        {
            var start = Friday.AddDays(7 * week);
            for (var minute = 0; minute < 40; minute++)
            {
                hour = hour.Learn(start.AddMinutes(minute), start.AddMinutes(minute + 1));
            }

            hour = hour.Learn(start.AddMinutes(40), start.AddHours(10));
        }

        var allowed = hour.Folded().Allowed.ShouldNotBeNull();

        allowed.ShouldBeInRange(TimeSpan.FromHours(9.3), TimeSpan.FromHours(13));
    }

    [Fact]
    public void Nights_that_differ_allow_for_more()
    {
        var (steady, changing) = (new QuietHour(118), new QuietHour(118));
        for (var week = 0; week < 20; week++)
        {
            var start = Friday.AddDays(7 * week);
            steady = steady.Learn(start, start.AddHours(8));
            changing = changing.Learn(start, start.AddHours(week % 2 == 0 ? 6 : 10));
        }

        changing.Folded().Allowed!.Value.ShouldBeGreaterThan(steady.Folded().Allowed!.Value);
        steady.Folded().Allowed!.Value.ShouldBeInRange(TimeSpan.FromHours(8), TimeSpan.FromHours(8.5));
    }

    [Fact]
    public void A_silence_that_goes_backwards_teaches_nothing() => new QuietHour(3).Learn(Friday, Friday).ShouldBe(new QuietHour(3));
}
