using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Pontual.Engine.Clocks;
using Pontual.Engine.Runs;

namespace Pontual.Server.Api;

/// <summary>A run as the API shows it.</summary>
internal sealed record RunView
{
    private const int LongestListedError = 500;

    public required Guid Id { get; init; }
    public required string Job { get; init; }
    public required string State { get; init; }
    public required string? Reason { get; init; }
    public required DateTimeOffset ScheduledFor { get; init; }
    public required DateTimeOffset? ScheduledUntil { get; init; }
    public required long Count { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }
    public required long? DurationMs { get; init; }
    public required long? LatenessMs { get; init; }
    public required int Attempt { get; init; }
    public required string Trigger { get; init; }
    public required string? Node { get; init; }
    public required string Queue { get; init; }
    public required int Priority { get; init; }

    /// <summary>Pending: earliest start; null while it waits for another run of the job, or in the line of a limit.</summary>
    public required DateTimeOffset? NotBefore { get; init; }

    /// <summary>The limit that keeps it from starting; null for none.</summary>
    public required LimitWaitView? WaitsFor { get; init; }
    public required int? ResponseCode { get; init; }

    /// <summary>Whole in the detail, cut to 500 characters in lists.</summary>
    public required string? Error { get; init; }
    public required long? ItemsProcessed { get; init; }
    public required JsonNode? Parameters { get; init; }
    public required JsonNode? Result { get; init; }

    /// <summary>First to last, in the detail only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AttemptView>? Attempts { get; init; }

    /// <summary>For a list: the error is cut.</summary>
    public static RunView Listed(Run run, ScheduleClock clock) => Whole(run, clock) with { Error = Cut(run.Error) };

    /// <summary>With everything.</summary>
    public static RunView Of(RunDetail detail, ScheduleClock clock) =>
        Whole(detail.Run, clock) with
        {
            Attempts = [.. detail.Attempts.Select(AttemptView.Of)],
        };

    private static RunView Whole(Run run, ScheduleClock clock) =>
        new()
        {
            Id = run.Id,
            Job = run.Job.Text,
            State = Words.Of(run.State),
            Reason = run.Reason,
            ScheduledFor = run.DueAt,
            ScheduledUntil = run.DueUntil,
            Count = run.Count,
            StartedAt = run.StartedAt,
            FinishedAt = run.FinishedAt,
            DurationMs = Milliseconds(run.Duration),
            LatenessMs = Milliseconds(run.StartedAt - clock.RealOf(run.DueAt)),
            Attempt = run.Attempt,
            Trigger = Words.Of(run.Trigger),
            Node = run.Node,
            Queue = run.Queue,
            Priority = run.Priority,
            NotBefore = run.NotBefore,
            WaitsFor = LimitWaitView.Of(run, clock.RealOf(clock.Now)),
            ResponseCode = run.ResponseCode,
            Error = run.Error,
            ItemsProcessed = run.ItemsProcessed,
            Parameters = Json(run.Parameters),
            Result = Json(run.Result),
        };

    private static long? Milliseconds(TimeSpan? span) => span is { } known ? (long)known.TotalMilliseconds : null;

    private static string? Cut(string? error)
    {
        if (error is null || error.Length <= LongestListedError)
        {
            return error;
        }

        // Not between the halves of a surrogate pair.
        var length = char.IsHighSurrogate(error[LongestListedError - 1]) ? LongestListedError - 1 : LongestListedError;
        return error[..length];
    }

    /// <summary>The JSON a target answered; a text that is none is shown as a text.</summary>
    private static JsonNode? Json(string? text)
    {
        try
        {
            return text is null ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}

/// <summary>An attempt as the API shows it.</summary>
internal sealed record AttemptView(
    int Attempt,
    string? Node,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    long? DurationMs,
    string Outcome,
    string? Reason,
    int? ResponseCode,
    string? Error
)
{
    public static AttemptView Of(Attempt attempt) =>
        new(
            attempt.Number,
            attempt.Node,
            attempt.StartedAt,
            attempt.FinishedAt,
            attempt.FinishedAt - attempt.StartedAt is { } span ? (long)span.TotalMilliseconds : null,
            attempt.Outcome,
            attempt.Reason,
            attempt.ResponseCode,
            attempt.Error
        );
}

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="NextCursor">Hand it in as <c>cursor</c> for the next page; null at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>Of one row more than was asked for: whether that row is there tells whether another page follows.</summary>
    public static Page<T> Of<TRow>(IReadOnlyList<TRow> rows, int limit, Func<TRow, string> cursor, Func<TRow, T> view) =>
        new([.. rows.Take(limit).Select(view)], rows.Count > limit ? cursor(rows[limit - 1]) : null);
}
