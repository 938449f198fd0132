using Pontual.Engine.Limits;

namespace Pontual.Server.Checks;

/// <summary>Bounds how many pings of one check this node takes in a period, so that a loop gone wild costs the others nothing.</summary>
internal sealed class PingRates(TimeProvider time)
{
    /// <summary>Most pings of a check: a run each second that tells its start and its end.</summary>
    public static readonly Rate Most = new(120, TimeSpan.FromMinutes(1));

    /// <summary>Above this, checks whose rate is whole again are forgotten.</summary>
    private const int MostKnown = 10_000;

    private static readonly Limit Bound = new(null, Most, Most.Count);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LimitUse> _uses = new(StringComparer.Ordinal);

    /// <summary>Counts a ping of this key.</summary>
    /// <returns>Null when it is admitted; else how long to wait.</returns>
    public TimeSpan? Take(string key)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var use = _uses.GetValueOrDefault(key, new LimitUse(Bound, null, 0));
            if (use.Room(now) == 0)
            {
                return use.Opens!.Value - now;
            }

            if (_uses.Count >= MostKnown)
            {
                Forget(now);
            }

            _uses[key] = use.Started(now);
            return null;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var key in _uses.Where(use => use.Value.Tat <= now).Select(use => use.Key).ToList())
        {
            _uses.Remove(key);
        }
    }
}
