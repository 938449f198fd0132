namespace Pontual.Scheduling.Zones;

/// <summary>A stretch in which a zone has one offset. All instants are UTC seconds since 0001-01-01, all lengths seconds.</summary>
/// <param name="Start">Its first second.</param>
/// <param name="End">The first second of the next stretch; far beyond the calendar when there is none.</param>
/// <param name="Offset">Local time minus UTC.</param>
/// <param name="ShiftAtStart">How far clocks went forward (positive: a gap) or back (negative: an overlap) at <paramref name="Start"/>.</param>
/// <param name="ShiftAtEnd">The same at <paramref name="End"/>.</param>
internal sealed record ZoneSpan(long Start, long End, long Offset, long ShiftAtStart, long ShiftAtEnd)
{
    /// <summary>From here until <see cref="CalmUntil"/> no local time is missing, repeated or owed from the gap before.</summary>
    public long CalmFrom { get; } = Start + Math.Abs(ShiftAtStart);

    /// <summary>The end, exclusive, of the part that no change of the clock touches.</summary>
    public long CalmUntil { get; } = End + Math.Min(0, ShiftAtEnd);

    /// <summary>Clocks show this second's local time once, later than all times before it and earlier than all times after it.</summary>
    /// <remarks>No zone changes its clocks twice within two days (a test walks them all), so the nearest changes are all that matter.</remarks>
    public bool IsCalm(long second) => CalmFrom <= second && second < CalmUntil;
}
