using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pontual.Client;

/// <summary>What a calendar covers. <c>docs/reference/calendars.md</c> has the shapes of what is JSON here.</summary>
public record CalendarDefinition
{
    /// <summary>Its name: letters, digits, '.', '_' and '-'.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>An IANA id; that of a job's schedule by default.</summary>
    public string? Zone { get; init; }

    /// <summary>Holidays of a country.</summary>
    public Holidays? Holidays { get; init; }

    /// <summary>Days: a text, an object with date and name, or a list of both.</summary>
    public JsonElement? Dates { get; init; }

    /// <summary>Days of the week: <c>SAT, SUN</c>, or a list.</summary>
    public JsonElement? Weekdays { get; init; }

    /// <summary>Hours by days of the week; each a text or a list.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Hours { get; init; }

    /// <summary>Stretches of time: an object, or a list.</summary>
    public JsonElement? Windows { get; init; }

    /// <summary>The text of an iCalendar file.</summary>
    public string? Ical { get; init; }

    /// <summary>In files of definitions only: the path of an iCalendar file beside them.</summary>
    [JsonPropertyName("ical-file")]
    public string? IcalFile { get; init; }
}

/// <summary>Holidays of a country.</summary>
/// <param name="Country"><c>br</c>.</param>
/// <param name="State">Also those of a state.</param>
/// <param name="City">Also those of its capital.</param>
/// <param name="Optional">Whether optional days count.</param>
public sealed record Holidays(string Country, string? State = null, string? City = null, bool? Optional = null);

/// <summary>A calendar that is kept, or the name of one that is built in.</summary>
public sealed record Calendar : CalendarDefinition
{
    /// <summary>Grows with each change; null of one that is built in.</summary>
    public int? Revision { get; init; }

    /// <summary>When it was changed last; null of one that is built in.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Whether it is built in; null when it is not.</summary>
    public bool? BuiltIn { get; init; }

    /// <summary>For <c>ifMatch</c>: the change is refused when somebody else made one since. Null of one that is built in.</summary>
    [JsonIgnore]
    public string? ETag => Revision is { } revision ? $"\"{revision}\"" : null;
}

/// <summary>What a calendar covers over some days.</summary>
/// <param name="Days">Days it covers as a whole.</param>
/// <param name="Windows">Stretches of time it covers beside them.</param>
/// <param name="Truncated">There are more windows than are shown.</param>
public sealed record Coverage(IReadOnlyList<CoveredDay> Days, IReadOnlyList<CoveredWindow> Windows, bool Truncated);

/// <summary>A day that is covered as a whole.</summary>
/// <param name="Date">2026-01-31.</param>
/// <param name="Name">What the calendar calls it; null when it has no name for it.</param>
public sealed record CoveredDay(string Date, string? Name);

/// <summary>A stretch of time that is covered.</summary>
/// <param name="From">Inclusive, in UTC.</param>
/// <param name="To">Exclusive, in UTC.</param>
/// <param name="Name">What the calendar calls it; null when it has no name for it.</param>
public sealed record CoveredWindow(string From, string To, string? Name);
