using System.Text.Json;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>Reads what the product says in the end, through its API.</summary>
internal static class FinalRead
{
    /// <summary>Every run.</summary>
    public static async Task<List<Run>> RunsAsync(HttpClient client, Uri node)
    {
        List<Run> rows = [];
        string? cursor = null;
        do
        {
            using var page = await GetAsync(client, new Uri(node, $"api/v1/runs?limit=500{(cursor is null ? "" : $"&cursor={cursor}")}"));
            rows.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(ToRun));
            cursor = page.RootElement.GetProperty("next_cursor").GetString();
        } while (cursor is not null);

        return rows;
    }

    /// <summary>What each job that carries a value says.</summary>
    public static async Task<Dictionary<string, string?>> ValuesAsync(HttpClient client, Uri node)
    {
        var values = new Dictionary<string, string?>();
        foreach (var name in Workload.Written)
        {
            using var job = await GetAsync(client, new Uri(node, $"api/v1/jobs/{name}"));
            values[name] = job.RootElement.GetProperty("description").GetString();
        }

        return values;
    }

    /// <summary>A run as the API shows it.</summary>
    public static Run ToRun(JsonElement json)
    {
        DateTimeOffset? Time(string name) =>
            json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetDateTimeOffset() : null;
        long? Number(string name) =>
            json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetInt64() : null;
        return new Run
        {
            Id = json.GetProperty("id").GetGuid(),
            JobId = 0,
            Job = JobName.Parse(json.GetProperty("job").GetString()!),
            Trigger = Enum.Parse<RunTrigger>(json.GetProperty("trigger").GetString()!, ignoreCase: true),
            DueAt = Time("scheduled_for")!.Value,
            DueUntil = Time("scheduled_until"),
            Count = Number("count") ?? 1,
            State = Enum.Parse<RunState>(json.GetProperty("state").GetString()!, ignoreCase: true),
            Reason = json.GetProperty("reason").GetString(),
            Attempt = json.GetProperty("attempt").GetInt32(),
            StartedAt = Time("started_at"),
            FinishedAt = Time("finished_at"),
            Node = json.GetProperty("node").GetString(),
            Error = json.GetProperty("error").GetString(),
            ItemsProcessed = Number("items_processed"),
        };
    }

    // A node that just came back may need a moment, and a page of a big history too.
    private static async Task<JsonDocument> GetAsync(HttpClient client, Uri uri) =>
        await Wait.ForAsync(
            "answer",
            TimeSpan.FromSeconds(60),
            async () =>
            {
                try
                {
                    return JsonDocument.Parse(await client.GetStringAsync(uri));
                }
                catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException)
                {
                    return null;
                }
            }
        );
}
