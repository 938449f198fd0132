using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pontual.Engine.Events;
using Pontual.Engine.Tenants;
using Pontual.Engine.Workers;
using Pontual.Server.Api;

namespace Pontual.Server.Realtime;

/// <summary>An event as it goes out: written once, the same bytes for every client.</summary>
/// <param name="Event">The event.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Json">The whole event, UTF-8.</param>
internal sealed record EventMessage(LoggedEvent Event, string Topic, byte[] Json)
{
    private static readonly JsonWriterOptions Writing = new()
    {
        SkipValidation = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Its place in the log.</summary>
    public long Cursor => Event.Cursor;

    /// <summary>Whether callers of a tenant may see it: what is of no tenant, the default one's may; nodes as the list of nodes shows them.</summary>
    public bool IsFor(TenantName tenant) =>
        Event.Tenant is { } owner ? owner == tenant
        : Topic == "nodes" ? WorkerName.MaySee(tenant, Event.Subject)
        : tenant.IsDefault;

    public static EventMessage Of(LoggedEvent logged)
    {
        var topic = EventTopic.Of(logged.Kind);
        var buffer = new ArrayBufferWriter<byte>(320);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteNumber("cursor", logged.Cursor);
            json.WriteString("at", Instants.Format(logged.At));
            json.WriteString("topic", topic);
            json.WriteString("kind", logged.Kind);
            json.WriteString("subject", logged.Subject);
            json.WriteString("job", logged.Job?.Text);
            json.WritePropertyName("data");
            json.WriteRawValue(logged.Data, skipInputValidation: true);
            json.WriteEndObject();
        }

        return new EventMessage(logged, topic, buffer.WrittenSpan.ToArray());
    }
}
