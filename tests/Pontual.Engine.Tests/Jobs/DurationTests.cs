using FsCheck;
using FsCheck.Fluent;
using Pontual.Engine.Jobs;
using Shouldly;

namespace Pontual.Engine.Tests.Jobs;

public class DurationTests
{
    [Theory]
    [InlineData("90s", 90_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData("500ms", 500)]
    [InlineData("0s", 0)]
    [InlineData("1s500ms", 1500)]
    [InlineData("36500d", 3_153_600_000_000)]
    [InlineData("PT1H30M", 5_400_000)]
    [InlineData("PT0.25S", 250)]
    [InlineData("P1DT1S", 86_401_000)]
    [InlineData("P2W", 1_209_600_000)]
    public void A_number_with_its_unit_is_a_duration(string text, long milliseconds)
    {
        Duration.TryParse(text, out var duration).ShouldBeTrue();

        duration.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("s")]
    [InlineData("5 m")]
    [InlineData("5M")]
    [InlineData("-5m")]
    [InlineData("+5m")]
    [InlineData("1.5h")]
    [InlineData("30m1h")]
    [InlineData("1m1m")]
    [InlineData("36501d")]
    [InlineData("99999999999d")]
    [InlineData("9999999999d9999999999h")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("P1Y")]
    [InlineData("P1M")]
    [InlineData("PT0.0001S")]
    [InlineData("-PT1S")]
    [InlineData("٣s")]
    [InlineData("5m\n")]
    [InlineData("00:05:00")]
    public void Anything_else_is_none(string? text) => Duration.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void What_is_written_reads_back_as_the_same() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).Select(number => TimeSpan.FromMilliseconds(number * 137L)).ToArbitrary(),
                span => Duration.TryParse(Duration.Format(span), out var read) && read == span
            )
            .QuickCheckThrowOnFailure();
}
