using System.Text.Json;

namespace Pontual.Client;

/// <summary>One due time or wish of a job, with all its attempts.</summary>
public sealed record Run
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its job.</summary>
    public required string Job { get; init; }

    /// <summary><c>pending</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c>, <c>cancelled</c> or <c>skipped</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it was skipped or failed, for programs; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was due.</summary>
    public required DateTimeOffset ScheduledFor { get; init; }

    /// <summary>The last due time of a skipped stretch; null for one due time.</summary>
    public DateTimeOffset? ScheduledUntil { get; init; }

    /// <summary>How many due times it stands for; 1 but for a skipped stretch.</summary>
    public required long Count { get; init; }

    /// <summary>When its last attempt started; null when none did.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How long it took, in milliseconds; null before it ended.</summary>
    public long? DurationMs { get; init; }

    /// <summary>From due to start, in milliseconds; null before it started.</summary>
    public long? LatenessMs { get; init; }

    /// <summary>How many attempts began.</summary>
    public required int Attempt { get; init; }

    /// <summary>What asked for it: <c>schedule</c>, <c>manual</c> and others.</summary>
    public required string Trigger { get; init; }

    /// <summary>Who does or did it; null before.</summary>
    public string? Node { get; init; }

    /// <summary>Its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>-10 to 10; 10 goes first.</summary>
    public required int Priority { get; init; }

    /// <summary>The earliest start of a pending run; null while it waits for another run, or in the line of a limit.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The limit that keeps it from starting; null for none.</summary>
    public LimitWait? WaitsFor { get; init; }

    /// <summary>What the target answered: a status of HTTP or an exit code.</summary>
    public int? ResponseCode { get; init; }

    /// <summary>What went wrong; cut to 500 characters in lists.</summary>
    public string? Error { get; init; }

    /// <summary>What the target counted.</summary>
    public long? ItemsProcessed { get; init; }

    /// <summary>What whoever asked for it gave; any JSON.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>What the target answered; any JSON.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>First to last; null in lists.</summary>
    public IReadOnlyList<Attempt>? Attempts { get; init; }

    /// <summary>Whether it has ended.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasEnded => State is not ("pending" or "running");
}

/// <summary>One try of a run.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Node">Who did it.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="FinishedAt">When it ended; null before.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="Outcome">How it ended, for programs.</param>
/// <param name="Reason">Why it failed, for programs; null when it did not.</param>
/// <param name="ResponseCode">A status of HTTP or an exit code.</param>
/// <param name="Error">What went wrong.</param>
public sealed record Attempt(
    [property: System.Text.Json.Serialization.JsonPropertyName("attempt")] int Number,
    string? Node,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    long? DurationMs,
    string Outcome,
    string? Reason,
    int? ResponseCode,
    string? Error
);

/// <summary>What a run waits for.</summary>
/// <param name="Scope"><c>queue</c> or <c>key</c>.</param>
/// <param name="Name">The queue or key.</param>
/// <param name="Text">The same in words.</param>
/// <param name="NextAt">When the limit's rate lets the next start; null where that is not later than now.</param>
public sealed record LimitWait(string Scope, string Name, string Text, DateTimeOffset? NextAt);

/// <summary>What a wish to cancel came to.</summary>
/// <param name="RunId">The run.</param>
/// <param name="State"><c>cancelled</c>, or <c>cancelling</c> while the target is being stopped.</param>
public sealed record Cancellation(Guid RunId, string State);

/// <summary>What a run printed, in pieces.</summary>
/// <param name="Items">The pieces, in order.</param>
/// <param name="Next">Hand it in as <c>after</c> to read on.</param>
public sealed record Output(IReadOnlyList<OutputPiece> Items, long Next);

/// <summary>A piece of what a run printed.</summary>
/// <param name="Sequence">Its number in the run.</param>
/// <param name="At">When it was printed.</param>
/// <param name="Text">What was printed.</param>
public sealed record OutputPiece(long Sequence, DateTimeOffset At, string Text);

/// <summary>What came of a run whose target answered 202.</summary>
/// <param name="State"><c>succeeded</c> or <c>failed</c>.</param>
/// <param name="Result">Any JSON; null for none.</param>
/// <param name="Error">What went wrong; at most 10000 characters.</param>
public sealed record CallbackResult(string State, JsonElement? Result = null, string? Error = null);
