using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>At the local times of a cron expression in a zone.</summary>
/// <param name="Expression">The local times.</param>
/// <param name="Zone">Whose clocks.</param>
/// <param name="Dst">What happens when those clocks change; null, or null parts, mean what the expression implies (<see cref="DstRules"/>).</param>
public sealed record CronSchedule(CronExpression Expression, Zone Zone, DstRules? Dst = null) : Schedule
{
    /// <summary>The local times after calendars moved their days.</summary>
    internal CronExpression Times => Terms.Calendars.Moved(Expression);

    internal GapRule Gap => Dst?.Gap ?? (Expression.IsIntervalLike ? GapRule.Skip : GapRule.RunAtEnd);

    internal OverlapRule Overlap => Dst?.Overlap ?? (Expression.IsIntervalLike ? OverlapRule.Both : OverlapRule.First);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The answer is not after <paramref name="after"/>: a defect, stopped before it can fire for ever.</exception>
    protected override DateTimeOffset? NextTime(DateTimeOffset after)
    {
        var at = LocalSearch.NextAtOrAfter(this, (after.UtcTicks / TimeSpan.TicksPerSecond) + 1);
        if (at == CronExpression.None)
        {
            return null;
        }

        var ticks = at * TimeSpan.TicksPerSecond;
        return ticks > after.UtcTicks
            ? new DateTimeOffset(new DateTime(ticks, DateTimeKind.Utc))
            : throw new InvalidOperationException($"{this} answered {new DateTime(ticks):s}Z, which is not after {after:O}.");
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The answer is not before <paramref name="before"/>: a defect, stopped before it can go on for ever.</exception>
    protected override DateTimeOffset? PreviousTime(DateTimeOffset before)
    {
        if (before.UtcTicks == 0)
        {
            return null;
        }

        var at = BackwardSearch.PreviousAtOrBefore(this, (before.UtcTicks - 1) / TimeSpan.TicksPerSecond);
        if (at == CronExpression.None)
        {
            return null;
        }

        var ticks = at * TimeSpan.TicksPerSecond;
        return ticks < before.UtcTicks
            ? new DateTimeOffset(new DateTime(ticks, DateTimeKind.Utc))
            : throw new InvalidOperationException($"{this} answered {new DateTime(ticks):s}Z, which is not before {before:O}.");
    }

    internal override string? NoteOn(DateTimeOffset nominal)
    {
        var second = nominal.UtcTicks / TimeSpan.TicksPerSecond;
        var moved = Terms.Calendars.Shift == DayShift.None ? null : MovedDayNote.Of(this, second);
        var changed = ClockChangeNote.Of(this, second);
        return moved is null || changed is null ? moved ?? changed : $"{moved} {changed}";
    }
}
