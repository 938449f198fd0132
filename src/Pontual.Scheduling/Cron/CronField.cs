namespace Pontual.Scheduling.Cron;

/// <summary>One field of the grammar: its name for people and the values it takes.</summary>
/// <param name="Name">As it stands in messages.</param>
/// <param name="First">Its lowest value.</param>
/// <param name="Last">The highest value that may be written.</param>
/// <param name="Count">How many different values it has (7 for the day of week, where 7 is another way to write 0).</param>
/// <param name="Names">Three capital letters for each value from <paramref name="First"/> on; empty when it has no names.</param>
internal sealed record CronField(string Name, int First, int Last, int Count, string Names = "")
{
    public static readonly CronField Second = new("second", 0, 59, 60);
    public static readonly CronField Minute = new("minute", 0, 59, 60);
    public static readonly CronField Hour = new("hour", 0, 23, 24);
    public static readonly CronField DayOfMonth = new("day of month", 1, 31, 31);
    public static readonly CronField Month = new("month", 1, 12, 12, "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC");
    public static readonly CronField DayOfWeek = new("day of week", 0, 7, 7, "SUNMONTUEWEDTHUFRISAT");
    public static readonly CronField Year = new("year", 1970, 2199, 230);

    /// <summary>The day of week as Quartz counts it: 1 for Sunday. Read into the same bits, from 0.</summary>
    public static readonly CronField QuartzDayOfWeek = DayOfWeek with { First = 1 };

    /// <summary>The fields in the order they are written, all seven of them.</summary>
    public static readonly CronField[] InOrder = [Second, Minute, Hour, DayOfMonth, Month, DayOfWeek, Year];

    /// <summary>The field of a <see cref="CronProblem.Field"/>.</summary>
    public static CronField Named(string name) => Array.Find(InOrder, field => field.Name == name)!;

    public bool IsDayOfMonth { get; } = Name == "day of month";

    public bool IsDayOfWeek { get; } = Name == "day of week";

    public bool IsYear { get; } = Name == "year";

    private readonly int _firstBit = Name is "day of week" or "year" ? 0 : First;

    /// <summary>A bit for each value; none of the year, which has more than a word holds.</summary>
    public ulong AllBits => Count < 64 ? ((1UL << Count) - 1) << _firstBit : 0;

    /// <summary>The highest value that is not another way to write the first.</summary>
    public int LastOwn => First + Count - 1;

    /// <summary>The value a name stands for, in any case; -1 when it stands for none.</summary>
    public int ValueOf(ReadOnlySpan<char> name)
    {
        for (var at = 0; at < Names.Length; at += 3)
        {
            if (name.Equals(Names.AsSpan(at, 3), StringComparison.OrdinalIgnoreCase))
            {
                return First + (at / 3);
            }
        }

        return -1;
    }

    /// <summary>The bit that stands for a value: its offset in the year, the value itself elsewhere, 0 for Sunday however it is counted.</summary>
    /// <param name="value">Less than twice round the field from its first.</param>
    public int BitOf(int value)
    {
        var offset = value - First;
        return _firstBit + (offset < Count ? offset : offset - Count);
    }
}
