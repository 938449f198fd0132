using System.Numerics;

namespace Pontual.Scheduling.Cron;

/// <summary>The times of day an expression names: one bit for each second, minute and hour. No mask is ever empty.</summary>
internal readonly struct TimeMask
{
    private readonly ulong _seconds;
    private readonly ulong _minutes;
    private readonly uint _hours;
    private readonly int _firstSecond;
    private readonly int _firstInHour;

    public TimeMask(ulong seconds, ulong minutes, ulong hours)
    {
        _seconds = seconds;
        _minutes = minutes;
        _hours = (uint)hours;
        _firstSecond = BitOperations.TrailingZeroCount(seconds);
        _firstInHour = (BitOperations.TrailingZeroCount(minutes) * 60) + _firstSecond;
        First = (BitOperations.TrailingZeroCount(hours) * 3600) + _firstInHour;
    }

    /// <summary>The second of the day of the first time.</summary>
    public int First { get; }

    /// <summary>The second of the day of the last time.</summary>
    public int Last => (BitOperations.Log2(_hours) * 3600) + LastInHour;

    private int LastInHour => (BitOperations.Log2(_minutes) * 60) + BitOperations.Log2(_seconds);

    public ulong Seconds => _seconds;

    public ulong Minutes => _minutes;

    public uint Hours => _hours;

    /// <summary>The first time at or after a second of the day (0 to 86399); -1 when the day has none left.</summary>
    public int NextAtOrAfter(int secondOfDay)
    {
        var hour = (int)((uint)secondOfDay / 3600);
        if (((_hours >> hour) & 1) != 0)
        {
            var inHour = secondOfDay - (hour * 3600);
            var minute = (int)((uint)inHour / 60);
            if (((_minutes >> minute) & 1) != 0)
            {
                var second = inHour - (minute * 60);
                var seconds = _seconds >> second;
                if (seconds != 0)
                {
                    return secondOfDay + BitOperations.TrailingZeroCount(seconds);
                }
            }

            var minutes = _minutes >> (minute + 1);
            if (minutes != 0)
            {
                return (hour * 3600) + ((minute + 1 + BitOperations.TrailingZeroCount(minutes)) * 60) + _firstSecond;
            }
        }

        var hours = _hours >> (hour + 1);
        return hours == 0 ? -1 : ((hour + 1 + BitOperations.TrailingZeroCount(hours)) * 3600) + _firstInHour;
    }

    /// <summary>The last time at or before a second of the day (0 to 86399); -1 when the day has none before.</summary>
    public int PreviousAtOrBefore(int secondOfDay)
    {
        var hour = (int)((uint)secondOfDay / 3600);
        if (((_hours >> hour) & 1) != 0)
        {
            var inHour = secondOfDay - (hour * 3600);
            var minute = (int)((uint)inHour / 60);
            if (((_minutes >> minute) & 1) != 0)
            {
                var seconds = _seconds & UpTo(inHour - (minute * 60));
                if (seconds != 0)
                {
                    return (hour * 3600) + (minute * 60) + BitOperations.Log2(seconds);
                }
            }

            var minutes = _minutes & ~(ulong.MaxValue << minute);
            if (minutes != 0)
            {
                return (hour * 3600) + (BitOperations.Log2(minutes) * 60) + BitOperations.Log2(_seconds);
            }
        }

        var hours = _hours & ~(uint.MaxValue << hour);
        return hours == 0 ? -1 : (BitOperations.Log2(hours) * 3600) + LastInHour;
    }

    private static ulong UpTo(int bit) => ulong.MaxValue >> (63 - bit);
}
