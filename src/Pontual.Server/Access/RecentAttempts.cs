namespace Pontual.Server.Access;

/// <summary>Remembers when the latest attempts of each key were, in a table of fixed size: memory is bounded however many keys are tried, and none is forgotten
/// to make room for others. Keys that fall into one row share it, which is rare and errs on the side of waiting. Not thread-safe.</summary>
/// <param name="depth">How many attempts of a key are remembered.</param>
/// <param name="time">Elapsed time.</param>
internal sealed class RecentAttempts(int depth, TimeProvider time)
{
    private const int Rows = 1 << 14;
    private const long Never = long.MinValue;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // Each row is a ring: the oldest is overwritten.
    private readonly (long[] At, int Next)[] _rows = new (long[], int)[Rows];

    /// <summary>How long to wait until fewer than <paramref name="most"/> attempts lie within the last minute; zero when that is so now.</summary>
    /// <param name="key">A hash of what is counted.</param>
    /// <param name="most">1 to the depth.</param>
    public TimeSpan WaitOf(int key, int most)
    {
        var (ring, next) = _rows[key & (Rows - 1)];
        var at = ring is null ? Never : ring[(next - most + depth) % depth];
        var wait = at == Never ? TimeSpan.Zero : Window - time.GetElapsedTime(at);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>Notes an attempt of now.</summary>
    public void Note(int key)
    {
        ref var row = ref _rows[key & (Rows - 1)];
        row.At ??= [.. Enumerable.Repeat(Never, depth)];
        row.At[row.Next] = time.GetTimestamp();
        row.Next = (row.Next + 1) % depth;
    }
}
