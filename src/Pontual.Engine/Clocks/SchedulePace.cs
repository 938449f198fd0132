namespace Pontual.Engine.Clocks;

/// <summary>How scheduled time follows from real time: <c>origin + speed × (real − began)</c>. Stored in the database, so that all nodes agree.</summary>
/// <param name="Speed">Scheduled seconds in a real second; 1 to <see cref="ScheduleClock.TopSpeed"/>.</param>
/// <param name="Origin">The scheduled instant at which it began.</param>
/// <param name="Began">The real instant at which it began.</param>
public sealed record SchedulePace(int Speed, DateTimeOffset Origin, DateTimeOffset Began)
{
    /// <summary>Scheduled time is real time.</summary>
    public static SchedulePace AsReal { get; } = new(1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    internal DateTimeOffset Scheduled(DateTimeOffset real) =>
        Speed == 1 ? real : At(Origin.UtcTicks + ((Int128)(real.UtcTicks - Began.UtcTicks) * Speed));

    // Rounded up to the microsecond that databases keep: at a due time's real instant it is due, never just before.
    internal DateTimeOffset Real(DateTimeOffset due)
    {
        if (Speed == 1)
        {
            return due;
        }

        var step = TimeSpan.TicksPerMicrosecond;
        var (whole, rest) = Math.DivRem(due.UtcTicks - Origin.UtcTicks, Speed * step);
        return At(Began.UtcTicks + ((Int128)(rest > 0 ? whole + 1 : whole) * step));
    }

    private static DateTimeOffset At(Int128 ticks) =>
        new((long)Int128.Clamp(ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
}
