using Microsoft.Extensions.Logging;
using Pontual.Engine.Clocks;

namespace Pontual.Engine.Nodes;

/// <summary>How far this machine's clock is off the database's; says so once when it becomes more than a second, and once when it agrees again.</summary>
internal sealed class ClockOffset(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private bool _isOff;

    /// <summary>The offset as of now; null where time does not go by a database.</summary>
    public TimeSpan? Now => (time as DatabaseTime)?.MachineOffset;

    /// <summary>Looks at it.</summary>
    public void Judge()
    {
        if (Now is not { } offset || offset.Duration() > Tolerance == _isOff)
        {
            return;
        }

        _isOff = !_isOff;
        if (_isOff)
        {
            logger.ClockIsOff(offset);
        }
        else
        {
            logger.ClockAgrees(offset);
        }
    }
}
