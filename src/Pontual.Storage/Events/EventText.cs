using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Events;

/// <summary>Reads the lines that <see cref="EventLines"/> wrote.</summary>
internal static class EventText
{
    private static readonly JsonWriterOptions Writing = new()
    {
        SkipValidation = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string Owner = ((char)EventField.Tenant).ToString();

    /// <summary>The events of lines, in order.</summary>
    public static IEnumerable<KeptEvent> Read(string lines)
    {
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var kind = root.GetProperty("k").GetString()!;
            var at = Microseconds.ToInstant(root.GetProperty("t").GetInt64());
            var node = root.TryGetProperty("n", out var name) ? name.GetString() : null;
            foreach (var parts in root.GetProperty("e").EnumerateArray())
            {
                yield return Read(parts, kind, at, node);
            }
        }
    }

    private static KeptEvent Read(JsonElement parts, string kind, DateTimeOffset groupAt, string? node)
    {
        var at = groupAt.AddMicroseconds(parts[2].GetInt64());
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            if (node is not null)
            {
                json.WriteString("node", node);
            }

            foreach (var field in parts[3].EnumerateObject())
            {
                EventFields.Tell(json, field, at);
            }

            json.WriteEndObject();
        }

        var job = parts[1].ValueKind is JsonValueKind.Null ? (long?)null : parts[1].GetInt64();
        var owner = parts[3].TryGetProperty(Owner, out var tenant) ? TenantName.Parse(tenant.GetString()!) : (TenantName?)null;
        return new KeptEvent(kind, at, parts[0].GetString()!, job, Encoding.UTF8.GetString(buffer.WrittenSpan)) { Tenant = owner };
    }
}

/// <summary>An event as it is kept, but for the name of its job.</summary>
internal sealed record KeptEvent(string Kind, DateTimeOffset At, string Subject, long? JobId, string Data)
{
    /// <summary>Whose it is, where no job says so.</summary>
    public TenantName? Tenant { get; init; }
}
