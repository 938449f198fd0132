namespace Pontual.Scheduling.Calendars.Ical;

/// <summary>Something in an iCalendar text that could not be understood; the event it belongs to is not among the entries.</summary>
/// <param name="Line">Where, from 1, in the text as it was given.</param>
/// <param name="Message">What, as a sentence.</param>
public sealed record IcalProblem(int Line, string Message);

/// <summary>What an iCalendar text says.</summary>
/// <param name="Entries">Its events. Those with status CANCELLED are left out.</param>
/// <param name="Problems">What was not understood; empty when everything was.</param>
public sealed record IcalReading(IReadOnlyList<CalendarEntry> Entries, IReadOnlyList<IcalProblem> Problems);

/// <summary>Stops the reading of one event.</summary>
internal sealed class IcalException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
