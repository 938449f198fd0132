using Pontual.Engine.Tenants;

namespace Pontual.Engine.Requests;

/// <summary>Keeps what requests with an <c>Idempotency-Key</c> came to, so that who sends one again gets the first one's answer and nothing happens twice.</summary>
/// <remarks>draft-ietf-httpapi-idempotency-key-header. Keys are kept for 24 hours.</remarks>
public interface IIdempotencyStore
{
    /// <summary>Takes a key for a request, or tells what became of the request that took it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fingerprint">A hash of the request: a key is for one request.</param>
    /// <param name="now">The instant of the request.</param>
    /// <param name="cancellation">Stops waiting; the key may then be taken until it counts as left behind.</param>
    Task<KeyState> TakeAsync(IdempotencyKey key, ReadOnlyMemory<byte> fingerprint, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Keeps the answer of the request that took the key.</summary>
    Task AnswerAsync(IdempotencyKey key, KeptAnswer answer, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Gives a key back: its request was refused, so that it may be sent again, mended or not.</summary>
    Task ReleaseAsync(IdempotencyKey key, CancellationToken cancellation);
}

/// <summary>A caller's key.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Caller">The caller's subject: two callers' keys are two keys.</param>
/// <param name="Key">As it was sent.</param>
public readonly record struct IdempotencyKey(TenantName Tenant, string Caller, string Key);

/// <summary>An answer as it was given.</summary>
/// <param name="Status">HTTP status, 2xx.</param>
/// <param name="Location">Header; null for none.</param>
/// <param name="ETag">Header; null for none.</param>
/// <param name="ContentType">Header; null for none.</param>
/// <param name="Body">The body; null when it was not kept because it held a secret.</param>
public sealed record KeptAnswer(int Status, string? Location, string? ETag, string? ContentType, ReadOnlyMemory<byte>? Body);

/// <summary>How a key stands. Closed: these and no others.</summary>
public abstract record KeyState
{
    private KeyState() { }

    /// <summary>It is this request's: carry it out, then answer or release. The same <paramref name="FirstAt"/> comes back to who takes a key that was left behind.</summary>
    /// <param name="FirstAt">When the key was first seen.</param>
    public sealed record Taken(DateTimeOffset FirstAt) : KeyState;

    /// <summary>The first request is not done.</summary>
    public sealed record InProgress : KeyState;

    /// <summary>It was taken by another request.</summary>
    public sealed record OtherRequest : KeyState;

    /// <summary>The first request came to this.</summary>
    public sealed record Answered(KeptAnswer Answer) : KeyState;
}
