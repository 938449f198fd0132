using Microsoft.Extensions.Logging;

namespace Pontual.Engine.Nodes;

/// <summary>Compares the wall clock with the time that really went by, and notices when somebody set the clock.</summary>
/// <remarks>After a jump forward every lease in the store looks ended, though its node lives. Nobody is therefore declared dead for the
/// length of a lease: time enough for the living to renew.</remarks>
internal sealed class ClockWatch(LeaseOptions options, TimeProvider time, ILogger<ClockWatch> logger)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private DateTimeOffset _wall = time.GetUtcNow();
    private long _stamp = time.GetTimestamp();
    private long? _jumpedForwardAt;

    /// <summary>Looks at both clocks.</summary>
    /// <returns>True when the wall clock was set, by more than a second, since the last look.</returns>
    public bool Jumped()
    {
        lock (_gate)
        {
            var wall = time.GetUtcNow();
            var stamp = time.GetTimestamp();
            var by = wall - _wall - time.GetElapsedTime(_stamp, stamp);
            (_wall, _stamp) = (wall, stamp);
            if (by.Duration() <= Tolerance)
            {
                return false;
            }

            _jumpedForwardAt = by > TimeSpan.Zero ? stamp : _jumpedForwardAt;
            logger.ClockJumped(by);
            return true;
        }
    }

    /// <summary>Whether leases in the store may be judged by the wall clock: not for the length of one after a jump forward.</summary>
    public bool LeasesCanBeJudged
    {
        get
        {
            lock (_gate)
            {
                return _jumpedForwardAt is not { } at || time.GetElapsedTime(at) > options.Duration;
            }
        }
    }
}
