using Pontual.Scheduling.Zones;

namespace Pontual.Engine.Alerts.Settings;

/// <summary>A stretch of each day, over midnight where it ends before it begins.</summary>
/// <param name="From">Local time, inclusive.</param>
/// <param name="Until">Local time, exclusive.</param>
/// <param name="Zone">Whose clocks.</param>
public sealed record QuietHours(TimeOnly From, TimeOnly Until, Zone Zone)
{
    /// <summary>The end of the stretch that an instant lies in; null when it lies in none.</summary>
    public DateTimeOffset? EndAt(DateTimeOffset at)
    {
        var local = Zone.ToLocal(at).DateTime;
        if (!TimeOnly.FromDateTime(local).IsBetween(From, Until))
        {
            return null;
        }

        // By the local clock at the end, so that a change of the clock inside the stretch does not shift it.
        var end = DateOnly.FromDateTime(local).ToDateTime(Until);
        end = end <= local ? end.AddDays(1) : end;
        var guess = at + (end - local);
        return guess + (end - Zone.ToLocal(guess).DateTime);
    }
}
