using NodaTime;
using NodaTime.TimeZones;

namespace Pontual.Scheduling.Zones;

/// <summary>
/// The stretches of a zone for the years that schedules live in, found without a search: time is cut into buckets of 2^22 seconds (48 days),
/// each of which knows the stretch it begins in. Other years ask NodaTime. Any thread may read it: nothing changes once it is built but the stretch
/// that was found last, a hint that any of them may overwrite.
/// </summary>
internal sealed class ZoneTable
{
    private const int BucketBits = 22;
    private const long UnixEpoch = 62_135_596_800; // seconds from 0001-01-01 to 1970-01-01
    private const long Never = long.MaxValue / 4; // far outside the calendar, and safe to add to

    private static readonly Instant FirstInstant = Instant.FromUtc(2000, 1, 1, 0, 0);
    private static readonly Instant EndInstant = Instant.FromUtc(2110, 1, 1, 0, 0);

    /// <summary>The end, exclusive, of the years it holds. From here on the rules of every zone repeat with the calendar.</summary>
    public static readonly long End = Second(EndInstant);

    private readonly DateTimeZone _rules;
    private readonly ZoneSpan[] _spans;
    private readonly ushort[] _spanOfBucket;
    private readonly long _first = Second(FirstInstant);

    // Most questions are about one stretch, that of today: with it at hand the processor need not wait for three look-ups, each the address of the next.
    private ZoneSpan _last;

    public ZoneTable(DateTimeZone rules)
    {
        _rules = rules;
        _spans = [.. rules.GetZoneIntervals(FirstInstant, EndInstant).Select(Span)];
        _spanOfBucket = new ushort[((Second(EndInstant) - _first) >> BucketBits) + 1];
        _last = _spans[0];
        var span = 0;
        for (var bucket = 0; bucket < _spanOfBucket.Length; bucket++)
        {
            while (_spans[span].End <= _first + ((long)bucket << BucketBits))
            {
                span++;
            }

            _spanOfBucket[bucket] = (ushort)span;
        }
    }

    public ZoneSpan At(long second)
    {
        var last = _last;
        return last.Start <= second && second < last.End ? last : _last = Find(second);
    }

    private ZoneSpan Find(long second)
    {
        var bucket = (second - _first) >> BucketBits;
        if ((ulong)bucket >= (ulong)_spanOfBucket.Length)
        {
            return Span(_rules.GetZoneInterval(Instant.FromUnixTimeSeconds(second - UnixEpoch)));
        }

        int span = _spanOfBucket[bucket];
        while (second >= _spans[span].End)
        {
            // The last bucket reaches past the table's end.
            if (++span == _spans.Length)
            {
                return Span(_rules.GetZoneInterval(Instant.FromUnixTimeSeconds(second - UnixEpoch)));
            }
        }

        return _spans[span];
    }

    private static long Second(Instant instant) => instant.ToUnixTimeSeconds() + UnixEpoch;

    private ZoneSpan Span(ZoneInterval interval)
    {
        var offset = interval.WallOffset.Seconds;
        var before = interval.HasStart ? _rules.GetUtcOffset(interval.Start - Duration.Epsilon).Seconds : offset;
        var after = interval.HasEnd ? _rules.GetUtcOffset(interval.End).Seconds : offset;
        return new ZoneSpan(
            interval.HasStart ? Second(interval.Start) : -Never,
            interval.HasEnd ? Second(interval.End) : Never,
            offset,
            offset - before,
            after - offset
        );
    }
}
