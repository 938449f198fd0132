using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Pontual.Engine.Jobs;

namespace Pontual.Engine.Limits;

/// <summary>How many runs may start in a period, as people write it: <c>20/1m</c>, <c>100/h</c>.</summary>
/// <param name="Count">Starts in a period, 1 to <see cref="MostStarts"/>.</param>
/// <param name="Period">The period, <see cref="ShortestPeriod"/> to <see cref="LongestPeriod"/>.</param>
public readonly record struct Rate(int Count, TimeSpan Period)
{
    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "write starts per period: 20/1m, 100/h, 5/10s; 1 to 100000 starts in 1s to 31d";

    /// <summary>Most starts in a period.</summary>
    public const int MostStarts = 100_000;

    /// <summary>The shortest period.</summary>
    public static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(1);

    /// <summary>The longest period.</summary>
    public static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(31);

    /// <summary>From one start to the next when they are evenly spread; whole microseconds, rounded up so that the rate is never exceeded.</summary>
    public TimeSpan Every
    {
        get
        {
            var step = (long)Count * TimeSpan.TicksPerMicrosecond;
            return TimeSpan.FromTicks((Period.Ticks + step - 1) / step * TimeSpan.TicksPerMicrosecond);
        }
    }

    /// <summary>Reads a rate within the bounds; a unit alone means one of it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Rate rate)
    {
        rate = default;
        if (
            text?.Split('/') is not [var count, var period]
            || !int.TryParse(count.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
        {
            return false;
        }

        var unit = period.Trim();
        if (!Duration.TryParse(unit.Length > 0 && char.IsAsciiDigit(unit[0]) ? unit : $"1{unit}", out var span))
        {
            return false;
        }

        rate = new Rate(number, span);
        return number is >= 1 and <= MostStarts && span >= ShortestPeriod && span <= LongestPeriod;
    }

    /// <summary>The text that <see cref="TryParse"/> reads back as the same: <c>20/1m</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}/{Duration.Format(Period)}");
}
