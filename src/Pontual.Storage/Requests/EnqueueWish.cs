using System.Text.Json;
using Pontual.Engine.Clocks;
using Pontual.Engine.Runs;

namespace Pontual.Storage.Requests;

/// <summary>The request for a run, as pontual.enqueue writes it.</summary>
internal static class EnqueueWish
{
    public const string Kind = "enqueue";

    /// <summary>Due when it was asked for, so that the time it took to be taken is seen.</summary>
    public static EnqueueRequest Read(AskedRequest request, ScheduleClock clock)
    {
        using var json = JsonDocument.Parse(request.Args);
        var due = json.RootElement.GetProperty("due").GetDateTimeOffset();
        return new EnqueueRequest(
            request.Id,
            request.JobId,
            RunTrigger.Manual,
            clock.Of(due),
            due,
            json.RootElement.TryGetProperty("parameters", out var parameters) ? parameters.GetString() : null,
            Priority: json.RootElement.TryGetProperty("priority", out var priority) ? priority.GetInt32() : null
        );
    }
}
