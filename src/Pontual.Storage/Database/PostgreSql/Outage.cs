using Microsoft.Extensions.Logging;

namespace Pontual.Storage.Database.PostgreSql;

/// <summary>Says that the server is away, once and then now and again, and when it is back.</summary>
internal sealed class Outage(string place, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private volatile bool _isOn;
    private long _since;
    private long _said;
    private int _failures;

    public void Failed(Exception exception)
    {
        lock (_gate)
        {
            if (!_isOn)
            {
                (_isOn, _failures, _since, _said) = (true, 1, time.GetTimestamp(), time.GetTimestamp());
                logger.DatabaseLost(place, exception.Message);
                return;
            }

            _failures++;
            if (time.GetElapsedTime(_said) >= SayAgain)
            {
                _said = time.GetTimestamp();
                logger.DatabaseStillLost(place, time.GetElapsedTime(_since), _failures, exception.Message);
            }
        }
    }

    public void Works()
    {
        if (!_isOn)
        {
            return;
        }

        lock (_gate)
        {
            if (_isOn)
            {
                _isOn = false;
                logger.DatabaseBack(place, time.GetElapsedTime(_since), _failures);
            }
        }
    }
}
