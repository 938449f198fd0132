using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Alerts;

/// <summary>A notice as JSON: what webhooks get, and how it is kept, so that repeated deliveries say the same whatever became of the alert meanwhile.</summary>
public static class NoticeDocument
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it: <c>{"id","kind","at","tenant","route","text","alert":{…}}</c>, instants in UTC as RFC 3339.</summary>
    public static string Write(Notice notice)
    {
        var json = new JsonObject
        {
            ["id"] = notice.Id,
            ["kind"] = notice.Kind,
            ["at"] = Instant(notice.At),
            ["tenant"] = notice.Tenant.ToString(),
            ["route"] = notice.Route,
            ["text"] = NoticeText.Of(notice),
            ["alert"] = notice.Alert is { } alert ? Of(alert) : null,
        };
        return json.ToJsonString(Readable);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static Notice Read(string text)
    {
        var json = JsonElement.Parse(text);
        var tenant = TenantName.Parse(json.GetProperty("tenant").GetString()!);
        var at = json.GetProperty("at").GetDateTimeOffset();
        var alert = json.GetProperty("alert");
        return new Notice(
            json.GetProperty("id").GetGuid(),
            tenant,
            json.GetProperty("route").GetString()!,
            json.GetProperty("kind").GetString()!,
            at,
            at,
            alert.ValueKind is JsonValueKind.Object ? AlertOf(alert, tenant) : null,
            json.GetProperty("text").GetString()
        );
    }

    private static JsonObject Of(Alert alert) =>
        new()
        {
            ["id"] = alert.Id,
            ["rule"] = alert.Key.Rule,
            ["subject"] = alert.Key.Subject,
            ["severity"] = AlertSettingsDocument.Word(alert.Severity),
            ["summary"] = alert.Summary,
            ["facts"] = new JsonObject(alert.Facts.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)fact.Value))),
            ["since"] = alert.Since is { } since ? Instant(since) : null,
            ["opened_at"] = Instant(alert.OpenedAt),
            ["resolved_at"] = alert.ResolvedAt is { } over ? Instant(over) : null,
        };

    private static Alert AlertOf(JsonElement json, TenantName tenant)
    {
        var opened = json.GetProperty("opened_at").GetDateTimeOffset();
        return new Alert(
            json.GetProperty("id").GetGuid(),
            new AlertKey(tenant, json.GetProperty("rule").GetString()!, json.GetProperty("subject").GetString()!),
            AlertSettingsDocument.Severities[json.GetProperty("severity").GetString()!],
            json.GetProperty("summary").GetString()!,
            opened,
            opened
        )
        {
            Facts = json.GetProperty("facts").EnumerateObject().ToDictionary(fact => fact.Name, fact => fact.Value.GetString()!),
            Since = InstantOrNull(json.GetProperty("since")),
            ResolvedAt = InstantOrNull(json.GetProperty("resolved_at")),
        };
    }

    private static DateTimeOffset? InstantOrNull(JsonElement json) =>
        json.ValueKind is JsonValueKind.Null ? null : json.GetDateTimeOffset();

    private static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
}
