namespace Pontual.Scheduling.Cron;

/// <summary>What one field of an expression says: a bit for each value, and the special days that only the two day fields have.</summary>
internal struct FieldValues
{
    /// <summary>A bit for each value (<see cref="CronField.BitOf"/>) of every field but the year, which has <see cref="Years"/>.</summary>
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

    /// <summary>The field has a star, a step or a range.</summary>
    public bool IsInterval;

    /// <summary>The field has an <c>H</c>, so it depends on the seed.</summary>
    public bool IsSpread;

    /// <summary>Adds every step-th value of a range, which may go once over the field's end.</summary>
    public void Add(CronField field, int first, int last, int step)
    {
        if (step == 1 && last <= field.LastOwn && Years is null)
        {
            Bits |= ((2UL << (last - first)) - 1) << field.BitOf(first);
            return;
        }

        for (var value = first; value <= last; value += step)
        {
            Add(field, value);
        }
    }

    public void Add(CronField field, int value)
    {
        var bit = field.BitOf(value);
        if (Years is null)
        {
            Bits |= 1UL << bit;
        }
        else
        {
            Years[bit >> 6] |= 1UL << (bit & 63);
        }
    }
}
