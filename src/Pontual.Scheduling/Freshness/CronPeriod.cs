using System.Numerics;
using Pontual.Scheduling.Cron;

namespace Pontual.Scheduling.Freshness;

/// <summary>The smallest gap between two times of a cron expression, on clocks that never change.</summary>
internal static class CronPeriod
{
    private const int SecondsPerDay = 86_400;

    // Years of every shape, and pairs of neighbouring ones, come within 28 years. Only the turn of a century knows others, and gaps of years.
    private const int DaysOfAllShapes = (28 * 365) + 7;

    /// <returns>Null when fewer than two times are left.</returns>
    /// <param name="expression">The expression.</param>
    /// <param name="from">The local day from which its days are looked at.</param>
    public static TimeSpan? Of(CronExpression expression, DateOnly from)
    {
        var times = expression.Times;
        var within = WithinDay(times);
        var overnight = SecondsPerDay - times.Last + times.First;
        if (within <= overnight)
        {
            return TimeSpan.FromSeconds(within);
        }

        var apart = SmallestDistance(expression.Days, from.DayNumber);
        var between = apart is { } days ? overnight + ((days - 1L) * SecondsPerDay) : long.MaxValue;
        var smallest = Math.Min(within, between);
        return smallest == long.MaxValue ? null : TimeSpan.FromSeconds(smallest);
    }

    /// <summary>The smallest gap inside one day, seconds; <see cref="long.MaxValue"/> when the day has one time.</summary>
    private static long WithinDay(in TimeMask times)
    {
        var (firstSecond, lastSecond) = (BitOperations.TrailingZeroCount(times.Seconds), BitOperations.Log2(times.Seconds));
        var (firstMinute, lastMinute) = (BitOperations.TrailingZeroCount(times.Minutes), BitOperations.Log2(times.Minutes));
        var inMinute = Gap(times.Seconds, 1, 0);
        var inHour = Gap(times.Minutes, 60, lastSecond - firstSecond);
        var inDay = Gap(times.Hours, 3600, ((lastMinute - firstMinute) * 60) + lastSecond - firstSecond);
        return Math.Min(inMinute, Math.Min(inHour, inDay));
    }

    /// <summary>From the last time of one unit to the first of the next one that is set.</summary>
    /// <param name="units">The seconds, minutes or hours that are set.</param>
    /// <param name="length">Of one unit, in seconds.</param>
    /// <param name="spread">From the first to the last time inside one unit.</param>
    private static long Gap(ulong units, int length, int spread)
    {
        var smallest = long.MaxValue;
        for (var left = units & (units - 1); left != 0; left &= left - 1)
        {
            var unit = BitOperations.TrailingZeroCount(left);
            var before = BitOperations.Log2(units & ((1UL << unit) - 1));
            smallest = Math.Min(smallest, ((unit - before) * length) - spread);
        }

        return smallest;
    }

    private static int? SmallestDistance(DayMask days, int from)
    {
        int? smallest = null;
        var day = days.NextAtOrAfter(from);
        var end = day + DaysOfAllShapes;
        while (day >= 0 && smallest != 1 && (smallest is null || day < end))
        {
            var next = days.NextAtOrAfter(day + 1);
            if (next < 0 || next > DateOnly.MaxValue.DayNumber)
            {
                break;
            }

            smallest = Math.Min(smallest ?? int.MaxValue, next - day);
            day = next;
        }

        return smallest;
    }
}
