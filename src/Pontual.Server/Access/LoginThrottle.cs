using System.Net;
using Pontual.Engine.Runs;

namespace Pontual.Server.Access;

/// <summary>How many passwords are checked within any minute: 60 of an address, 10 of an account. So that nobody is locked out by who guesses elsewhere, one
/// address gets 5 of an account's 10 and strange devices together 8; the rest is for devices that the user logged in from before.</summary>
/// <remarks>Counted by each node for itself.</remarks>
internal sealed class LoginThrottle
{
    private const int OfAddress = 60;
    private const int OfAccount = 10;
    private const int OfStrangers = 8;
    private const int OfStrangerAtAddress = 5;

    private readonly Lock _gate = new();
    private readonly RecentAttempts _addresses;
    private readonly RecentAttempts _accounts;
    private readonly RecentAttempts _pairs;
    private readonly int _seed;

    public LoginThrottle(TimeProvider time, IRandomBytes random)
    {
        (_addresses, _accounts, _pairs) = (new(OfAddress, time), new(OfAccount, time), new(OfStrangerAtAddress, time));
        // Whoever tries names cannot choose which of them share a row.
        Span<byte> seed = stackalloc byte[sizeof(int)];
        random.Fill(seed);
        _seed = BitConverter.ToInt32(seed);
    }

    /// <summary>Lets one check happen, and counts it; all or nothing.</summary>
    /// <param name="account">The name as it was typed; whether there is such a user makes no difference.</param>
    /// <param name="from">The address it came from.</param>
    /// <param name="known">Whether it came from a device that this user logged in from before.</param>
    /// <returns>Null when the password may be checked; else how long to wait.</returns>
    public TimeSpan? Enter(string account, IPAddress? from, bool known)
    {
        var address = HashCode.Combine(_seed, AddressGroup.Of(from));
        var name = HashCode.Combine(_seed, account.ToUpperInvariant());
        var pair = HashCode.Combine(address, name);
        lock (_gate)
        {
            TimeSpan[] waits =
            [
                _addresses.WaitOf(address, OfAddress),
                _accounts.WaitOf(name, known ? OfAccount : OfStrangers),
                known ? TimeSpan.Zero : _pairs.WaitOf(pair, OfStrangerAtAddress),
            ];
            if (waits.Max() is var wait && wait > TimeSpan.Zero)
            {
                return wait;
            }

            _addresses.Note(address);
            _accounts.Note(name);
            if (!known)
            {
                _pairs.Note(pair);
            }

            return null;
        }
    }
}
