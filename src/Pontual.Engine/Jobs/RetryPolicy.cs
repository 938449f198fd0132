namespace Pontual.Engine.Jobs;

/// <summary>How often and when a failed run is tried again.</summary>
/// <param name="MaxAttempts">Attempts in all, the first included; 1 or more.</param>
/// <param name="FirstDelay">The shortest wait; the longest wait of the first retry is twice this, and doubles with each further one.</param>
/// <param name="MaxDelay">The longest wait of all.</param>
/// <param name="On">Kinds of failure that are worth another attempt.</param>
public sealed record RetryPolicy(int MaxAttempts, TimeSpan FirstDelay, TimeSpan MaxDelay, FailureKinds On)
{
    /// <summary>One attempt, no retry: what a job has when it says nothing.</summary>
    public static RetryPolicy None { get; } = new(1, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), FailureKinds.Transient);

    /// <summary>The wait after attempt number <paramref name="attempt"/> failed: full jitter between <see cref="FirstDelay"/> and a bound that doubles.</summary>
    /// <param name="attempt">The attempt that failed, 1 or more.</param>
    /// <param name="random">A number in [0, 1).</param>
    public TimeSpan DelayAfter(int attempt, double random)
    {
        var bound = Math.Min(MaxDelay.TotalSeconds, FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(attempt, 40)));
        var spread = Math.Max(0, bound - FirstDelay.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Min(FirstDelay.TotalSeconds, MaxDelay.TotalSeconds) + (spread * random));
    }

    /// <summary>Whether a failure of this kind after this attempt is followed by another.</summary>
    public bool Allows(FailureKinds kind, int attempt) =>
        attempt < MaxAttempts && (On & (kind is FailureKinds.CircuitOpen ? OpensCircuits : kind)) != FailureKinds.None;

    private const FailureKinds OpensCircuits = FailureKinds.CircuitOpen | FailureKinds.Network | FailureKinds.ServerError;
}

/// <summary>Why an attempt failed, as far as retrying goes. One bit each, so that a policy is a set.</summary>
[Flags]
public enum FailureKinds
{
    /// <summary>No kind.</summary>
    None = 0,

    /// <summary>Name, connection, TLS or transport failed ("network").</summary>
    Network = 1,

    /// <summary>The attempt took longer than the job's timeout ("timeout").</summary>
    Timeout = 2,

    /// <summary>An HTTP answer of 500 to 599 ("5xx").</summary>
    ServerError = 4,

    /// <summary>An HTTP answer of 429 ("429").</summary>
    TooManyRequests = 8,

    /// <summary>Another HTTP answer that is no success ("4xx").</summary>
    ClientError = 16,

    /// <summary>A process ended with a non-zero exit code or by a signal ("exit").</summary>
    Exit = 32,

    /// <summary>A handler threw, or the target reported failure in its answer ("error").</summary>
    Error = 64,

    /// <summary>The node lost its lease: it died, hung, or was cut off ("lease-lost").</summary>
    LeaseLost = 128,

    /// <summary>The target cannot be run as it is written: unknown handler, missing program, refused address ("target").</summary>
    Target = 256,

    /// <summary>It was not called, for it failed again and again just before ("circuit-open"). A policy that allows retries after <see cref="Network"/> or
    /// <see cref="ServerError"/>, which open circuits, allows them after this too.</summary>
    CircuitOpen = 512,

    /// <summary>What may well succeed the next time: the default set.</summary>
    Transient = Network | Timeout | ServerError | TooManyRequests | Exit | Error | LeaseLost | CircuitOpen,
}
