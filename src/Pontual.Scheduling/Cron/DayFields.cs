namespace Pontual.Scheduling.Cron;

/// <summary>What the day, month and year fields of an expression say, as the parser read it.</summary>
internal readonly struct DayFields
{
    /// <summary>Bits 1 to 31.</summary>
    public ulong DaysOfMonth { get; init; }

    /// <summary>Bit n: n days before the last of the month (<c>L</c>, <c>L-3</c>).</summary>
    public uint FromMonthEnd { get; init; }

    /// <summary>Bit n: the Monday to Friday nearest to day n (<c>15W</c>); bit 0: the last one of the month (<c>LW</c>).</summary>
    public uint NearestWeekdays { get; init; }

    /// <summary>Bits 0 (Sunday) to 6.</summary>
    public ulong DaysOfWeek { get; init; }

    /// <summary>Bits 0 to 6: the last such day of the month (<c>5L</c>).</summary>
    public uint LastDaysOfWeek { get; init; }

    /// <summary>Bit 5 × day of week + n - 1: the n-th such day of the month (<c>MON#2</c>).</summary>
    public ulong NthDaysOfWeek { get; init; }

    /// <summary>Bits 1 to 12.</summary>
    public ulong Months { get; init; }

    /// <summary>Bit year - 1970; null means every year.</summary>
    public ulong[]? Years { get; init; }

    /// <summary>Both day fields are restricted (neither starts with <c>*</c> or <c>?</c>): a day that matches either counts.</summary>
    /// <remarks>Otherwise it must match both, as cron has always done: <c>*/2</c> starts with a star, so it narrows the other field.</remarks>
    public bool Either { get; init; }
}
