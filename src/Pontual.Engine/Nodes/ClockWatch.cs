using Microsoft.Extensions.Logging;
using Pontual.Engine.Clocks;

namespace Pontual.Engine.Nodes;

/// <summary>Compares clocks with the time that really went by, and notices when somebody set one, or when this machine slept.</summary>
/// <remarks>Two may be looked at: the clock that due times and leases go by, and, where that is the database's, this machine's own. After a jump forward of the
/// first every lease in the store looks ended, though its node lives. Nobody is therefore declared dead for the length of a lease: time enough for
/// the living to renew. A jump forward of the second may mean that this machine was suspended, which no monotonic time counts.</remarks>
internal sealed class ClockWatch(LeaseOptions options, TimeProvider time, ILogger<ClockWatch> logger)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private readonly DatabaseTime? _shared = time as DatabaseTime;
    private readonly Lock _gate = new();
    private Look? _last;
    private Look? _confirmed;
    private long? _jumpedForwardAt;

    /// <summary>Looks at the clocks.</summary>
    /// <returns>True when one was set, by more than a second, since the last look. The first look finds nothing.</returns>
    public bool Jumped()
    {
        lock (_gate)
        {
            var now = Take();
            if (_last is not { } last)
            {
                _last = now;
                return false;
            }

            _last = now;
            var elapsed = time.GetElapsedTime(last.Stamp, now.Stamp);
            var by = now.Clock - last.Clock - elapsed;
            var machineBy = now.Machine - last.Machine - elapsed;
            if (by.Duration() > Tolerance)
            {
                _jumpedForwardAt = by > TimeSpan.Zero ? now.Stamp : _jumpedForwardAt;
                logger.ClockJumped(by);
                return true;
            }

            if (_shared is not null && machineBy.Duration() > Tolerance)
            {
                logger.MachineClockJumped(machineBy);
                return true;
            }

            return false;
        }
    }

    /// <summary>A renewal of this node's lease was confirmed: up to now it is known not to have slept through one.</summary>
    public void Confirm()
    {
        lock (_gate)
        {
            _confirmed = Take();
        }
    }

    /// <summary>Whether this machine's clock went ahead of its monotonic time since the lease was confirmed.</summary>
    public bool MayHaveSlept
    {
        get
        {
            lock (_gate)
            {
                return _confirmed is { } confirmed && MachineNow - confirmed.Machine - time.GetElapsedTime(confirmed.Stamp) > Tolerance;
            }
        }
    }

    /// <summary>Whether leases in the store may be judged by the clock: not for the length of one after a jump forward.</summary>
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

    private DateTimeOffset MachineNow => _shared?.MachineNow ?? time.GetUtcNow();

    private Look Take() => new(time.GetUtcNow(), MachineNow, time.GetTimestamp());

    private readonly record struct Look(DateTimeOffset Clock, DateTimeOffset Machine, long Stamp);
}
