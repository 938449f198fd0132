namespace Pontual.Scheduling.Cron;

/// <summary>What one field of an expression says: a bit for each value, and the special days that only the two day fields have.</summary>
internal struct FieldValues
{
    /// <summary>Bit value for every field but the year, which has <see cref="Years"/>.</summary>
    public ulong Bits;

    /// <summary>Bit value - 1970; null when the field is not the year.</summary>
    public ulong[]? Years;

    /// <summary><see cref="DayFields.FromMonthEnd"/>.</summary>
    public uint FromMonthEnd;

    /// <summary><see cref="DayFields.NearestWeekdays"/>.</summary>
    public uint NearestWeekdays;

    /// <summary><see cref="DayFields.LastDaysOfWeek"/>.</summary>
    public uint LastDaysOfWeek;

    /// <summary><see cref="DayFields.NthDaysOfWeek"/>.</summary>
    public ulong NthDaysOfWeek;

    public void Add(CronField field, int value)
    {
        var offset = (value - field.First) % field.Count;
        if (Years is null)
        {
            Bits |= 1UL << (field.First + offset);
        }
        else
        {
            Years[offset >> 6] |= 1UL << (offset & 63);
        }
    }
}
