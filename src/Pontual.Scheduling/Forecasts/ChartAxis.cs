using System.Globalization;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Forecasts;

/// <summary>The marks of a chart: heights that are round numbers, times that are round on local clocks.</summary>
internal static class ChartAxis
{
    private const int MostHeights = 5;
    private const int MostTimes = 12;
    private const int MinutesPerDay = 1440;

    private static readonly int[] Steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160, 43_200];

    /// <summary>The value at the top of the plot: the first round one that holds the highest bar.</summary>
    public static int TopOf(int highest) => Math.Max(1, (highest + HeightStep(highest) - 1) / HeightStep(highest) * HeightStep(highest));

    public static IEnumerable<int> Heights(int top)
    {
        for (var value = 0; value <= top; value += HeightStep(top))
        {
            yield return value;
        }
    }

    /// <summary>Instants to mark, each with its label: a time of day, or the date at midnight.</summary>
    public static IEnumerable<(DateTimeOffset At, string Label)> Times(DateTimeOffset from, DateTimeOffset to, Zone zone)
    {
        var minutes = (to - from).TotalMinutes;
        var step = Array.Find(Steps, step => minutes / step <= MostTimes);
        step = step == 0 ? Steps[^1] : step;
        var local = zone.ToLocal(from).DateTime;
        var first = local.Date.AddMinutes(step >= MinutesPerDay ? 0 : (int)local.TimeOfDay.TotalMinutes / step * step);
        for (var time = first; ; time = time.AddMinutes(step))
        {
            var at = zone.ToInstants(time).First;
            if (at >= to)
            {
                yield break;
            }

            if (at >= from)
            {
                yield return (at, time.ToString(time.TimeOfDay == TimeSpan.Zero ? "d MMM" : "HH:mm", CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>"minute", "5 minutes", "2 hours", "7 days".</summary>
    public static string Words(TimeSpan width)
    {
        var (count, unit) = width.TotalMinutes switch
        {
            < 60 => ((int)width.TotalMinutes, "minute"),
            < MinutesPerDay => ((int)width.TotalHours, "hour"),
            _ => ((int)width.TotalDays, "day"),
        };
        return count == 1 ? unit : $"{count} {unit}s";
    }

    // 1, 2, 5, 10, 20, 50, …
    private static int HeightStep(int top)
    {
        var power = 1;
        while (true)
        {
            foreach (var factor in (ReadOnlySpan<int>)[1, 2, 5])
            {
                if (top <= (long)factor * power * MostHeights)
                {
                    return factor * power;
                }
            }

            power *= 10;
        }
    }
}
