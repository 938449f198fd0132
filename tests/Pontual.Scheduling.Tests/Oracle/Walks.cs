using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Tests.Oracle;

/// <summary>Walks through schedules that tests need and programs do not.</summary>
internal static class Walks
{
    /// <summary>All occurrences at or before an instant, the last first, computed as they are read.</summary>
    public static IEnumerable<DateTimeOffset> Backward(this Schedule schedule, DateTimeOffset until)
    {
        var before = until.AddTicks(1);
        while (schedule.Previous(before) is { } at)
        {
            if (at >= before)
            {
                throw new InvalidOperationException($"{schedule} answered {at:O}, which is not before {before:O}.");
            }

            yield return at;
            before = at;
        }
    }
}
