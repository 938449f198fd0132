using Polly;
using Polly.CircuitBreaker;

namespace Pontual.Engine.Circuits;

/// <summary>Judges on one node, from what calls came to, when a circuit opens: a row of failures, or (Polly) their share in a window.</summary>
/// <remarks>Made at the first failure, so that what never fails costs nothing. What follows from its judgement is decided for all nodes in the database,
/// so that Polly's own open and half-open states are not used: a count that has tripped is thrown away.</remarks>
internal sealed class FailureCount
{
    private const double Share = 0.5;

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<bool> _window;
    private readonly int _inARow;
    private readonly TimeSpan _quiet;
    private readonly TimeProvider _time;
    private int _row;
    private int _tripped;

    public FailureCount(CircuitOptions options, TimeProvider time)
    {
        (_inARow, _quiet, _time) = (options.InARow, options.Quiet, time);
        _window = new ResiliencePipelineBuilder<bool> { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<bool>
                {
                    FailureRatio = Share,
                    MinimumThroughput = options.InWindow,
                    SamplingDuration = options.Window,
                    BreakDuration = options.OpenFor,
                    ShouldHandle = static end => ValueTask.FromResult(end.Outcome.Result),
                    StateProvider = _state,
                }
            )
            .Build();
    }

    /// <param name="failed">What the latest call came to.</param>
    /// <param name="answeredAt">The time stamp of the latest call that did not fail; null for none.</param>
    /// <returns>True for exactly one call: the one with which the circuit opens.</returns>
    public bool Trips(bool failed, long? answeredAt)
    {
        var row = failed ? Interlocked.Increment(ref _row) : Interlocked.Exchange(ref _row, 0);
        try
        {
            _window.Execute(static failed => failed, failed);
        }
        catch (BrokenCircuitException)
        {
            // It has tripped already.
        }

        return failed
            && (
                (row >= _inARow && !(answeredAt is { } at && _time.GetElapsedTime(at) < _quiet))
                || _state.CircuitState is not Polly.CircuitBreaker.CircuitState.Closed
            )
            && Interlocked.Exchange(ref _tripped, 1) == 0;
    }
}
