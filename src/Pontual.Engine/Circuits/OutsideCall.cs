using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Circuits;

/// <summary>The leave to call something outside, or the refusal.</summary>
public readonly struct OutsideCall
{
    private readonly Outside? _outside;
    private readonly string _node;
    private readonly bool _isProbe;

    internal OutsideCall(Outside outside, string node, bool isProbe) => (_outside, _node, _isProbe) = (outside, node, isProbe);

    /// <summary>A refusal.</summary>
    public OutsideCall(OutsideRefusal refusal) => (Refusal, _node) = (refusal, "");

    /// <summary>Why it may not go; null when it may.</summary>
    public OutsideRefusal? Refusal { get; }

    /// <summary>Tells what the call came to. Never throws: what cannot be kept in the database holds on this node.</summary>
    public ValueTask EndAsync(CallEnd end) => _outside?.EndAsync(end, _node, _isProbe) ?? ValueTask.CompletedTask;
}

/// <summary>Why a call may not go.</summary>
/// <param name="IsCircuit">The circuit is open; else a rate or an answer of 429 holds it up.</param>
/// <param name="Message">For people.</param>
/// <param name="Wait">When it is worth asking again.</param>
public sealed record OutsideRefusal(bool IsCircuit, string Message, TimeSpan Wait)
{
    private const string Head = "circuit open: ";
    private const string Tail = " was not called, for ";

    /// <summary>The circuit that an attempt's error names as the reason; null where it is no such error.</summary>
    public static string? CircuitIn(string? error) =>
        error is not null
        && error.StartsWith(Head, StringComparison.Ordinal)
        && error.IndexOf(Tail, StringComparison.Ordinal) is > 0 and var end
            ? error[Head.Length..end]
            : null;

    internal static string Open(string circuit, string why) => $"{Head}{circuit}{Tail}{why}";

    /// <summary>What that makes of an attempt: an open circuit fails it, a rate gives it back until its turn.</summary>
    public Outcome ToOutcome() =>
        IsCircuit ? new Outcome.Failure(FailureKinds.CircuitOpen, Message, RetryAfter: Wait) : new Outcome.Held(Message, Wait);
}

/// <summary>What a call says of what was called.</summary>
public readonly record struct CallEnd
{
    private CallEnd(CallEndKind kind, string? reason = null, TimeSpan? wait = null) => (Kind, Reason, Wait) = (kind, reason, wait);

    internal CallEndKind Kind { get; }

    internal string? Reason { get; }

    internal TimeSpan? Wait { get; }

    /// <summary>Nothing: it was stopped, or never got so far.</summary>
    public static CallEnd Unknown => default;

    /// <summary>It is there: it answered, if only by refusing.</summary>
    public static CallEnd Answered => new(CallEndKind.Answered);

    /// <summary>It is not there, or it is broken.</summary>
    /// <param name="reason">What went wrong, for people; no secrets.</param>
    public static CallEnd Failed(string reason) => new(CallEndKind.Failed, reason);

    /// <summary>It asks not to be called for a while (429).</summary>
    /// <param name="wait">For how long; null when it did not say.</param>
    public static CallEnd TooMany(TimeSpan? wait) => new(CallEndKind.TooMany, wait: wait);
}

/// <summary>Kinds of ends.</summary>
internal enum CallEndKind
{
    /// <summary>Nothing is known.</summary>
    Unknown,

    /// <summary>It answered.</summary>
    Answered,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It answered 429.</summary>
    TooMany,
}
