using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>
/// What one stretch of equal offset runs, by a schedule's rules: matching local times of its own, and what it owes for those that the gap at its
/// start left out. Searches in both directions read it. All numbers are seconds since 0001-01-01.
/// </summary>
internal readonly struct LocalStretch
{
    public LocalStretch(CronSchedule schedule, ZoneSpan span)
    {
        Expression = schedule.Times;
        Span = span;
        OwnFrom = span.Start + span.Offset;
        OwnUntil = span.End + span.Offset;
        if (span.ShiftAtStart < 0 && schedule.Overlap == OverlapRule.First)
        {
            OwnFrom -= span.ShiftAtStart;
        }

        if (span.ShiftAtEnd < 0 && schedule.Overlap == OverlapRule.Second)
        {
            OwnUntil += span.ShiftAtEnd;
        }

        Owes = span.ShiftAtStart > 0 ? schedule.Gap : GapRule.Skip;
    }

    public CronExpression Expression { get; }

    public ZoneSpan Span { get; }

    /// <summary>The first local time that runs here as it is: past the second pass of an overlap, where the rule leaves that out.</summary>
    public long OwnFrom { get; }

    /// <summary>The end, exclusive, of the local times that run here: before the first pass of an overlap, where the rule leaves that out.</summary>
    public long OwnUntil { get; }

    /// <summary>What it owes for the gap at its start; <see cref="GapRule.Skip"/> also where there is none.</summary>
    public GapRule Owes { get; }

    /// <summary>The first local time in the gap.</summary>
    public long GapFrom => GapUntil - Span.ShiftAtStart;

    /// <summary>The first local time after the gap.</summary>
    public long GapUntil => Span.Start + Span.Offset;

    /// <summary>Local time minus UTC before the gap.</summary>
    public long OffsetBefore => Span.Offset - Span.ShiftAtStart;

    /// <summary>The instant at which a local time in the gap runs instead.</summary>
    public long InsteadOf(long missing) => Owes == GapRule.RunAtEnd ? Span.Start : missing - OffsetBefore;
}
