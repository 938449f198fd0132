namespace Pontual.Scheduling.Forecasts;

/// <summary>How many runs start in each minute of a stretch of time.</summary>
public sealed class MinuteLoad
{
    // Widths of bars that people read with ease: parts of an hour, of a day, days, weeks.
    private static readonly int[] Widths = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10_080];

    private readonly int[] _starts;

    internal MinuteLoad(DateTimeOffset from, DateTimeOffset to)
    {
        From = new DateTimeOffset(from.UtcTicks - (from.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        _starts = new int[((to.UtcTicks - From.UtcTicks - 1) / TimeSpan.TicksPerMinute) + 1];
    }

    /// <summary>The beginning of the first minute.</summary>
    public DateTimeOffset From { get; }

    /// <summary>How many minutes there are.</summary>
    public int Minutes => _starts.Length;

    /// <summary>Starts in one minute, counted from 0.</summary>
    public int this[int minute] => _starts[minute];

    /// <summary>The beginning of a minute.</summary>
    public DateTimeOffset StartOf(int minute) => From.AddMinutes(minute);

    /// <summary>The load as bars of equal width, of which each stands for its busiest minute, so that no short peak is lost.</summary>
    /// <param name="most">The most bars there may be; 1 or more.</param>
    public LoadBars Bars(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var width = Array.Find(Widths, width => Minutes <= (long)width * most);
        width = width == 0 ? (Minutes + most - 1) / most : width;
        var bars = new List<LoadBar>();
        for (var first = 0; first < Minutes; first += width)
        {
            bars.Add(BarOf(first, Math.Min(Minutes, first + width)));
        }

        return new LoadBars(TimeSpan.FromMinutes(width), bars);
    }

    internal int MinuteOf(DateTimeOffset at) => (int)((at.UtcTicks - From.UtcTicks) / TimeSpan.TicksPerMinute);

    internal int Add(DateTimeOffset start)
    {
        var minute = MinuteOf(start);
        _starts[minute]++;
        return minute;
    }

    private LoadBar BarOf(int first, int end)
    {
        var (starts, busiest) = (0L, first);
        for (var minute = first; minute < end; minute++)
        {
            starts += _starts[minute];
            busiest = _starts[minute] > _starts[busiest] ? minute : busiest;
        }

        return new LoadBar(StartOf(first), starts, _starts[busiest], StartOf(busiest));
    }
}

/// <summary>A load in bars.</summary>
/// <param name="Width">How much time each bar stands for; the last one may stand for less.</param>
/// <param name="All">In the order of time, without holes.</param>
public sealed record LoadBars(TimeSpan Width, IReadOnlyList<LoadBar> All)
{
    /// <summary>The first of the highest bars; null when nothing starts at all.</summary>
    public LoadBar? Highest => All.MaxBy(bar => bar.InBusiestMinute) is { InBusiestMinute: > 0 } bar ? bar : null;
}

/// <summary>One bar.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="Starts">All that start in it.</param>
/// <param name="InBusiestMinute">Those that start in its busiest minute.</param>
/// <param name="BusiestMinute">The first minute in which so many do.</param>
public sealed record LoadBar(DateTimeOffset From, long Starts, int InBusiestMinute, DateTimeOffset BusiestMinute);
