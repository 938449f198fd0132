namespace Pontual.Scheduling.Schedules;

/// <summary>One instant a schedule yields, ready to be shown.</summary>
/// <param name="At">The instant, in UTC.</param>
/// <param name="Local">The same instant on the clocks of the zone it is shown in.</param>
/// <param name="Note">One sentence when a change of the clock moved, merged or repeated this run; null otherwise.</param>
public sealed record Occurrence(DateTimeOffset At, DateTimeOffset Local, string? Note);
