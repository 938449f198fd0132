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
}
