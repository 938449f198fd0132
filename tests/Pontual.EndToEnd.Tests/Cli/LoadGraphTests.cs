using Pontual.Cli.Terminal;

namespace Pontual.EndToEnd.Tests.Cli;

public sealed class LoadGraphTests
{
    private static readonly DateTime Midnight = new(2026, 11, 21);

    [Fact]
    public void Bars_stand_on_an_axis_of_local_times()
    {
        var lines = LoadGraph.Lines([.. Bars(24, hour => hour == 9 ? 8 : hour % 2)], TimeSpan.FromHours(1), 26);

        Assert.Equal(
            """
            8┤         █
             │         █
             │         █
             │         █
            4┤         █
             │         █
             │         █
             │ █ █ █ █ █ █ █ █ █ █ █ █
            0└────────────────────────
              21 Nov      12:00
            """,
            string.Join('\n', lines)
        );
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(3, 80)]
    [InlineData(72, 80)]
    [InlineData(200, 208)]
    public void It_is_never_wider_than_the_terminal(int bars, int width)
    {
        var lines = LoadGraph.Lines([.. Bars(bars, index => index * 37 % 1001)], TimeSpan.FromMinutes(20), width);

        Assert.All(lines.SkipLast(1), line => Assert.InRange(line.Length, 1, width));
        Assert.InRange(lines[^1].Length, 0, width + 6); // The last label may begin under the last bar.
    }

    [Fact]
    public void A_single_start_beside_a_large_peak_is_seen()
    {
        var lines = LoadGraph.Lines([(Midnight, 1), (Midnight.AddHours(1), 5_000)], TimeSpan.FromHours(1), 10);

        Assert.Contains('▁', lines[7]);
    }

    [Fact]
    public void Nothing_at_all_is_an_empty_plot() =>
        Assert.DoesNotContain('█', string.Concat(LoadGraph.Lines([(Midnight, 0)], TimeSpan.FromHours(1), 40)));

    private static IEnumerable<(DateTime, int)> Bars(int count, Func<int, int> value) =>
        Enumerable.Range(0, count).Select(index => (Midnight.AddHours(index), value(index)));
}
