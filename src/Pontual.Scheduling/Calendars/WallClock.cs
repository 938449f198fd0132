using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Calendars;

/// <summary>What the clock on the wall shows at an instant, and since when and until when it shows a time of a given stretch of local time.</summary>
internal readonly struct WallClock
{
    private readonly DateTimeOffset _at;
    private readonly Zone _zone;
    private readonly ZoneSpan _span;

    public WallClock(DateTimeOffset at, Zone zone)
    {
        _at = at;
        _zone = zone;
        _span = zone.SpanAt(at.UtcTicks / TimeSpan.TicksPerSecond);
        var ticks = at.UtcTicks + (_span.Offset * TimeSpan.TicksPerSecond);
        Local = new DateTime(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks));
    }

    public DateTime Local { get; }

    public DateOnly Day => DateOnly.FromDateTime(Local);

    /// <summary>The stretch of instants around the clock's own at all of which it shows a time from <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive).</summary>
    /// <param name="from">Not after <see cref="Local"/>; null for no bound.</param>
    /// <param name="to">After <see cref="Local"/>; null for no bound.</param>
    public (DateTimeOffset Since, DateTimeOffset Until) Between(DateTime? from, DateTime? to)
    {
        var since = from is { } first ? SinceOf(first) : DateTimeOffset.MinValue;
        var until = to is { } end ? UntilOf(end) : DateTimeOffset.MaxValue;

        // Where clocks went back over a bound, or will, the other pass is not of this stretch.
        var (start, stop) = (At(_span.Start * TimeSpan.TicksPerSecond), At(_span.End * TimeSpan.TicksPerSecond));
        var wasLaterThan = _span.ShiftAtStart < 0 && Shown(_span.Start, -_span.ShiftAtStart) > to?.Ticks;
        var willBeBefore = _span.ShiftAtEnd < 0 && Shown(_span.End, _span.ShiftAtEnd) < from?.Ticks;
        return (wasLaterThan && since < start ? start : since, willBeBefore && until > stop ? stop : until);
    }

    // Once the clock has shown a time for the last time, it shows only later ones. Between its passes the stretch of equal offset is the bound.
    private DateTimeOffset SinceOf(DateTime from)
    {
        var instants = _zone.ToInstants(from);
        var since = instants.Kind == LocalTimeKind.Repeated ? instants.Second : instants.First;
        return since <= _at ? since : At(Math.Min(_at.UtcTicks, Math.Max(_span.Start * TimeSpan.TicksPerSecond, Utc(from))));
    }

    // Before it shows a time for the first time, it shows only earlier ones.
    private DateTimeOffset UntilOf(DateTime to)
    {
        var first = _zone.ToInstants(to).First;
        return first > _at ? first : At(Math.Max(_at.UtcTicks + 1, Math.Min(_span.End * TimeSpan.TicksPerSecond, Utc(to))));
    }

    /// <summary>What the clock shows at a second of this offset, so many seconds apart.</summary>
    private long Shown(long second, long shift) => (second + _span.Offset + shift) * TimeSpan.TicksPerSecond;

    private long Utc(DateTime local) => local.Ticks - (_span.Offset * TimeSpan.TicksPerSecond);

    private static DateTimeOffset At(long ticks) => new(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero);
}
