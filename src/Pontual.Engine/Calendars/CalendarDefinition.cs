using System.Text.Json;
using Pontual.Scheduling.Calendars;

namespace Pontual.Engine.Calendars;

/// <summary>A calendar as a person wrote it, checked. Its JSON and YAML shape is <see cref="CalendarDocument"/>'s.</summary>
/// <param name="Name">What jobs call it: the shape of a job's name, and no name that is built in.</param>
/// <param name="Description">One line for people; null when not given.</param>
/// <param name="Document">As it was written, so that an export reads as the person wrote it.</param>
/// <param name="Calendar">What it covers.</param>
public sealed record CalendarDefinition(string Name, string? Description, JsonElement Document, Calendar Calendar);

/// <summary>A calendar as it is kept.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="Revision">Grows by one with each change; 1 at first.</param>
/// <param name="UpdatedAt">When it last changed.</param>
public sealed record StoredCalendar(CalendarDefinition Definition, int Revision, DateTimeOffset UpdatedAt);
