using System.Collections.Concurrent;
using System.Net;

namespace Pontual.Server.Access;

/// <summary>Counts refused tokens by address in fixed windows of a minute, so that guessing cannot load the store.</summary>
internal sealed class FailedAttempts(TimeProvider time)
{
    /// <summary>Refused tokens of one address in one window before it must wait.</summary>
    public const int Limit = 20;

    private const int MostAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IPAddress, (long Since, int Count)> _failures = new();

    /// <returns>How long the address must wait; null when it may try.</returns>
    public TimeSpan? WaitOf(IPAddress? address)
    {
        if (!_failures.TryGetValue(AddressGroup.Of(address), out var window) || window.Count < Limit)
        {
            return null;
        }

        var wait = Window - time.GetElapsedTime(window.Since);
        return wait > TimeSpan.Zero ? wait : null;
    }

    /// <summary>Counts a refused token.</summary>
    public void Count(IPAddress? address)
    {
        if (_failures.Count >= MostAddresses)
        {
            Forget();
        }

        var now = time.GetTimestamp();
        _failures.AddOrUpdate(
            AddressGroup.Of(address),
            _ => (now, 1),
            (_, window) => time.GetElapsedTime(window.Since, now) >= Window ? (now, 1) : (window.Since, window.Count + 1)
        );
    }

    private void Forget()
    {
        foreach (var (address, window) in _failures)
        {
            if (time.GetElapsedTime(window.Since) >= Window)
            {
                _failures.TryRemove(address, out _);
            }
        }

        if (_failures.Count >= MostAddresses)
        {
            _failures.Clear();
        }
    }
}
