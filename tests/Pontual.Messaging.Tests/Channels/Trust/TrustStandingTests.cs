using Pontual.Messaging.Channels.Trust;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels.Trust;

public class TrustStandingTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 8, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("H", "H")]
    [InlineData("H A", "H A")]
    [InlineData("H C", "H C")]
    [InlineData("A H", "A A")]
    [InlineData("A H H", "A A H")]
    [InlineData("A H A H H", "A A A A H")]
    [InlineData("C H A", "C C A")]
    [InlineData("C A H H H", "C C A A H")]
    [InlineData("N H", "N H")]
    [InlineData("H N", "H N")]
    [InlineData("C N N", "C C N")]
    public void A_worse_band_is_entered_at_once_and_left_after_two_better_evaluations(string judged, string shown)
    {
        var (standing, bands, now) = ((TrustStanding?)null, new List<string>(), Start);

        foreach (var band in judged.Split(' ').Select(Band))
        {
            standing = TrustStanding.Next(standing, band, alarmedAt: null, now = now.AddHours(1), TrustRules.Default);
            bands.Add(standing.Band.ToString()[..1]);
        }

        string.Join(' ', bands).ShouldBe(shown);
    }

    [Fact]
    public void A_worse_band_is_not_left_within_a_day_of_what_the_platform_said()
    {
        var standing = new TrustStanding(TrustBand.Critical);
        var left = new List<double>();
        for (var hour = 1; hour <= 30; hour++)
        {
            standing = TrustStanding.Next(standing, TrustBand.Healthy, alarmedAt: Start, Start.AddHours(hour), TrustRules.Default);
            if (standing.Band is TrustBand.Healthy)
            {
                left.Add(hour);
            }
        }

        left[0].ShouldBe(24);
    }

    private static TrustBand Band(string letter) =>
        Enum.GetValues<TrustBand>().Single(band => band.ToString().StartsWith(letter, StringComparison.Ordinal));
}
