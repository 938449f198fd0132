using Pontual.Engine.Runs;

namespace Pontual.Storage.Database.PostgreSql;

/// <summary>How long to wait before the next try: anything up to a bound that doubles, so that many who failed together do not come back together.</summary>
internal sealed class Backoff(IRandomBytes random)
{
    private static readonly TimeSpan Conflict = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Reconnect = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>After two transactions got into each other's way.</summary>
    public TimeSpan AfterConflict(int tries) => UpTo(Conflict, tries);

    /// <summary>After the connection broke or was refused.</summary>
    public TimeSpan AfterLoss(int tries) => UpTo(Reconnect, tries);

    private TimeSpan UpTo(TimeSpan first, int tries)
    {
        Span<byte> bytes = stackalloc byte[4];
        random.Fill(bytes);
        var bound = first * Math.Pow(2, Math.Min(tries - 1, 20));
        return (bound < Longest ? bound : Longest) * (BitConverter.ToUInt32(bytes) / (double)uint.MaxValue);
    }
}
