using System.Globalization;
using System.Xml.Linq;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Forecasts;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Forecasts;

public sealed class LoadChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_chart_tells_readers_who_do_not_see_it_what_it_shows()
    {
        var chart = Draw("A day", "0 * * * *", "0 9 * * *");

        chart.Attribute("role")!.Value.ShouldBe("img");
        chart.Element(Svg + "title")!.Value.ShouldBe("A day");
        chart
            .Element(Svg + "desc")!
            .Value.ShouldBe("Starts per minute, the busiest minute of each 2 minutes. Peak: 2 at 09:00 on 21 Nov 2026.");
        chart.Attribute("aria-labelledby")!.Value.Split(' ').ShouldBe(["title", "summary"]);
    }

    [Fact]
    public void Each_bar_stands_inside_the_plot_and_the_highest_is_marked()
    {
        var chart = Draw("A day", "*/7 * * * *", "0 9 * * *");

        var bars = chart.Elements(Svg + "rect").ToList();
        bars.Count.ShouldBe(24 * 9);
        foreach (var bar in bars)
        {
            var (x, y, width, height) = (Value(bar, "x"), Value(bar, "y"), Value(bar, "width"), Value(bar, "height"));
            x.ShouldBeGreaterThanOrEqualTo(56);
            (x + width).ShouldBeLessThanOrEqualTo(936.01);
            (y + height).ShouldBe(272, 0.02);
            y.ShouldBeGreaterThanOrEqualTo(64);
        }

        bars.Where(bar => bar.Attribute("class")!.Value == "peak").ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(1, "00:00 00:05 00:10 00:15 00:20 00:25 00:30 00:35 00:40 00:45 00:50 00:55")]
    [InlineData(24, "21 Nov 02:00 04:00 06:00 08:00 10:00 12:00 14:00 16:00 18:00 20:00 22:00")]
    [InlineData(24 * 7, "21 Nov 22 Nov 23 Nov 24 Nov 25 Nov 26 Nov 27 Nov")]
    public void Times_on_the_axis_are_round_on_local_clocks(int hours, string labels)
    {
        var chart = Draw("title", hours, "0 9 * * *");

        var told = chart.Elements(Svg + "text").Where(text => text.Attribute("text-anchor")!.Value == "middle").Select(text => text.Value);
        var expected = hours == 1 ? labels.Replace("00:00 ", "21 Nov ", StringComparison.Ordinal) : labels;
        string.Join(' ', told).ShouldBe(expected);
    }

    [Theory]
    [InlineData("<script>alert(1)</script> & \"quotes\"")]
    [InlineData("a \0 null, a \uD800 half and \uFFFE")]
    public void Any_title_gives_well_formed_xml(string title)
    {
        var text = LoadChart.Svg(Of(24, "0 9 * * *"), Zone.Default, title);

        text.ShouldNotContain("<script");
        XDocument.Parse(text).Root!.Name.ShouldBe(Svg + "svg");
    }

    [Fact]
    public void An_empty_forecast_says_so() =>
        Draw("nothing", "0 9 31 2 *").Element(Svg + "desc")!.Value.ShouldBe("Nothing starts in this time.");

    [Fact]
    public void A_year_with_changes_of_the_clock_is_drawn_too() =>
        LoadChart
            .Svg(
                Forecast.Of(
                    [new ForecastJob("a", new CronSchedule(CronExpression.Parse("0 2 * * *"), Zone.Parse("America/New_York")))],
                    Start,
                    Start.AddDays(366)
                ),
                Zone.Parse("America/New_York"),
                "a year"
            )
            .ShouldContain("local times of America/New_York");

    private static XElement Draw(string title, params string[] crons) => Draw(title, 24, crons);

    private static XElement Draw(string title, int hours, params string[] crons) =>
        XDocument.Parse(LoadChart.Svg(Of(hours, crons), Zone.Default, title)).Root!;

    private static Forecast Of(int hours, params string[] crons) =>
        Forecast.Of(
            [.. crons.Select((cron, index) => new ForecastJob($"job{index}", new CronSchedule(CronExpression.Parse(cron), Zone.Default)))],
            Start,
            Start.AddHours(hours)
        );

    private static double Value(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
