namespace Pontual.Scheduling.Cron;

/// <summary>Days in the place of those an expression names: the same days, moved. Days are counted from 0001-01-01; -1 means none.</summary>
internal abstract class DayMap
{
    public abstract int NextAtOrAfter(int day);

    public abstract int PreviousAtOrBefore(int day);
}
