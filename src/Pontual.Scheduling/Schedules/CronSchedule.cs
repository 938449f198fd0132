using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>At the local times of a cron expression in a zone.</summary>
/// <param name="Expression">The local times.</param>
/// <param name="Zone">Whose clocks.</param>
/// <param name="Dst">What happens when those clocks change; null, or null parts, mean what the expression implies (<see cref="DstRules"/>).</param>
public sealed record CronSchedule(CronExpression Expression, Zone Zone, DstRules? Dst = null) : Schedule
{
    internal GapRule Gap => Dst?.Gap ?? (Expression.IsIntervalLike ? GapRule.Skip : GapRule.RunAtEnd);

    internal OverlapRule Overlap => Dst?.Overlap ?? (Expression.IsIntervalLike ? OverlapRule.Both : OverlapRule.First);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The answer is not after <paramref name="after"/>: a defect, stopped before it can fire for ever.</exception>
    protected override DateTimeOffset? NextTime(DateTimeOffset after)
    {
        var from = (after.UtcTicks / TimeSpan.TicksPerSecond) + 1;
        if (from > LocalSearch.LastSecond)
        {
            return null;
        }

        var span = Zone.SpanAt(from);
        var expected = Expression.NextAtOrAfter(Math.Max(0, from + span.Offset));
        var at = LocalSearch.IsUntouched(span, from, expected) ? expected - span.Offset : LocalSearch.NextAtOrAfter(this, from);
        var ticks = at * TimeSpan.TicksPerSecond;
        if (at == CronExpression.None || ticks > DateTime.MaxValue.Ticks)
        {
            return null;
        }

        return ticks > after.UtcTicks
            ? new DateTimeOffset(new DateTime(ticks, DateTimeKind.Utc))
            : throw new InvalidOperationException($"{this} answered {new DateTime(ticks):s}Z, which is not after {after:O}.");
    }

    /// <inheritdoc/>
    protected override DateTimeOffset? PreviousTime(DateTimeOffset before)
    {
        // The last of ever longer stretches that end at the instant and hold a time.
        for (var length = TimeSpan.FromHours(1); ; length *= 4)
        {
            var isWhole = length.Ticks >= before.UtcTicks;
            var start = isWhole ? DateTimeOffset.MinValue : before - length;
            DateTimeOffset? last = null;
            for (var at = NextTime(start); at < before; at = NextTime(at.Value))
            {
                last = at;
            }

            if (last is not null || isWhole)
            {
                return last;
            }
        }
    }

    internal override string? NoteOn(DateTimeOffset nominal) => ClockChangeNote.Of(this, nominal.UtcTicks / TimeSpan.TicksPerSecond);
}
