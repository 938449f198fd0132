namespace Pontual.Engine.Pacing;

/// <summary>How what happened in one place of a process tells a loop elsewhere that there is work, so that it need not wait for its poll.</summary>
/// <remarks>Only hints: a loop that misses one finds the rows at its next round.</remarks>
public sealed class Signals : IDisposable
{
    /// <param name="time">The clock whose timers the loops sleep by.</param>
    public Signals(TimeProvider time)
    {
        Planning = new Wake(time);
        Claiming = new Wake(time);
        Renewing = new Wake(time);
    }

    internal Wake Planning { get; }

    internal Wake Claiming { get; }

    internal Wake Renewing { get; }

    /// <summary>Schedules changed: the planner should look now.</summary>
    public void SchedulesChanged() => Planning.Set();

    /// <summary>Runs may be ready: the claimer should look now.</summary>
    public void RunsReady() => Claiming.Set();

    /// <summary>Somebody wished to cancel a running run: the node should fetch the wishes for what it holds now.</summary>
    public void CancelWished() => Renewing.Set();

    /// <inheritdoc/>
    public void Dispose()
    {
        Planning.Dispose();
        Claiming.Dispose();
        Renewing.Dispose();
    }
}
