using System.Text.Json;
using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;

namespace Pontual.Storage.Requests;

/// <summary>The request for another period, due time, pause or state of a job that runs every so many hours, as its view writes it.</summary>
internal static class IntervalRequest
{
    public const string Kind = "interval";

    public static IntervalEdit Read(string args, Actor by)
    {
        using var json = JsonDocument.Parse(args);
        var root = json.RootElement;
        return new IntervalEdit
        {
            Hours = Get("hours")?.GetInt32(),
            NextDue = Get("next_run")?.GetDateTimeOffset(),
            IsActive = Get("active")?.GetBoolean(),
            Description = Get("description")?.GetString(),
            Reset = Get("reset") is not null,
            Remove = Get("remove") is not null,
            By = by,
        };

        JsonElement? Get(string key) => root.TryGetProperty(key, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
    }
}
