namespace Pontual.Client;

/// <summary>Due times, looked at without keeping anything.</summary>
public sealed class ScheduleOperations
{
    private readonly Wire _wire;

    internal ScheduleOperations(Wire wire) => _wire = wire;

    /// <summary>The next or last due times of a schedule, with notes on what moved them.</summary>
    /// <param name="wish">The schedule, and which of its due times.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("PreviewSchedule")]
    public Task<Preview> PreviewAsync(PreviewWish wish, CancellationToken cancellation = default) =>
        _wire.SendAsync<Preview>(Call.Post("api/v1/schedules/preview", wish), cancellation);

    /// <summary>What would run in a stretch of time, what meets and what calendars leave out.</summary>
    /// <param name="wish">Which stretch; null for the next 24 hours.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ForecastSchedules")]
    public Task<Forecast> ForecastAsync(ForecastWish? wish = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Forecast>(Call.Post("api/v1/schedules/forecast", wish ?? new()), cancellation);

    /// <summary>The load of a forecast as a chart in SVG.</summary>
    /// <param name="wish">Which stretch; null for the next 24 hours.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("DrawForecast")]
    public Task<string> DrawAsync(ForecastWish? wish = null, CancellationToken cancellation = default) =>
        _wire.ReadTextAsync(Call.Post("api/v1/schedules/forecast.svg", wish ?? new()) with { Accept = "image/svg+xml" }, cancellation);
}

/// <summary>A schedule, and which of its due times to show.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="From">Exclusive; now by default.</param>
/// <param name="Before">Shows the last ones before it, in place of <paramref name="From"/>.</param>
/// <param name="Count">How many, 1 to 500; 5 by default.</param>
/// <param name="Job">Whose schedule it is: <c>H</c> and jitter are spread by the name.</param>
public sealed record PreviewWish(
    Schedule Schedule,
    DateTimeOffset? From = null,
    DateTimeOffset? Before = null,
    int? Count = null,
    string? Job = null
);

/// <summary>Due times of a schedule.</summary>
/// <param name="Occurrences">In rising order.</param>
/// <param name="Description">The schedule in words, by language (<c>en</c>, <c>pt-BR</c>); null when it never fires.</param>
/// <param name="Note">Why there are none or fewer than were asked for; null otherwise.</param>
/// <param name="Next">The next one as seen from now, in words, by language; null when there is none.</param>
/// <param name="LeftOut">Due times among and before these that calendars leave out.</param>
public sealed record Preview(
    IReadOnlyList<Occurrence> Occurrences,
    IReadOnlyDictionary<string, string>? Description,
    string? Note,
    IReadOnlyDictionary<string, string>? Next,
    IReadOnlyList<LeftOut> LeftOut
);

/// <summary>One due time.</summary>
/// <param name="At">In UTC.</param>
/// <param name="Local">In the zone.</param>
/// <param name="Note">What moved it; null for nothing.</param>
public sealed record Occurrence(string At, string Local, string? Note);

/// <summary>One due time that a calendar leaves out.</summary>
/// <param name="At">In UTC.</param>
/// <param name="Local">In the zone.</param>
/// <param name="Calendar">The calendar that says so.</param>
/// <param name="Name">What it calls that time; null when it has no name for it.</param>
/// <param name="Outside">It is outside of the calendars that the schedule keeps to.</param>
public sealed record LeftOut(string At, string Local, string Calendar, string? Name, bool Outside);
