namespace Pontual.Client;

/// <summary>Calendars: days and hours that schedules keep to or leave out.</summary>
public sealed class CalendarOperations
{
    private const string Path = "api/v1/calendars";

    private readonly Wire _wire;

    internal CalendarOperations(Wire wire) => _wire = wire;

    /// <summary>All calendars in the order of their names, without those that are built in.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListCalendars")]
    public Task<Page<Calendar>> ListAsync(CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<Calendar>>(Call.Get(Path), cancellation);

    /// <summary>A calendar; of one that is built in (br, br-SP, weekends, …) its name.</summary>
    /// <param name="calendar">Its name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowCalendar")]
    public Task<Calendar> GetAsync(string calendar, CancellationToken cancellation = default) =>
        _wire.SendAsync<Calendar>(Call.Get(Of(calendar)), cancellation);

    /// <summary>Defines or replaces a calendar. Jobs that name it go by it from their next planning on.</summary>
    /// <param name="calendar">Its name, the same as in the definition.</param>
    /// <param name="definition">What it covers.</param>
    /// <param name="ifMatch">The <see cref="Calendar.ETag"/> the change is based on; null for whatever stands.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("PutCalendar")]
    public Task<Calendar> PutAsync(
        string calendar,
        CalendarDefinition definition,
        string? ifMatch = null,
        CancellationToken cancellation = default
    ) => _wire.SendAsync<Calendar>(Call.Put(Of(calendar), definition) with { IfMatch = ifMatch }, cancellation);

    /// <summary>Removes a calendar that no job names.</summary>
    /// <param name="calendar">Its name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("DeleteCalendar")]
    public Task DeleteAsync(string calendar, CancellationToken cancellation = default) =>
        _wire.SendAsync(Call.Delete(Of(calendar)), cancellation);

    /// <summary>What a calendar covers, both days included.</summary>
    /// <param name="calendar">Its name.</param>
    /// <param name="from">The first day; today by default.</param>
    /// <param name="to">The last day; a year later by default, at most ten years.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowCalendarDays")]
    public Task<Coverage> DaysAsync(
        string calendar,
        DateOnly? from = null,
        DateOnly? to = null,
        CancellationToken cancellation = default
    ) => _wire.SendAsync<Coverage>(Call.Get($"{Of(calendar)}/days", ("from", from), ("to", to)), cancellation);

    private static string Of(string calendar) => $"{Path}/{Call.Part(calendar)}";
}
