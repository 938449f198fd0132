namespace Pontual.Engine.Clocks;

/// <summary>The time that schedules go by: the real one, or, in a system that was first started at a speed, one that runs so many times as fast from an origin.</summary>
/// <remarks>Due times, marks and pauses are scheduled time. Everything else (starts, ends, leases, timeouts, waits before a retry) is real time.
/// At speed 1 both are the same instants.</remarks>
/// <param name="time">Real time.</param>
public sealed class ScheduleClock(TimeProvider time)
{
    /// <summary>The highest speed.</summary>
    public const int TopSpeed = 3_600;

    private SchedulePace _pace = SchedulePace.AsReal;

    /// <summary>Scheduled seconds in a real second; 1 unless the system was first started at another speed.</summary>
    public int Speed => Volatile.Read(ref _pace).Speed;

    /// <summary>The instant it is by the schedules.</summary>
    public DateTimeOffset Now => Of(time.GetUtcNow());

    /// <summary>Goes by a pace from now on. Called once, when the database was opened.</summary>
    public void GoBy(SchedulePace pace) => Volatile.Write(ref _pace, pace);

    /// <summary>The scheduled instant at a real one.</summary>
    public DateTimeOffset Of(DateTimeOffset real) => Volatile.Read(ref _pace).Scheduled(real);

    /// <summary>The first real instant at which it is <paramref name="due"/> by the schedules.</summary>
    public DateTimeOffset RealOf(DateTimeOffset due) => Volatile.Read(ref _pace).Real(due);

    /// <summary>Real time from now until it is <paramref name="due"/> by the schedules; negative when that has passed.</summary>
    public TimeSpan Until(DateTimeOffset due) => RealOf(due) - time.GetUtcNow();

    /// <summary>How much scheduled time goes by in a real span.</summary>
    public TimeSpan Scheduled(TimeSpan real) => real * Speed;
}
