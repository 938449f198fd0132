namespace Pontual.Engine.Clocks;

/// <summary>The time by the database's clock, so that all nodes of a database agree: its instant when it was last read, and the monotonic time since.
/// Timers and timestamps are this machine's.</summary>
/// <remarks>
/// <code>
///   stamp before ── asks ──► [database reads its clock] ── answers ──► stamp after
/// </code>
/// When the answer is there, the database's clock is between what it said and what it said plus the round trip. What is shown is moved only as far as it
/// must be to lie in between, so that a slow answer changes nothing a quick one has settled. It never goes back: where it was ahead it holds still until
/// the database has caught up. But an error of more than a second is another clock (a failover, somebody who set it), and is taken over at once.
/// Before the first reading it is this machine's wall clock.
/// </remarks>
/// <param name="machine">This machine's clocks.</param>
public sealed class DatabaseTime(TimeProvider machine) : TimeProvider
{
    /// <summary>An error beyond this is another clock, not a wrong reading of the same.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Reading? _last;

    /// <inheritdoc/>
    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    /// <summary>This machine's wall clock less the database's, as of now; null before the first reading.</summary>
    public TimeSpan? MachineOffset => Volatile.Read(ref _last) is null ? null : machine.GetUtcNow() - GetUtcNow();

    /// <summary>This machine's wall clock.</summary>
    public DateTimeOffset MachineNow => machine.GetUtcNow();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() =>
        Volatile.Read(ref _last) is { } last ? last.At(machine, machine.GetTimestamp()) : machine.GetUtcNow();

    /// <inheritdoc/>
    public override long GetTimestamp() => machine.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>Takes a reading of the database's clock.</summary>
    /// <param name="said">What the database said.</param>
    /// <param name="askedAt">The timestamp before it was asked.</param>
    /// <param name="answeredAt">The timestamp when the answer was there.</param>
    public void Take(DateTimeOffset said, long askedAt, long answeredAt)
    {
        var roundTrip = machine.GetElapsedTime(askedAt, answeredAt);
        lock (_gate)
        {
            var middle = said + (roundTrip / 2);
            if (_last is not { } last)
            {
                Volatile.Write(ref _last, new Reading(middle, answeredAt, DateTimeOffset.MinValue));
                return;
            }

            var estimate = last.Unheld(machine, answeredAt);
            var nearest =
                estimate < said ? said
                : estimate > said + roundTrip ? said + roundTrip
                : estimate;
            var isStep = (nearest - estimate).Duration() > Step;
            var floor = isStep ? DateTimeOffset.MinValue : last.At(machine, machine.GetTimestamp());
            Volatile.Write(ref _last, new Reading(isStep ? middle : nearest, answeredAt, floor));
        }
    }

    /// <param name="Instant">The database's instant at <paramref name="Stamp"/>, as well as it is known.</param>
    /// <param name="Stamp">This machine's timestamp.</param>
    /// <param name="Floor">What was shown already: nothing earlier is shown.</param>
    private sealed record Reading(DateTimeOffset Instant, long Stamp, DateTimeOffset Floor)
    {
        public DateTimeOffset At(TimeProvider machine, long stamp) => Unheld(machine, stamp) is var now && now > Floor ? now : Floor;

        public DateTimeOffset Unheld(TimeProvider machine, long stamp) => Instant + machine.GetElapsedTime(Stamp, stamp);
    }
}
