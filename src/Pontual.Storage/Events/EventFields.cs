using System.Globalization;
using System.Text.Json;

namespace Pontual.Storage.Events;

/// <summary>What an event can say, by the letter that it is kept under.</summary>
/// <remarks>A letter that was written stays what it is for ever; new fields take new letters.</remarks>
internal enum EventField : byte
{
    Alert = (byte)'A',
    Attempt = (byte)'a',
    StartedAt = (byte)'b',
    Count = (byte)'c',
    DurationMs = (byte)'d',
    Error = (byte)'e',
    ResponseCode = (byte)'h',
    ItemsProcessed = (byte)'i',
    Reason = (byte)'r',
    Rule = (byte)'R',
    ScheduledFor = (byte)'s',
    Severity = (byte)'S',
    Summary = (byte)'m',
    State = (byte)'x',

    /// <summary>Whose it is, where no job says so: not told, only minded.</summary>
    Tenant = (byte)'o',

    Trigger = (byte)'t',
    ScheduledUntil = (byte)'u',
    Revision = (byte)'v',
    NotBefore = (byte)'w',
    By = (byte)'y',
    Until = (byte)'z',
}

/// <summary>How readers are told what was kept short: instants are kept as microseconds after the event's own.</summary>
internal static class EventFields
{
    /// <summary>Writes a kept field as readers are told it; one that a later version keeps is left out.</summary>
    public static void Tell(Utf8JsonWriter json, JsonProperty kept, DateTimeOffset at)
    {
        var field = kept.Name is [var letter] ? (EventField)letter : default;
        if (NameOf(field) is not { } name)
        {
            return;
        }

        json.WritePropertyName(name);
        if (
            field
            is EventField.ScheduledFor
                or EventField.ScheduledUntil
                or EventField.StartedAt
                or EventField.NotBefore
                or EventField.Until
        )
        {
            json.WriteStringValue(InWords(at.AddMicroseconds(kept.Value.GetInt64())));
        }
        else
        {
            kept.Value.WriteTo(json);
        }
    }

    /// <summary>An instant as the API writes it.</summary>
    public static string InWords(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string? NameOf(EventField field) =>
        field switch
        {
            EventField.Alert => "alert",
            EventField.Attempt => "attempt",
            EventField.StartedAt => "started_at",
            EventField.Count => "count",
            EventField.DurationMs => "duration_ms",
            EventField.Error => "error",
            EventField.ResponseCode => "response_code",
            EventField.ItemsProcessed => "items_processed",
            EventField.Reason => "reason",
            EventField.Rule => "rule",
            EventField.ScheduledFor => "scheduled_for",
            EventField.Severity => "severity",
            EventField.Summary => "summary",
            EventField.State => "state",
            EventField.Trigger => "trigger",
            EventField.ScheduledUntil => "scheduled_until",
            EventField.Revision => "revision",
            EventField.NotBefore => "not_before",
            EventField.By => "by",
            EventField.Until => "until",
            _ => null,
        };
}
